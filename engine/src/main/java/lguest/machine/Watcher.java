package lguest.machine;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import lguest.cpu.CpuState;
import lguest.device.Foreign;
import lguest.device.Leftover;
import lguest.device.OutputSink;
import lguest.host.DmaOutput;
import lguest.host.HostObserver;
import lguest.host.Hypercall;
import lguest.probe.Event;
import lguest.probe.Occurrence;
import lguest.probe.Probe;
import lguest.probe.ProbeFailure;
import lguest.probe.Probes;

/**
 * Puts what the Host and the memory report before the probes, and keeps what came of it until the run loop looks: which probe
 * wants to stop, and why.
 */
final class Watcher implements HostObserver {
    /** Unwinds out of a delivery that a probe stops before it begins; the instruction will fault again. */
    static final class StopBeforeDelivery extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StopBeforeDelivery() {
            super(null, null, false, false);
        }
    }

    /** @param count ECX at the time: what a repeated string instruction has left to do, this included */
    private record Access(int linear, int bits, int value, int old, boolean write, int count) {
    }

    private static final StopBeforeDelivery STOP = new StopBeforeDelivery();

    private final CpuState cpu;
    private final Probes probes;
    private final HypercallCounts counts;
    private final Outside outside;
    private final Occurrence occurrence = new Occurrence();
    private final Probes.Verdict verdict = new Probes.Verdict();
    private final Deque<Access> accesses = new ArrayDeque<>();
    /** What probes can say to something that happens. */
    private final Leftover answer = new Leftover() {
        @Override
        public void save(DataOutput out) throws IOException {
            out.writeBoolean(verdict.replaced);
            out.writeInt(occurrence.a1);
            out.writeInt(occurrence.a2);
            out.writeInt(occurrence.a3);
            out.writeInt(occurrence.result);
            out.writeInt(occurrence.value);
            out.writeBoolean(occurrence.text != null);
            if (occurrence.text != null) {
                out.writeInt(occurrence.text.length);
                out.write(occurrence.text);
            }
        }

        @Override
        public void load(DataInput in) throws IOException {
            verdict.replaced = in.readBoolean();
            occurrence.a1 = in.readInt();
            occurrence.a2 = in.readInt();
            occurrence.a3 = in.readInt();
            occurrence.result = in.readInt();
            occurrence.value = in.readInt();
            if (in.readBoolean()) {
                occurrence.text = new byte[in.readInt()];
                in.readFully(occurrence.text);
            }
        }
    };
    private Probe stopProbe;
    private String stopReason;
    private boolean acted;
    /** The count of instructions at which a stop before delivery was made already. */
    private long passedFaultAt = -1;
    /** It was made by somebody who looks at the past. */
    private boolean heldBackNow;

    Watcher(CpuState cpu, Probes probes, HypercallCounts counts, Outside outside) {
        this.cpu = cpu;
        this.probes = probes;
        this.counts = counts;
        this.outside = outside;
    }

    // ---- hypercalls

    @Override
    public boolean before(Hypercall call) {
        counts.count(call);
        if (nobody(probes.watchesHypercalls())) {
            return true;
        }
        fill(call);
        fireHypercall(true);
        call.a1 = occurrence.a1;
        call.a2 = occurrence.a2;
        call.a3 = occurrence.a3;
        call.result = occurrence.result;
        return !verdict.replaced;
    }

    @Override
    public void after(Hypercall call) {
        if (nobody(probes.watchesHypercalls())) {
            return;
        }
        fill(call);
        fireHypercall(false);
        call.result = occurrence.result;
    }

    private void fireHypercall(boolean before) {
        fire(probes.watchesHypercalls(),
            event -> event instanceof Event.HypercallEvent e && (e.number() == Event.ANY || e.number() == occurrence.number), before);
    }

    private void fill(Hypercall call) {
        occurrence.number = call.number;
        occurrence.a1 = call.a1;
        occurrence.a2 = call.a2;
        occurrence.a3 = call.a3;
        occurrence.result = call.result;
        occurrence.asynchronous = call.asynchronous;
    }

    // ---- DMA

    /** The launcher's side of SEND_DMA, seen by probes on its way. */
    DmaOutput watching(DmaOutput launcher) {
        return (key, dma) -> {
            if (nobody(probes.watchesDma())) {
                return launcher.send(key, dma);
            }
            fillDma(key, dma);
            try {
                fireDma(key, true);
            } catch (ProbeFailure failed) {
                // The call that sends it cannot be made again: it goes as if nobody had watched.
                launcher.send(key, dma);
                throw failed;
            }
            if (verdict.replaced) {
                return occurrence.result;
            }
            int used = launcher.send(key, dma);
            fillDma(key, dma);
            occurrence.result = used;
            fireDma(key, false);
            return used;
        };
    }

    private void fireDma(int key, boolean before) {
        fire(probes.watchesDma(), event -> event instanceof Event.DmaEvent e && (e.key() == Event.ANY || e.key() == key), before);
    }

    private void fillDma(int key, int dma) {
        occurrence.key = key;
        occurrence.dmaAddress = dma;
        occurrence.result = 0;
    }

    // ---- ports, the console, the end

    @Override
    public void port(int port, int value, int bits, boolean write, IntConsumer complete) {
        port(port, value, bits, write, IntUnaryOperator.identity(), complete);
    }

    /**
     * An access of an I/O port, seen by probes on its way.
     *
     * @param handler makes it: given what is written, or all ones, it gives what is read
     * @param complete ends the instruction, and does so even if a probe fails: it cannot be executed again
     */
    void port(int port, int value, int bits, boolean write, IntUnaryOperator handler, IntConsumer complete) {
        IntUnaryOperator device = outside.watched() ? given -> made(handler, given) : handler;
        if (nobody(probes.watchesPorts())) {
            complete.accept(device.applyAsInt(value));
            return;
        }
        int result = value;
        boolean made = false;
        try {
            fillPort(port, value, bits, write);
            fire(probes.watchesPorts(), event -> Probes.covers(event, port, write), true);
            result = occurrence.value;
            made = verdict.replaced;
            if (!made) {
                result = device.applyAsInt(write ? result : value);
                made = true;
                fillPort(port, result, bits, write);
                fire(probes.watchesPorts(), event -> Probes.covers(event, port, write), false);
                result = occurrence.value;
            }
        } finally {
            complete.accept(made ? result : device.applyAsInt(value));
        }
    }

    private int made(IntUnaryOperator handler, int given) {
        int[] answer = {given};
        outside.call(new Leftover() {
            @Override
            public void save(DataOutput out) throws IOException {
                out.writeInt(answer[0]);
            }

            @Override
            public void load(DataInput in) throws IOException {
                answer[0] = in.readInt();
            }
        }, () -> answer[0] = handler.applyAsInt(given));
        return answer[0];
    }

    private void fillPort(int port, int value, int bits, boolean write) {
        occurrence.port = port;
        occurrence.bits = bits;
        occurrence.value = value;
        occurrence.write = write;
    }

    /** Where the console prints, seen by probes on its way. */
    OutputSink watching(OutputSink sink) {
        return new OutputSink() {
            @Override
            public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
                if (nobody(probes.watchesConsole())) {
                    sink.write(bytes, offset, lengthBytes);
                    return;
                }
                occurrence.text = Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
                try {
                    fire(probes.watchesConsole(), Event.ConsoleEvent.class::isInstance, true);
                } catch (ProbeFailure failed) {
                    // The call that prints it cannot be made again.
                    sink.write(bytes, offset, lengthBytes);
                    throw failed;
                }
                if (!verdict.replaced) {
                    sink.write(occurrence.text, 0, occurrence.text.length);
                    fire(probes.watchesConsole(), Event.ConsoleEvent.class::isInstance, false);
                }
            }

            @Override
            public void flush() throws IOException {
                sink.flush();
            }
        };
    }

    /** The guest ends. @return whether a probe wants it to stop here first */
    boolean ending(String reason, boolean before) {
        if (probes.watchesExit()) {
            occurrence.reason = reason;
            see(Event.ExitEvent.class::isInstance, before);
        }
        return before && wantsStop();
    }

    /** Time that a probe waits for has passed. */
    void ticked(Event tick, boolean asleep) {
        occurrence.asleep = asleep;
        see(tick::equals, true);
    }

    // ---- faults, interrupts

    @Override
    public boolean watchesTraps() {
        return probes.watchesFaults() || outside.expectsFault();
    }

    @Override
    public void reflected(int vector, int error) {
        if (!probes.watchesFaults() && !outside.past()) {
            return;
        }
        boolean again = passedFaultAt == cpu.instructions;
        passedFaultAt = again ? -1 : passedFaultAt;
        if (outside.past()) {
            reflectedAgain(vector, error, again);
        } else if (!again) {
            try {
                outside.meet(Place.Kind.DELIVERY);
                show(vector, error);
            } finally {
                outside.part();
            }
        }
    }

    /** In the past: who stops it now does so before anything comes that came then, and then it has still to come. */
    private void reflectedAgain(int vector, int error, boolean again) {
        if (again && !heldBackNow) {
            return;
        }
        if (!again) {
            try {
                show(vector, error);
            } catch (StopBeforeDelivery stopped) {
                heldBackNow = true;
                throw stopped;
            }
        }
        heldBackNow = false;
        try {
            outside.meet(Place.Kind.DELIVERY);
        } finally {
            outside.part();
        }
    }

    private void show(int vector, int error) {
        occurrence.vector = vector;
        occurrence.errorCode = error;
        occurrence.address = cpu.eip;
        see(event -> event instanceof Event.FaultEvent e && (e.vector() == Event.ANY || e.vector() == vector), true);
        if (wantsStop()) {
            outside.heldBack();
            holdBack();
        }
    }

    /** The instruction is to be executed again before its fault is delivered. */
    void holdBack() {
        passedFaultAt = cpu.instructions;
        throw STOP;
    }

    @Override
    public void injected(int line) {
        if (!nobody(probes.watchesInterrupts())) {
            occurrence.line = line;
            fire(probes.watchesInterrupts(),
                event -> event instanceof Event.InterruptEvent e && (e.line() == Event.ANY || e.line() == line), true);
        }
    }

    /** An interrupt is about to be delivered that is no event. */
    void delivers() {
        outside.passed();
    }

    // ---- code and memory

    /** EIP is where a probe wants to look. */
    void reached(int linear) {
        occurrence.address = linear;
        see(event -> event instanceof Event.At at && at.linear() == linear, true);
    }

    /** Whether any probe may care for an access. */
    boolean watches(int linear, int bits, boolean write) {
        for (Probe probe : probes.list()) {
            if (probe.enabled() && Probes.covers(probe.event(), linear, bits >> 3, write)) {
                return true;
            }
        }
        return false;
    }

    /** Called in the middle of an instruction: notes the access for {@link #lookAtAccesses}. */
    void accessed(int linear, int bits, int value, int old, boolean write) {
        accesses.add(new Access(linear, bits, value, old, write, cpu.regs[CpuState.ECX]));
    }

    /** The instruction faulted: of what it accessed only finished iterations of a repeated string instruction have happened. */
    void dropUnfinishedAccesses() {
        accesses.removeIf(access -> access.count() == cpu.regs[CpuState.ECX]);
        lookAtAccesses();
    }

    /** The instruction is over. */
    void lookAtAccesses() {
        while (!accesses.isEmpty()) {
            Access access = accesses.remove();
            occurrence.address = access.linear();
            occurrence.bits = access.bits();
            occurrence.value = access.value();
            occurrence.write = access.write();
            occurrence.old = access.old();
            see(event -> concerns(event, access), true);
            see(event -> concerns(event, access), false);
        }
    }

    private static boolean concerns(Event event, Access access) {
        return Probes.covers(event, access.linear(), access.bits() >> 3, access.write())
            && (access.old() != access.value() || !((Event.AccessEvent) event).changes());
    }

    /** Whether nobody has to know of what happens. A guest that is recorded or replayed goes the same way whether somebody looks or not. */
    private boolean nobody(boolean watched) {
        return !watched && !outside.watched();
    }

    /** Shows probes what happens, with all that they may change of it. */
    private void fire(boolean watched, Predicate<Event> matches, boolean before) {
        verdict.reset();
        outside.call(answer, watched ? () -> see(matches, before) : Foreign.NOBODY);
        if (watched && outside.past()) {
            see(matches, before);
        }
    }

    /** Shows probes what has happened, or is going to whatever they do. */
    private void see(Predicate<Event> matches, boolean before) {
        try {
            if (outside.past()) {
                look(matches, before);
            } else {
                outside.visit(() -> probes.fire(matches, before, occurrence, verdict));
            }
            acted |= verdict.acted;
        } catch (ProbeFailure failed) {
            occurrence.takeStopReason();
            throw failed;
        }
        if (verdict.stop != null && stopProbe == null) {
            stopProbe = verdict.stop;
            stopReason = verdict.stop.event() instanceof Event.AccessEvent ? occurrence.access() : verdict.stop.event().toString();
        }
        String asked = occurrence.takeStopReason();
        if (asked != null && !wantsStop()) {
            stopReason = asked;
        }
    }

    /** In the past: an answer that was given then stays. */
    private void look(Predicate<Event> matches, boolean before) {
        verdict.stop = null;
        if (before) {
            probes.look(matches, occurrence, verdict);
        }
    }

    private boolean wantsStop() {
        return stopProbe != null || stopReason != null;
    }

    // ---- what came of it

    /** Whether a probe has acted since this was last asked: conditions may hold now that did not before. */
    boolean takeActed() {
        boolean was = acted;
        acted = false;
        return was;
    }

    /** The stop that was asked for, once; null if none was. */
    Stop takeStop() {
        if (!wantsStop()) {
            return null;
        }
        Stop stop = new Stop(Stop.Kind.BREAKPOINT, stopReason, stopProbe, null);
        stopProbe = null;
        stopReason = null;
        return stop;
    }

    /** Between two instructions only one thing lasts: that the fault of the next one has been shown to the probes already. */
    void save(DataOutput out) throws IOException {
        out.writeLong(passedFaultAt);
    }

    void load(DataInput in) throws IOException {
        passedFaultAt = in.readLong();
    }
}
