package lguest.sem;

import lguest.cpu.CpuModel;
import lguest.cpu.CpuState;
import lguest.cpu.DebugRegisters;
import lguest.cpu.Eflags;
import lguest.cpu.Leave;
import lguest.cpu.TimeStampCounter;
import lguest.cpu.Vector;
import lguest.mem.LinearMemory;

/**
 * Instructions of the system: control and debug registers, descriptor-table registers, flags with privilege, software interrupts,
 * CPUID and counters. Those that are for CPL 0 alone have been checked before they come here, except where CPL decides more
 * finely.
 */
public final class Sys {
    private static final int CR0_BITS = CpuState.CR0_PE | CpuState.CR0_MP | CpuState.CR0_EM | CpuState.CR0_TS | CpuState.CR0_NE
        | CpuState.CR0_WP | CpuState.CR0_AM | CpuState.CR0_NW | CpuState.CR0_CD | CpuState.CR0_PG;
    private static final int CR0_TRANSLATION = CpuState.CR0_PE | CpuState.CR0_WP | CpuState.CR0_PG;
    /** Page directory base, PCD and PWT. */
    private static final int CR3_BITS = 0xFFFFF018;
    /** RDPMC outside CPL 0. */
    private static final int CR4_PCE = 1 << 8;

    private static final int MSR_TSC = 0x10;
    /** Performance counters of the P6 family. */
    private static final int COUNTERS = 2;

    private Sys() {
    }

    // ---- control and debug registers

    /**
     * MOV from CRn; 1 and 5 to 7 are #UD, the others #GP(0) unless CPL is 0. SDM vol. 2 "MOV--Move to/from Control Registers".
     */
    @Semantics
    public static int readControl(CpuState cpu, int number) {
        control(cpu, number);
        return switch (number) {
            case 0 -> cpu.cr0;
            case 2 -> cpu.cr2;
            case 3 -> cpu.cr3;
            default -> cpu.cr4;
        };
    }

