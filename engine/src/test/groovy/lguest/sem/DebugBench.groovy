package lguest.sem

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.DebugRegisters
import lguest.cpu.Eflags
import lguest.cpu.Segment
import lguest.cpu.Vector
import lguest.interp.Engine
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.machine.PortHandler
import lguest.machine.Stop
import lguest.translate.Tuning

/**
 * A guest whose kernel is two instructions for each exception: OUT, which is where a debugger of Linux looks, and IRET. Programs find
 * what {@link IntegerBench} has for them.
 */
@CompileStatic
class DebugBench implements Closeable {
    private static final int VECTORS = 20
    private static final int INTERRUPT_GATE = 0x8E00
    private static final int USER_GATE = 0xEE00
    private static final int KERNEL_CS = 0x30
    private static final int KERNEL_DS = 0x38
    private static final int TSS_SELECTOR = 0x40
    /** In the system's pages. */
    private static final int IDT = 0x2000
    private static final int HANDLERS = 0x2400
    private static final int TSS = 0x3000
    private static final int KERNEL_STACK = 0x4000
    /** Loops end before this. */
    private static final int INSTRUCTIONS = 2000

    final Engine engine
    private final Maker maker
    final Guest guest
    private final IntegerBench bench
    private final CpuState cpu
    private DebugCase one
    private List<DebugStop> stops = []
    /** Where the program began or was returned to, and with which RF. */
    private int returnedTo
    private int returnedWith

    private static interface OnWrite extends PortHandler {
        @Override
        void write(int port, int value, int bits)
    }

    /** @param maker whose differences the kernel makes up for, so that what comes after can be compared */
    DebugBench(Engine engine, CpuModel model, Path folder, Maker maker) {
        this.engine = engine
        this.maker = maker
        Path image = Files.write(folder.resolve('hlt.bin'), [0xF4] as byte[])
        GuestConfig config = new GuestConfig('debug').platform(GuestConfig.Platform.BARE).memoryBytes(2 << 20).cpuModel(model).kernel(image)
            .translates({ Runnable work -> work.run() }, new Tuning(0, Tuning.DEFAULT.instructions(), engine != Engine.TRANSLATOR))
            .engine(engine == Engine.INTERPRETER ? GuestConfig.Engine.INTERPRETER : engine == Engine.BOTH ? GuestConfig.Engine.BOTH
                : GuestConfig.Engine.TRANSLATOR)
        for (int vector = 0; vector < VECTORS; vector++) {
            config.port(vector, { int port, int value, int bits -> stopped(port) } as OnWrite)
        }
        guest = Guest.create(config)
        cpu = guest.cpu()
        bench = new IntegerBench(cpu, guest.linear(), engine, guest.interpreter())
        system()
    }

    private void system() {
        long tss = IntegerBench.SYSTEM + TSS & 0xFFFFFFFFL
        [(KERNEL_CS): 0x00CF9B000000FFFFL, (KERNEL_DS): 0x00CF93000000FFFFL,
         (TSS_SELECTOR): 0x0000890000000067L | (tss & 0xFFFFFF) << 16 | tss >>> 24 << 56].each { int selector, long descriptor ->
            dword(selector, (int) descriptor)
            dword(selector + 4, (int) (descriptor >>> 32))
        }
        for (int vector = 0; vector < VECTORS; vector++) {
            int handler = IntegerBench.SYSTEM + HANDLERS + 8 * vector
            dword(HANDLERS + 8 * vector, 0xCF00E6 | vector << 8)
            dword(IDT + 8 * vector, KERNEL_CS << 16 | handler & 0xFFFF)
            dword(IDT + 8 * vector + 4, handler & 0xFFFF0000 as int | (vector in [Vector.BP, Vector.OF] ? USER_GATE : INTERRUPT_GATE))
        }
        dword(TSS + 4, IntegerBench.SYSTEM + KERNEL_STACK)
        dword(TSS + 8, KERNEL_DS)
        cpu.idtBase = IntegerBench.SYSTEM + IDT
        cpu.idtLimit = 8 * VECTORS - 1
        guest.linear().cpl = 0
        Segments.ltr(cpu, TSS_SELECTOR)
    }

    private void dword(int offset, int value) {
        guest.physical().write32(IntegerBench.GDT + offset, value)
    }

    /** What a debugger sees of a case. */
    List<DebugStop> run(DebugCase one) {
        this.one = one
        stops = []
        Arrays.fill(cpu.dr, 0)
        bench.load(one.code)
        System.arraycopy(one.address, 0, cpu.dr, 0, 4)
        cpu.dr[DebugRegisters.DR6] = DebugRegisters.DR6_FIXED
        cpu.dr[DebugRegisters.DR7] = DebugRegisters.stored(DebugRegisters.DR7, one.control)
        cpu.eflagsRest |= one.eflags
        returnedTo = one.code.eip
        returnedWith = one.eflags & Eflags.RF
        Stop stop = guest.run(Limit.instructions(INSTRUCTIONS).andHostTime(Duration.ofMinutes(1)))
        assert stop.kind() in [Stop.Kind.PAUSED, Stop.Kind.LIMIT]: "$stop at ${Integer.toHexString(cpu.eip)}\n$one"
        stop.kind() == Stop.Kind.PAUSED ? stops : null
    }

    /**
     * As Linux does it: an instruction that a breakpoint has stopped goes on with RF. Between two elements of a repeated string
     * instruction Intel's push RF, as ours does; AMD's push what it began with, and a breakpoint there may be met again.
     */
    private void stopped(int vector) {
        int words = Vector.hasErrorCode(vector) ? 1 : 0
        int frame = cpu.regs[CpuState.ESP] + 4 * words
        int eip = guest.linear().read32(frame)
        int eflags = guest.linear().read32(frame + 8)
        int dr6 = cpu.dr[DebugRegisters.DR6]
        cpu.dr[DebugRegisters.DR6] = DebugRegisters.DR6_FIXED
        if (vector == Vector.DB && (guest.linear().read32(frame + 4) & 3) == 0) {
            // In the system, which MOV SS before an INT can bring about: no debugger of a program hears of it.
            return
        }
        if (vector == Vector.DB && maker.amd() && one.repeats(eip)) {
            eflags = eflags & ~Eflags.RF | (eip == returnedTo ? returnedWith : 0)
        }
        if (vector == Vector.DB && (0..3).any { int n -> (dr6 >>> n & 1) != 0 && one.isCode(n) }) {
            eflags |= Eflags.RF
        }
        guest.linear().write32(frame + 8, eflags)
        returnedTo = eip
        returnedWith = eflags & Eflags.RF
        int[] regs = Arrays.copyOf(cpu.regs, 8)
        regs[CpuState.ESP] = guest.linear().read32(frame + 12)
        stops << DebugStop.of(vector, eip, eflags, dr6, regs, sum())
        if (vector != Vector.DB || stops.size() == DebugStop.MOST) {
            guest.pause()
        }
    }

    private int sum() {
        int sum = 0
        for (int at = 0; at < IntegerCase.DATA_BYTES; at += 4) {
            sum = sum * 31 + guest.physical().read32(IntegerBench.DATA + at)
        }
        sum
    }

    void close() {
        guest.close()
    }
}
