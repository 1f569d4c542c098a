package lguest.sem

import groovy.transform.CompileStatic
import lguest.cpu.CpuModel
import lguest.cpu.CpuState
import lguest.cpu.Eflags
import lguest.cpu.Leave
import lguest.cpu.Segment
import lguest.cpu.Simd
import lguest.cpu.Vector
import lguest.interp.Engine
import lguest.interp.Interpreter
import lguest.mem.BarePageWalk
import lguest.mem.LinearMemory
import lguest.mem.MemoryDescriptorTables
import lguest.mem.PhysicalMemory

/**
 * Our processor as a process of a 64-bit Linux sees it: CPL 3, its code and data at the addresses of {@link IntegerCase} and
 * nothing else, its selectors.
 */
@CompileStatic
class IntegerBench {
    private static final int DIRECTORY = 0x1000
    private static final int CODE_TABLE = 0x2000
    private static final int DATA_TABLE = 0x3000
    private static final int SYSTEM_TABLE = 0x4000
    static final int GDT = 0x5000
    /** What FRSTOR loads and FNSAVE stores. */
    private static final int FSAVE = 0x6000
    private static final int CODE = 0x10000
    static final int DATA = 0x20000
    /** Where the GDT is, for the system alone. */
    static final int SYSTEM = 0xC0000000 as int
    /** GDT, FSAVE, and what {@link DebugBench} needs. */
    private static final int SYSTEM_BYTES = 0x4000
    private static final int SUPERVISOR_PAGE = 3
    private static final int USER_PAGE = 7
    /** As long as loops may become, in instructions. */
    private static final int BUDGET = 500

    private static final Map<Integer, Long> DESCRIPTORS = [
        (IntegerCase.FLAT_CODE): 0x00CFFB000000FFFFL,
        (IntegerCase.FLAT): 0x00CFF3000000FFFFL,
        (IntegerCase.BASED): 0x2050F3000000FFFFL,
        (IntegerCase.EXPAND_DOWN): 0x2050F70000007FFFL,
        (IntegerCase.READ_ONLY): 0x2050F1000000FFFFL,
    ]
    private static final byte[] INT3 = new byte[IntegerCase.CODE_BYTES]

    static {
        Arrays.fill(INT3, 0xCC as byte)
    }

    final CpuState cpu
    final PhysicalMemory physical
    final LinearMemory mem
    final Engine engine
    final Interpreter interpreter
    private final byte[] data = IntegerCase.FILL.clone()
    private final byte[] after = new byte[IntegerCase.DATA_BYTES]

    IntegerBench(CpuModel model = CpuModel.PENTIUM2, Engine engine = Engine.INTERPRETER) {
        this(processor(model), new PhysicalMemory(0x30000), engine)
    }

    private IntegerBench(CpuState cpu, PhysicalMemory physical, Engine engine) {
        this(cpu, new LinearMemory(cpu, physical, new BarePageWalk(cpu, physical)), engine, null)
    }

    /**
     * On somebody's processor, with memory of 192 KiB or more.
     *
     * @param own null for an interpreter of the engine's
     */
    IntegerBench(CpuState cpu, LinearMemory mem, Engine engine, Interpreter own) {
        this.engine = engine
        this.mem = mem
        this.cpu = cpu
        physical = mem.physical()
        cpu.cr4 = CpuState.CR4_OSFXSR | CpuState.CR4_OSXMMEXCPT
        cpu.descriptorTables = new MemoryDescriptorTables(cpu, mem)
        map(IntegerCase.CODE, CODE_TABLE, CODE, IntegerCase.CODE_BYTES, USER_PAGE)
        map(IntegerCase.DATA, DATA_TABLE, DATA, IntegerCase.DATA_BYTES, USER_PAGE)
        map(SYSTEM, SYSTEM_TABLE, GDT, SYSTEM_BYTES, SUPERVISOR_PAGE)
        DESCRIPTORS.each { int selector, long descriptor -> physical.write64(GDT + (selector & ~7), descriptor) }
        physical.write(DATA, data, 0, data.length)
        cpu.gdtBase = SYSTEM
        cpu.gdtLimit = 0x7F
        cpu.cr3 = DIRECTORY
        cpu.cr0 = CpuState.CR0_PE | CpuState.CR0_PG | CpuState.CR0_WP | CpuState.CR0_NE
        interpreter = own ?: engine.on(cpu, mem)
    }

    private static CpuState processor(CpuModel model) {
        new CpuState(model: model)
    }

    private void map(int linear, int table, int page, int bytes, int rights) {
        physical.write32(DIRECTORY + (linear >>> 22) * 4, table | USER_PAGE)
        for (int at = 0; at < bytes; at += 0x1000) {
            physical.write32(table + (linear + at >>> 12 & 0x3FF) * 4, page + at | rights)
        }
    }

