package lguest.host;

import java.nio.charset.StandardCharsets;
import lguest.cpu.GuestKilled;

/**
 * What a guest may ask for (lguest.h {@code LHCALL_*}). Calls that belong to one concern are one line here and live
 * with it. Addresses are physical unless they say linear.
 */
final class Hypercalls {
    static final int LGUEST_INIT = 1;

    static final HypercallTable GENERATION_1 = new HypercallTable()
        .with(0, "FLUSH_ASYNC", (host, call) -> { })            // the ring was drained before we came here
        .with(LGUEST_INIT, "LGUEST_INIT", Hypercalls::init)
        .with(2, "CRASH", Hypercalls::crash)
        .with(3, "LOAD_GDT", (host, call) -> host.descriptors.loadGdt(call.a1, call.a2))
        .with(4, "NEW_PGTABLE", (host, call) -> host.pageTables.switchTo(call.a1))
        .with(5, "FLUSH_TLB", (host, call) -> host.pageTables.flush(call.a1 != 0))
        .with(6, "LOAD_IDT_ENTRY", (host, call) -> host.gates.load(call.a1, call.a2, call.a3))
        .with(7, "SET_STACK", (host, call) -> host.kernelStack.set(call.a1, call.a2, call.a3))
        .with(8, "TS", (host, call) -> host.traps.taskSwitched(call.a1 != 0))
        .with(9, "SET_CLOCKEVENT", (host, call) -> host.clockEvent.set(call.a1))
        .with(10, "HALT", (host, call) -> host.interrupts.halt())
        .with(12, "BIND_DMA", (host, call) -> call.result = host.bindings.bindOrUnbind(call.a1, call.a2, call.a3))
        .with(13, "SEND_DMA", (host, call) -> host.sendDma(call.a1, call.a2))
        .with(14, "SET_PTE", (host, call) -> host.pageTables.setPte(call.a1, call.a2, call.a3))
        .with(15, "SET_PMD", (host, call) -> host.pageTables.setPmd(call.a1, call.a2))
        .with(16, "LOAD_TLS", (host, call) -> host.descriptors.loadTls(call.a1));

    private static final int CRASH_TEXT_BYTES = 128;

    private Hypercalls() {
    }

    /** LGUEST_INIT(lguest_data): the guest tells where the shared page is, the Host fills in its side. */
    private static void init(Host host, Hypercall call) {
        LguestData data = host.data;
        data.place(call.a1);
        host.interrupts.noirqWindow(data.noirqStart(), data.noirqEnd());
        data.reserveMem(PageTables.RESERVED_BYTES);
        data.tscKhz(host.config.tscKhz());
        data.guestId(host.config.guestId());
        data.time(host.clock.wallNanos());
        host.pageTables.flush(true);
    }

    /** CRASH(text): a panic or, with the text {@code Power down}, an orderly end. One byte of text is one character. */
    private static void crash(Host host, Hypercall call) {
        byte[] text = new byte[CRASH_TEXT_BYTES];
        host.memory.read(call.a1, text, CRASH_TEXT_BYTES);
        int length = 0;
        while (length < CRASH_TEXT_BYTES - 1 && text[length] != 0) {
            length++;
        }
        throw new GuestKilled("CRASH: " + new String(text, 0, length, StandardCharsets.ISO_8859_1));
    }
}
