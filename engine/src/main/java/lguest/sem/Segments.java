package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.KnownSegments;
import lguest.cpu.Leave;
import lguest.cpu.Segment;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/** Loading segment registers, and asking about selectors without loading them (SDM vol. 3A "Protection"). */
public final class Segments {
    /** Present, read/write, accessed: what every segment is in real mode; in virtual-8086 mode DPL 3 comes on top. */
    private static final int REAL_ACCESS = Segment.PRESENT | Segment.CODE_OR_DATA | Segment.WRITABLE | Segment.ACCESSED;

    private Segments() {
    }

    /**
     * Loads a segment register other than CS, with the checks of MOV.
     *
     * @param number {@link Segment#ES} to {@link Segment#GS}, not CS
     * @param selector low 16 bits count
     * @throws lguest.cpu.CpuFault #GP(0) for a null SS; #GP(selector), #NP(selector), #SS(selector)
     */
    public static void load(CpuState cpu, LinearMemory mem, int number, int selector) {
        selector &= 0xFFFF;
        Segment known = known(cpu, number == Segment.SS ? KnownSegments.STACK : KnownSegments.DATA, selector, cpu.cpl);
        if (known != null) {
            cpu.segments[number].load(known);
        } else if (!segmented(cpu)) {
            loadReal(cpu, number, selector);
        } else if (number == Segment.SS) {
            cpu.segments[number].load(stack(cpu, selector, cpu.cpl, Vector.GP));
        } else if (Descriptors.isNull(selector)) {
            cpu.segments[number].loadNull(selector);
        } else {
            cpu.segments[number].load(data(cpu, selector, cpu.cpl, Vector.GP));
        }
    }

    /** What a selector is known to name, if selectors name anything; null if nobody knows. */
    static Segment known(CpuState cpu, int use, int selector, int cpl) {
        return segmented(cpu) ? cpu.knownSegments.find(use, selector, cpl, cpu.descriptorTables.quietly(selector)) : null;
    }

    /** Whether selectors go through descriptor tables: protected mode, but not virtual-8086. */
    static boolean segmented(CpuState cpu) {
        return cpu.protectedMode() && !virtual8086(cpu);
    }

    static boolean virtual8086(CpuState cpu) {
        return (cpu.eflagsRest & Eflags.VM) != 0;
    }

    /**
     * Loads any segment register as real and virtual-8086 mode do: the base is the selector times 16. Real mode keeps the limit
     * of the last descriptor; virtual-8086 mode sets 64 KiB.
     */
    static void loadReal(CpuState cpu, int number, int selector) {
        Segment segment = cpu.segments[number];
        if (virtual8086(cpu)) {
            segment.load(selector, selector << 4, 0xFFFF, REAL_ACCESS | 3 << Segment.DPL_SHIFT);
        } else {
            int limit = segment.isNull() ? 0xFFFF : segment.limit;
            segment.load(selector, selector << 4, limit, segment.access & (Segment.BIG | Segment.GRANULARITY) | REAL_ACCESS);
        }
    }