    /**
     * Null if the real processor must not be asked: an endless loop, or beyond what {@link IntegerCase} says is there.
     *
     * @param slice how many instructions to run at a time
     */
    IntegerAnswer run(IntegerCase one, Closure<Integer> slice = { BUDGET }) {
        load(one)
        long end = cpu.instructions + BUDGET
        Interpreter.End why
        do {
            why = interpreter.run(Math.min(end, cpu.instructions + slice.call()), false)
        } while (why == Interpreter.End.BUDGET && cpu.leave == Leave.NONE && cpu.instructions < end)
        IntegerAnswer answer = new IntegerAnswer(regs: Arrays.copyOf(cpu.regs, 8), eip: cpu.eip, eflags: cpu.eflags(), changes: changes())
        for (int i = 0; i < 6; i++) {
            answer.segments[i] = cpu.segments[i].selector
        }
        answer.vectors = vectors()
        if (why == Interpreter.End.FAULT) {
            answer.trap = interpreter.fault().vector()
            answer.error = interpreter.fault().errorCode()
            answer.cr2 = cpu.cr2
        } else if (cpu.leave == Leave.INT1) {
            answer.trap = Vector.DB
        } else if (cpu.leave == Leave.SOFTWARE_INTERRUPT) {
            softwareInterrupt(one, answer)
        } else {
            answer = null
        }
        ranData() || answer == null || !known(answer) ? null : answer
    }

    /** Whether data were executed, which the real processor does not do; those pages are data again. */
    private boolean ranData() {
        boolean ran = false
        for (int page = DATA; page < DATA + IntegerCase.DATA_BYTES; page += PhysicalMemory.PAGE_BYTES) {
            if ((physical.marks(page) & PhysicalMemory.CODE) != 0) {
                ran = true
                interpreter.forget()
                physical.unmark(page, PhysicalMemory.CODE)
            }
        }
        ran
    }

    /** Everything that a case begins with. */
    void load(IntegerCase one) {
        physical.write(CODE, INT3, 0, INT3.length)
        physical.write(CODE + (one.eip - IntegerCase.CODE), one.code, 0,
            Math.min(one.code.length, IntegerCase.CODE + IntegerCase.CODE_BYTES - one.eip))
        System.arraycopy(IntegerCase.FILL, 0, data, 0, data.length)
        for (int i = 0; i < IntegerCase.PATCHES; i++) {
            System.arraycopy(one.patches[i], 0, data, one.patchAt[i], IntegerCase.PATCH_BYTES)
        }
        physical.write(DATA, data, 0, data.length)
        System.arraycopy(one.regs, 0, cpu.regs, 0, 8)
        cpu.eip = one.eip
        cpu.setEflags(one.eflags & (Eflags.STATUS | Eflags.DF) | Eflags.IF)
        load(one.vectors)
        mem.cpl = 3
        segment(Segment.CS, IntegerCase.FLAT_CODE)
        [Segment.ES, Segment.SS, Segment.DS, Segment.FS, Segment.GS].eachWithIndex { int number, int i -> segment(number, one.segments[i]) }
    }

    private void load(Vectors vectors) {
        physical.write(FSAVE, vectors.bytes, 0, Vectors.FSAVE_BYTES)
        flatSystem()
        // FRSTOR itself would report an exception that the case before has left unmasked.
        X87Control.fninit(cpu)
        X87Control.frstor(cpu, mem, Segment.DS, SYSTEM + FSAVE - GDT, 32)
        cpu.simd.mxcsr = vectors.mxcsr()
        for (int i = 0; i < 16; i++) {
            cpu.simd.file[Simd.XMM + i] = vectors.quadword(i)
        }
    }

    /** The last question to ask: it leaves another DS. */
    private Vectors vectors() {
        Vectors vectors = new Vectors().mxcsr(cpu.simd.mxcsr)
        for (int i = 0; i < 16; i++) {
            vectors.quadword(i, cpu.simd.file[Simd.XMM + i])
        }
        flatSystem()
        X87Control.fnsave(cpu, mem, Segment.DS, SYSTEM + FSAVE - GDT, 32)
        physical.read(FSAVE, vectors.bytes, 0, Vectors.FSAVE_BYTES)
        vectors.copy()
    }

    /** As the system addresses its own memory. */
    private void flatSystem() {
        mem.cpl = 0
        segment(Segment.DS, IntegerCase.FLAT)
    }

    private void segment(int number, int selector) {
        if (selector < 4) {
            cpu.segments[number].loadNull(selector)
        } else {
            long descriptor = DESCRIPTORS[selector]
            cpu.segments[number].load(selector, (int) descriptor, (int) (descriptor >>> 32))
        }
    }

    /** Linux lets programs use the gates of INT3 and INTO. */
    private void softwareInterrupt(IntegerCase one, IntegerAnswer answer) {
        answer.trap = cpu.leaveVector
        boolean byNumber = one.rows && one.rows[-1].semantics() == 'sys.interrupt' && cpu.leaveEip == one.eip + one.starts[-2]
        if (byNumber && cpu.leaveVector != Vector.BP && cpu.leaveVector != Vector.OF) {
            answer.trap = Vector.GP
            answer.error = cpu.leaveVector * 8 + 2
            answer.eip = cpu.leaveEip
        }
    }

    private static boolean known(IntegerAnswer answer) {
        boolean inData = Integer.compareUnsigned(answer.eip - IntegerCase.DATA, IntegerCase.DATA_BYTES) < 0
        boolean inOracle = answer.trap == Vector.PF && (answer.cr2 >>> 24 == 8 || answer.cr2 >>> 28 >= 0xC)
        !inData && !inOracle
    }

    private int[] changes() {
        physical.read(DATA, after, 0, after.length)
        List<Integer> changes = []
        for (int at = 0; ; at += 4) {
            int next = Arrays.mismatch(data, at, data.length, after, at, after.length)
            if (next < 0) {
                return changes as int[]
            }
            at = at + next & ~3
            changes << at << physical.read32(DATA + at)
        }
    }
}