    /** #UD for a register that does not exist comes before #GP(0) outside CPL 0, so the rows cannot ask. */
    private static void control(CpuState cpu, int number) {
        if (number == 1 || number > 4) {
            throw cpu.fault(Vector.UD, 0);
        }
        if (cpu.cpl != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /**
     * MOV to CRn, with what that does to translations. Paging without protection, NW without CD, and bits of CR4 whose feature
     * the model lacks are #GP(0). Global pages are not told apart: every flush takes them, too.
     */
    @Semantics
    public static void writeControl(CpuState cpu, LinearMemory mem, int number, int value) {
        control(cpu, number);
        switch (number) {
            case 0 -> writeCr0(cpu, mem, value);
            case 2 -> cpu.cr2 = value;
            case 3 -> {
                cpu.cr3 = value & CR3_BITS;
                mem.flush();
            }
            default -> writeCr4(cpu, mem, value);
        }
    }

    private static void writeCr0(CpuState cpu, LinearMemory mem, int value) {
        boolean unprotectedPaging = value < 0 && (value & CpuState.CR0_PE) == 0;
        boolean badCache = (value & (CpuState.CR0_NW | CpuState.CR0_CD)) == CpuState.CR0_NW;
        if (unprotectedPaging || badCache) {
            throw cpu.fault(Vector.GP, 0);
        }
        int changed = cpu.cr0 ^ value;
        cpu.cr0 = value & CR0_BITS | CpuState.CR0_ET;
        if ((changed & CR0_TRANSLATION) != 0) {
            mem.flush();
        }
    }

    private static void writeCr4(CpuState cpu, LinearMemory mem, int value) {
        if ((value & ~cr4Bits(cpu.model)) != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        int changed = cpu.cr4 ^ value;
        cpu.cr4 = value;
        if ((changed & (CpuState.CR4_PSE | CpuState.CR4_PGE)) != 0) {
            mem.flush();
        }
    }

    private static int cr4Bits(CpuModel model) {
        int features = model.features();
        return CR4_PCE
            | ((features & CpuModel.TSC) != 0 ? CpuState.CR4_TSD : 0)
            | ((features & CpuModel.DE) != 0 ? CpuState.CR4_DE : 0)
            | ((features & CpuModel.PSE) != 0 ? CpuState.CR4_PSE : 0)
            | ((features & CpuModel.PGE) != 0 ? CpuState.CR4_PGE : 0)
            | ((features & CpuModel.FXSR) != 0 ? CpuState.CR4_OSFXSR : 0)
            | ((features & CpuModel.SSE) != 0 ? CpuState.CR4_OSXMMEXCPT : 0);
    }

    /** MOV from DRn; 4 and 5 are other names of 6 and 7, or #UD if CR4.DE. SDM vol. 2 "MOV--Move to/from Debug Registers". */
    @Semantics
    public static int readDebug(CpuState cpu, int number) {
        int from = debugRegister(cpu, number);
        detect(cpu);
        return cpu.dr[from];
    }

    /** MOV to DRn. Whoever runs the processor looks at them anew. */
    @Semantics
    public static void writeDebug(CpuState cpu, int number, int value) {
        int to = debugRegister(cpu, number);
        detect(cpu);
        cpu.dr[to] = DebugRegisters.stored(to, value);
        cpu.leave(Leave.NONE);
    }

    private static int debugRegister(CpuState cpu, int number) {
        if (number != 4 && number != 5) {
            return number;
        }
        if ((cpu.cr4 & CpuState.CR4_DE) != 0) {
            throw cpu.fault(Vector.UD, 0);
        }
        return number + 2;
    }

    /** #DB if a debugger asked to know of accesses to its registers: a fault, which pushes RF as others do. */
    private static void detect(CpuState cpu) {
        if ((cpu.dr[DebugRegisters.DR7] & DebugRegisters.DR7_GD) != 0) {
            cpu.dr[DebugRegisters.DR7] &= ~DebugRegisters.DR7_GD;
            DebugRegisters.report(cpu, DebugRegisters.DR6_BD);
            cpu.eflagsRest |= Eflags.RF;
            throw cpu.fault(Vector.DB, 0);
        }
    }

    /** CLTS. */
    @Semantics
    public static void clts(CpuState cpu) {
        cpu.cr0 &= ~CpuState.CR0_TS;
    }

    /** SMSW: CR0, of which a memory operand takes 16 bits. */
    @Semantics
    public static int smsw(CpuState cpu) {
        return cpu.cr0;
    }

    /** LMSW: PE, MP, EM and TS; PE can be set but not cleared. SDM vol. 2 "LMSW". */
    @Semantics
    public static void lmsw(CpuState cpu, LinearMemory mem, int value) {
        writeCr0(cpu, mem, cpu.cr0 & ~0xE | value & 0xF);
    }

    // ---- descriptor tables

    /** LGDT. With a 16-bit operand size the base has 24 bits. SDM vol. 2 "LGDT/LIDT". */
    @Semantics
    public static void lgdt(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        int linear = mem.linear(segment, offset, 6, false);
        int limit = mem.read16(linear);
        cpu.gdtBase = tableBase(mem, linear, operandBits);
        cpu.gdtLimit = limit;
    }

    /** LIDT. */
    @Semantics
    public static void lidt(CpuState cpu, LinearMemory mem, int segment, int offset, int operandBits) {
        int linear = mem.linear(segment, offset, 6, false);
        int limit = mem.read16(linear);
        cpu.idtBase = tableBase(mem, linear, operandBits);
        cpu.idtLimit = limit;
    }

    private static int tableBase(LinearMemory mem, int linear, int operandBits) {
        int base = mem.read32(linear + 2);
        return operandBits == 16 ? base & 0xFFFFFF : base;
    }

    /** SGDT: limit and all 32 bits of the base, at any CPL. SDM vol. 2 "SGDT". */
    @Semantics
    public static void sgdt(CpuState cpu, LinearMemory mem, int segment, int offset) {
        storeTable(mem, segment, offset, cpu.gdtLimit, cpu.gdtBase);
    }

    /** SIDT. */
    @Semantics
    public static void sidt(CpuState cpu, LinearMemory mem, int segment, int offset) {
        storeTable(mem, segment, offset, cpu.idtLimit, cpu.idtBase);
    }

    private static void storeTable(LinearMemory mem, int segment, int offset, int limit, int base) {
        int linear = mem.linear(segment, offset, 6, true);
        mem.touch(linear, 6, true);
        mem.write16(linear, limit);
        mem.write32(linear + 2, base);
    }

    // ---- caches and translations

    /** INVLPG: forgets one page, which is 4 MiB wide where large pages are on. SDM vol. 2 "INVLPG". */
    @Semantics
    public static void invlpg(CpuState cpu, LinearMemory mem, int segment, int offset) {
        int linear = cpu.segments[segment].base + offset;
        if ((cpu.cr4 & CpuState.CR4_PSE) != 0) {
            int firstPage = linear >>> 22 << 10;
            mem.flush(firstPage, firstPage + 1024);
        } else {
            mem.flush(linear);
        }
    }

    /** INVD: there is no cache to lose. */
    @Semantics
    public static void invd() {
    }

    /** WBINVD: there is no cache to write back. */
    @Semantics
    public static void wbinvd() {
    }

    // ---- flags and interrupts

    /** HLT. */
    @Semantics
    public static void hlt(CpuState cpu, int self) {
        cpu.leaveEip = self;
        cpu.leave(Leave.HALT);
    }

    /** CLI: #GP(0) unless CPL is at most IOPL. */
    @Semantics
    public static void cli(CpuState cpu) {
        ioPrivilege(cpu);
        cpu.eflagsRest &= ~Eflags.IF;
    }

    /**
     * STI: as CLI; if interrupts were off, one more instruction runs before the first of them. The row ends its block, so whoever
     * runs the processor looks for pending interrupts after {@link CpuState#interruptShadow} has passed.
     */
    @Semantics
    public static void sti(CpuState cpu) {
        ioPrivilege(cpu);
        if ((cpu.eflagsRest & Eflags.IF) == 0) {
            cpu.eflagsRest |= Eflags.IF;
            cpu.interruptShadow = true;
            cpu.leave(Leave.NONE);
        }
    }

    private static void ioPrivilege(CpuState cpu) {
        if (cpu.protectedMode() && cpu.cpl > cpu.iopl()) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** In virtual-8086 mode PUSHF, POPF, INT n and IRET belong to the monitor: #GP(0) unless IOPL is 3. */
    static void virtual8086Privilege(CpuState cpu) {
        if (Segments.virtual8086(cpu) && cpu.iopl() < 3) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    /** PUSHF; VM and RF are pushed as 0. SDM vol. 2 "PUSHF". */
    @Semantics
    public static void pushf(CpuState cpu, LinearMemory mem, int operandBits) {
        virtual8086Privilege(cpu);
        Stack.push(cpu, mem, cpu.eflags() & ~(Eflags.VM | Eflags.RF), operandBits);
    }

    /** POPF. SDM vol. 2 "POPF". */
    @Semantics
    public static void popf(CpuState cpu, LinearMemory mem, int operandBits) {
        virtual8086Privilege(cpu);
        setFlags(cpu, Stack.pop(cpu, mem, operandBits) & ~Eflags.RF, operandBits);
    }

    /**
     * Sets the flags that POPF and IRET may set at this privilege level: IOPL at CPL 0 only, IF if CPL is at most IOPL, VM, VIF
     * and VIP never.
     *
     * @param operandBits 16 leaves the upper half alone
     */
    static void setFlags(CpuState cpu, int flags, int operandBits) {
        setFlags(cpu, flags, operandBits, cpu.cpl);
    }

    /** @param cpl the privilege level of the instruction, which may have left it */
    static void setFlags(CpuState cpu, int flags, int operandBits, int cpl) {
        int changeable = Eflags.STATUS | Eflags.TF | Eflags.DF | Eflags.NT;
        if (operandBits == 32) {
            changeable |= Eflags.RF | Eflags.AC | Eflags.ID;
        }
        if (cpl <= cpu.iopl()) {
            changeable |= Eflags.IF;
        }
        if (cpl == 0) {
            changeable |= Eflags.IOPL;
        }
        boolean traced = (cpu.eflagsRest & Eflags.TF) != 0;
        cpu.setEflags(cpu.eflagsRest & ~changeable | flags & changeable);
        if (!traced && (cpu.eflagsRest & Eflags.TF) != 0) {
            // Whoever runs the processor has a trap to raise after the next instruction.
            cpu.leave(Leave.NONE);
        }
    }

    /** INT n; whoever delivers it checks the gate's DPL. SDM vol. 2 "INT n/INTO/INT3/INT1", as the three that follow. */
    @Semantics
    public static void interrupt(CpuState cpu, int vector, int self) {
        virtual8086Privilege(cpu);
        if (watched(cpu) || !cpu.softwareInterrupts.deliver(vector & 0xFF)) {
            raise(cpu, vector & 0xFF, self);
        }
    }

    /** Whether there is a debugger in the guest, which sees more of an instruction than its outcome. */
    private static boolean watched(CpuState cpu) {
        return (cpu.eflagsRest & Eflags.TF) != 0 || cpu.debugShadow || DebugRegisters.any(cpu);
    }

    /** INT3. */
    @Semantics
    public static void int3(CpuState cpu, int self) {
        raise(cpu, Vector.BP, self);
    }

    /** INT1: #DB, a trap. */
    @Semantics
    public static void int1(CpuState cpu, int self) {
        cpu.leaveEip = self;
        cpu.leave(Leave.INT1);
    }

    /** INTO: #OF if OF. */
    @Semantics
    public static void into(CpuState cpu, int self) {
        if (cpu.of()) {
            raise(cpu, Vector.OF, self);
        }
    }

    private static void raise(CpuState cpu, int vector, int self) {
        cpu.leaveVector = vector;
        cpu.leaveEip = self;
        cpu.leave(Leave.SOFTWARE_INTERRUPT);
    }

    /**
     * BOUND: #BR unless the signed index lies between the two bounds in memory, inclusive; the upper one is not read if the lower
     * one decides. SDM vol. 2 "BOUND".
     */
    @Semantics
    public static void bound(CpuState cpu, LinearMemory mem, int index, int segment, int offset, int operandBits, int addressBits) {
        int upper = Flags.cut(offset + operandBits / 8, addressBits);
        int value = Flags.signed(index, operandBits);
        if (value < Flags.signed(mem.read(segment, offset, operandBits), operandBits)
            || value > Flags.signed(mem.read(segment, upper, operandBits), operandBits)) {
            throw cpu.fault(Vector.BR, 0);
        }
    }

    // ---- what the processor says of itself

    /** CPUID: leaf in EAX, subleaf in ECX; the answer in EAX, EBX, ECX, EDX. */
    @Semantics
    public static void cpuid(CpuState cpu) {
        int[] answer = new int[4];
        cpu.model.cpuid(cpu.regs[CpuState.EAX], cpu.regs[CpuState.ECX], answer);
        cpu.regs[CpuState.EAX] = answer[0];
        cpu.regs[CpuState.EBX] = answer[1];
        cpu.regs[CpuState.ECX] = answer[2];
        cpu.regs[CpuState.EDX] = answer[3];
    }

    /** RDTSC: #GP(0) outside CPL 0 if CR4.TSD. */
    @Semantics
    public static void rdtsc(CpuState cpu) {
        if ((cpu.cr4 & CpuState.CR4_TSD) != 0 && cpu.cpl != 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        result(cpu, cpu.timeStampCounter.ticks());
    }

    /**
     * RDPMC: the counters cannot be started, so they read as they were reset. #GP(0) for others, and outside CPL 0 unless
     * CR4.PCE.
     */
    @Semantics
    public static void rdpmc(CpuState cpu) {
        boolean allowed = cpu.cpl == 0 || (cpu.cr4 & CR4_PCE) != 0;
        if (!allowed || Integer.compareUnsigned(cpu.regs[CpuState.ECX], COUNTERS) >= 0) {
            throw cpu.fault(Vector.GP, 0);
        }
        result(cpu, 0);
    }

    /** RDMSR: the time-stamp counter (0x10); #GP(0) for all others. */
    @Semantics
    public static void rdmsr(CpuState cpu) {
        existing(cpu, cpu.regs[CpuState.ECX]);
        result(cpu, cpu.timeStampCounter.ticks());
    }

    /** WRMSR: the time-stamp counter (0x10) counts on from EDX:EAX; #GP(0) for all others. */
    @Semantics
    public static void wrmsr(CpuState cpu) {
        existing(cpu, cpu.regs[CpuState.ECX]);
        TimeStampCounter source = cpu.timeStampCounter instanceof ShiftedCounter shifted ? shifted.source : cpu.timeStampCounter;
        long value = cpu.regs[CpuState.EAX] & 0xFFFFFFFFL | (long) cpu.regs[CpuState.EDX] << 32;
        cpu.timeStampCounter = new ShiftedCounter(source, value - source.ticks());
    }

    private static void existing(CpuState cpu, int msr) {
        if (msr != MSR_TSC) {
            throw cpu.fault(Vector.GP, 0);
        }
    }

    private static void result(CpuState cpu, long value) {
        cpu.regs[CpuState.EAX] = (int) value;
        cpu.regs[CpuState.EDX] = (int) (value >>> 32);
    }

    /** A counter to which somebody has written. */
    private record ShiftedCounter(TimeStampCounter source, long offset) implements TimeStampCounter {
        @Override
        public long ticks() {
            return source.ticks() + offset;
        }
    }
}