    /**
     * What a selector for ES, DS, FS or GS names that is not null, checked and marked accessed.
     *
     * @param vector what violations raise: #GP from instructions, #TS in a task switch; not present is always #NP
     */
    static Segment data(CpuState cpu, int selector, int cpl, int vector) {
        long descriptor = Descriptors.find(cpu, selector, vector);
        Segment known = cpu.knownSegments.find(KnownSegments.DATA, selector, cpl, descriptor);
        if (known != null) {
            return known;
        }
        int high = Descriptors.high(descriptor);
        int dpl = Descriptors.dpl(high);
        boolean privileged = Descriptors.conforming(high) || dpl >= cpl && dpl >= (selector & 3);
        if (!Descriptors.readable(high) || !privileged) {
            throw cpu.fault(vector, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        return cpu.knownSegments.note(KnownSegments.DATA, selector, cpl, Descriptors.accessed(cpu, selector, descriptor));
    }

    /**
     * What a selector for SS names, checked and marked accessed: writable data whose DPL and RPL are the privilege level it will serve.
     *
     * @param vector what violations raise: #GP from instructions, #TS for stacks named by a TSS; not present is always #SS
     */
    static Segment stack(CpuState cpu, int selector, int cpl, int vector) {
        if (Descriptors.isNull(selector)) {
            throw cpu.fault(vector, 0);
        }
        long descriptor = Descriptors.find(cpu, selector, vector);
        Segment known = cpu.knownSegments.find(KnownSegments.STACK, selector, cpl, descriptor);
        if (known != null) {
            return known;
        }
        int high = Descriptors.high(descriptor);
        if ((selector & 3) != cpl || Descriptors.dpl(high) != cpl || !Descriptors.writableData(high)) {
            throw cpu.fault(vector, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.SS, Descriptors.error(selector));
        }
        return cpu.knownSegments.note(KnownSegments.STACK, selector, cpl, Descriptors.accessed(cpu, selector, descriptor));
    }

    // ---- MOV, POP, LxS

    /** MOV Sreg: {@code selector} into a segment register; CS and the numbers 6 and 7 are #UD. SDM vol. 2 "MOV". */
    @Semantics
    public static void mov(CpuState cpu, LinearMemory mem, int number, int selector) {
        loadable(cpu, number);
        load(cpu, mem, number, selector);
        if (number == Segment.SS) {
            cpu.interruptShadow = true;
            cpu.debugShadow = true;
            cpu.leave(Leave.NONE);
        }
    }

    /** MOV Sreg from memory, which is not read for a register that cannot be loaded. */
    @Semantics
    public static void movMemory(CpuState cpu, LinearMemory mem, int number, int segment, int offset) {
        loadable(cpu, number);
        mov(cpu, mem, number, mem.read16(segment, offset));
    }

    private static void loadable(CpuState cpu, int number) {
        if (number == Segment.CS || number > Segment.GS) {
            throw cpu.fault(Vector.UD, 0);
        }
    }

    /** MOV from Sreg: the selector, zero-extended. SDM vol. 2 "MOV". */
    @Semantics
    public static int selector(CpuState cpu, int number) {
        if (number > Segment.GS) {
            throw cpu.fault(Vector.UD, 0);
        }
        return cpu.segments[number].selector;
    }

    /** PUSH Sreg: ESP moves by the operand size, but processors write 16 bits whatever that is. SDM vol. 2 "PUSH". */
    @Semantics
    public static void push(CpuState cpu, LinearMemory mem, int number, int operandBits) {
        int delta = -(operandBits >> 3);
        mem.write16(Segment.SS, Stack.at(cpu, delta), cpu.segments[number].selector);
        Stack.move(cpu, delta);
    }

    /** POP Sreg: reads 16 bits; ESP moves by the operand size, as wide as the stack was before SS changed. SDM vol. 2 "POP". */
    @Semantics
    public static void pop(CpuState cpu, LinearMemory mem, int number, int operandBits) {
        int esp = cpu.regs[CpuState.ESP];
        if (operandBits == 32 && Stack.simple(cpu)) {
            mov(cpu, mem, number, mem.read16(esp));
            cpu.regs[CpuState.ESP] = esp + 4;
            return;
        }
        boolean big = cpu.segments[Segment.SS].big();
        mov(cpu, mem, number, Stack.top(cpu, mem, 0, 16));
        cpu.setReg(CpuState.ESP, esp + (operandBits >> 3), big ? 32 : 16);
    }

    /** LES: a far pointer from memory; the offset is returned. SDM vol. 2 "LDS/LES/LFS/LGS/LSS", as the four that follow. */
    @Semantics
    public static int les(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits, int addressBits) {
        return loadFar(cpu, mem, Segment.ES, segment, offset, operandBits, addressBits);
    }

    /** LDS. */
    @Semantics
    public static int lds(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits, int addressBits) {
        return loadFar(cpu, mem, Segment.DS, segment, offset, operandBits, addressBits);
    }

    /** LFS. */
    @Semantics
    public static int lfs(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits, int addressBits) {
        return loadFar(cpu, mem, Segment.FS, segment, offset, operandBits, addressBits);
    }

    /** LGS. */
    @Semantics
    public static int lgs(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits, int addressBits) {
        return loadFar(cpu, mem, Segment.GS, segment, offset, operandBits, addressBits);
    }

    /** LSS: no interrupt shadow, for SS and ESP change together. */
    @Semantics
    public static int lss(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits, int addressBits) {
        return loadFar(cpu, mem, Segment.SS, segment, offset, operandBits, addressBits);
    }

    private static int loadFar(CpuState cpu, LinearMemory mem, int number, int segment, int offset, int operandBits,
            int addressBits) {
        int value = mem.read(segment, offset, operandBits);
        load(cpu, mem, number, mem.read16(segment, Flags.cut(offset + operandBits / 8, addressBits)));
        return value;
    }

    // ---- LDTR and TR

    /** LLDT from memory, which is not read before it is known to be allowed. */
    @Semantics
    public static void lldtMemory(CpuState cpu, LinearMemory mem, int segment, int offset) {
        privileged(cpu);
        lldt(cpu, mem.read16(segment, offset));
    }

    /** LLDT: an LDT descriptor of the GDT, or null for none. SDM vol. 2 "LLDT". */
    @Semantics
    public static void lldt(CpuState cpu, int selector) {
        privileged(cpu);
        if (Descriptors.isNull(selector)) {
            cpu.ldtr.loadNull(selector);
            return;
        }
        long descriptor = fromGdt(cpu, selector, Vector.GP);
        int high = Descriptors.high(descriptor);
        if (!Descriptors.system(high) || Descriptors.type(high) != Descriptors.LDT) {
            throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        cpu.ldtr.load(selector, Descriptors.low(descriptor), high);
    }

    /** SLDT: the selector, zero-extended. */
    @Semantics
    public static int sldt(CpuState cpu) {
        protectedModeOnly(cpu);
        return cpu.ldtr.selector;
    }

    /** LTR from memory, as {@link #lldtMemory}. */
    @Semantics
    public static void ltrMemory(CpuState cpu, LinearMemory mem, int segment, int offset) {
        privileged(cpu);
        ltr(cpu, mem.read16(segment, offset));
    }

    /** LTR: an available TSS of the GDT, which becomes busy. SDM vol. 2 "LTR". */
    @Semantics
    public static void ltr(CpuState cpu, int selector) {
        privileged(cpu);
        if (Descriptors.isNull(selector)) {
            throw cpu.fault(Vector.GP, 0);
        }
        long descriptor = fromGdt(cpu, selector, Vector.GP);
        int high = Descriptors.high(descriptor);
        int type = Descriptors.type(high);
        if (!Descriptors.system(high) || type != Descriptors.TSS_16 && type != Descriptors.TSS_32) {
            throw cpu.fault(Vector.GP, Descriptors.error(selector));
        }
        if (!Descriptors.present(high)) {
            throw cpu.fault(Vector.NP, Descriptors.error(selector));
        }
        cpu.descriptorTables.storeHigh(selector, high | Descriptors.BUSY);
        cpu.tr.load(selector, Descriptors.low(descriptor), high | Descriptors.BUSY);
    }

    /** STR: the selector, zero-extended. */
    @Semantics
    public static int str(CpuState cpu) {
        protectedModeOnly(cpu);
        return cpu.tr.selector;
    }

    /** #UD outside protected mode comes before #GP(0) outside CPL 0, so the rows cannot ask. */
    private static void privileged(CpuState cpu) {
        protectedModeOnly(cpu);
        if (cpu.cpl != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** The descriptor of an LDT or TSS, which only the GDT may hold. */
    static long fromGdt(CpuState cpu, int selector, int vector) {
        if ((selector & Descriptors.TABLE_INDICATOR) != 0) {
            throw cpu.fault(vector, Descriptors.error(selector));
        }
        return Descriptors.find(cpu, selector, vector);
    }

    // ---- questions

    /** Bit n: type n of a system descriptor has access rights to show (LAR), a limit to show (LSL). */
    private static final int HAS_RIGHTS = 1 << Descriptors.TSS_16 | 1 << Descriptors.LDT | 1 << Descriptors.TSS_16_BUSY
        | 1 << Descriptors.CALL_GATE_16 | 1 << Descriptors.TASK_GATE | 1 << Descriptors.TSS_32 | 1 << Descriptors.TSS_32_BUSY
        | 1 << Descriptors.CALL_GATE_32;
    private static final int HAS_LIMIT = 1 << Descriptors.TSS_16 | 1 << Descriptors.LDT | 1 << Descriptors.TSS_16_BUSY
        | 1 << Descriptors.TSS_32 | 1 << Descriptors.TSS_32_BUSY;

    /**
     * LAR: the descriptor's access rights and ZF, or {@code current} and no ZF. The SDM leaves bits 16 to 19 undefined;
     * processors give the limit's. SDM vol. 2 "LAR".
     */
    @Semantics
    public static int lar(CpuState cpu, int current, int selector, int bits) {
        long descriptor = visible(cpu, selector, HAS_RIGHTS);
        int rights = Descriptors.high(descriptor) & (bits == 16 ? 0xFF00 : 0x00FFFF00);
        return cpu.zf() ? rights : current;
    }

    /** LSL: the segment's limit in bytes and ZF, or {@code current} and no ZF. SDM vol. 2 "LSL". */
    @Semantics
    public static int lsl(CpuState cpu, int current, int selector) {
        long descriptor = visible(cpu, selector, HAS_LIMIT);
        return cpu.zf() ? Segment.limit(Descriptors.low(descriptor), Descriptors.high(descriptor)) : current;
    }

    /** VERR: ZF if the segment can be read at this CPL and RPL. SDM vol. 2 "VERR/VERW". */
    @Semantics
    public static void verr(CpuState cpu, int selector) {
        int high = Descriptors.high(visible(cpu, selector, 0));
        setZf(cpu, cpu.zf() && Descriptors.readable(high));
    }

    /** VERW: ZF if the segment can be written at this CPL and RPL. SDM vol. 2 "VERR/VERW". */
    @Semantics
    public static void verw(CpuState cpu, int selector) {
        int high = Descriptors.high(visible(cpu, selector, 0));
        setZf(cpu, cpu.zf() && Descriptors.writableData(high));
    }

    /** ARPL: raises {@code dst}'s RPL to that of {@code src}; ZF if that changed it. SDM vol. 2 "ARPL". */
    @Semantics
    public static int arpl(CpuState cpu, int dst, int src) {
        protectedModeOnly(cpu);
        boolean raise = (dst & 3) < (src & 3);
        setZf(cpu, raise);
        return raise ? dst & ~3 | src & 3 : dst;
    }

    /** ARPL to memory, which is written only if the RPL was raised. */
    @Semantics
    public static void arplMemory(CpuState cpu, LinearMemory mem, int segment, int offset, int src) {
        protectedModeOnly(cpu);
        int dst = mem.read16(segment, offset);
        if ((dst & 3) < (src & 3)) {
            mem.write16(segment, offset, dst & ~3 | src & 3);
        }
        setZf(cpu, (dst & 3) < (src & 3));
    }

    /** #UD in real and virtual-8086 mode, where the instruction does not exist. */
    static void protectedModeOnly(CpuState cpu) {
        if (!segmented(cpu)) {
            throw cpu.fault(Vector.UD, 0);
        }
    }

    /**
     * The descriptor if the selector names one that CPL and RPL may see, with ZF set; else 0 and ZF clear.
     *
     * @param systemTypes bit n: system descriptors of type n count
     */
    private static long visible(CpuState cpu, int selector, int systemTypes) {
        protectedModeOnly(cpu);
        long descriptor = 0;
        boolean found = false;
        if (!Descriptors.isNull(selector)) {
            try {
                descriptor = cpu.descriptorTables.descriptor(selector);
                found = true;
            } catch (IndexOutOfBoundsException outside) {
                // The question has an answer: no.
                found = false;
            }
        }
        int high = Descriptors.high(descriptor);
        int dpl = Descriptors.dpl(high);
        boolean rightKind = !Descriptors.system(high) || (systemTypes >>> Descriptors.type(high) & 1) != 0;
        boolean privileged = Descriptors.conforming(high) || dpl >= cpu.cpl && dpl >= (selector & 3);
        boolean visible = found && rightKind && privileged;
        setZf(cpu, visible);
        return visible ? descriptor : 0;
    }

    private static void setZf(CpuState cpu, boolean zero) {
        cpu.setStatusFlags(cpu.statusFlags() & ~Eflags.ZF | (zero ? Eflags.ZF : 0));
    }
}
