package lguest.cpu;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Everything an i686 remembers between two instructions.
 *
 * <p>While a block of instructions executes, {@link #eip} holds the block's first instruction or, once its last instruction
 * has run, the next one; outside the run loop it is exact.
 *
 * <p>The six status flags are kept lazily as three words that every arithmetic instruction writes and few read:
 *
 * <pre>
 * flagResult  ZF = (flagResult == 0), SF = bit 31 of flagResult ^ flagAux,
 *             PF = parity of the low byte of flagResult ^ flagAux>>>8
 *             results of 8 and 16 bits are stored sign-extended
 * flagCarry   CF = bit 31, OF = bit 31 ^ bit 30: the carries out of each bit, shifted to the top
 * flagAux     bit 4 = AF; bit 31 and bits 8-15 correct SF and PF where no single result has them both (POPF, SAHF)
 * </pre>
 */
public final class CpuState {
    public static final int EAX = 0;
    public static final int ECX = 1;
    public static final int EDX = 2;
    public static final int EBX = 3;
    public static final int ESP = 4;
    public static final int EBP = 5;
    public static final int ESI = 6;
    public static final int EDI = 7;
    /** Index of a register that is always 0: the absent base or index of an address. */
    public static final int NO_REGISTER = 8;

    public static final int CR0_PE = 1;
    public static final int CR0_MP = 1 << 1;
    public static final int CR0_EM = 1 << 2;
    public static final int CR0_TS = 1 << 3;
    public static final int CR0_ET = 1 << 4;
    public static final int CR0_NE = 1 << 5;
    public static final int CR0_WP = 1 << 16;
    public static final int CR0_AM = 1 << 18;
    public static final int CR0_NW = 1 << 29;
    public static final int CR0_CD = 1 << 30;
    public static final int CR0_PG = 1 << 31;

    public static final int CR4_TSD = 1 << 2;
    /** Breakpoints at ports; DR4 and DR5 do not exist. */
    public static final int CR4_DE = 1 << 3;
    public static final int CR4_PSE = 1 << 4;
    public static final int CR4_PGE = 1 << 7;
    public static final int CR4_OSFXSR = 1 << 9;
    public static final int CR4_OSXMMEXCPT = 1 << 10;

    /** General registers in encoding order; the ninth is always 0. */
    public final int[] regs = new int[9];
    public int eip;

    public int flagResult;
    public int flagCarry;
    public int flagAux;
    /** All of EFLAGS but the six status flags. */
    public int eflagsRest = Eflags.FIXED;

    /** ES, CS, SS, DS, FS, GS: the order in which instructions encode them. */
    public final Segment[] segments = {
        new Segment(), new Segment(), new Segment(), new Segment(), new Segment(), new Segment()
    };
    public final Segment ldtr = new Segment();
    public final Segment tr = new Segment();
    public int gdtBase;
    public int gdtLimit;
    public int idtBase;
    public int idtLimit;
    /** Current privilege level, 0 to 3. Set it through {@code LinearMemory.setCpl}, which also chooses the TLB. */
    public int cpl;

    public int cr0;
    public int cr2;
    public int cr3;
    public int cr4;
    public final int[] dr = {0, 0, 0, 0, 0, 0, DebugRegisters.DR6_FIXED, DebugRegisters.DR7_FIXED};

    public final Simd simd = new Simd();
    public final Fpu fpu = new Fpu(simd.file);

    /** Instructions completed since the start; a chunk of a repeated string instruction counts as one. Exact between blocks. */
    public long instructions;
    /** {@link #instructions} at which the loop must come up for air; {@link #leave} moves it to the past. */
    public long deadline;

    /**
     * While translated code runs: how many instructions it may still execute. {@link #instructions} stands still meanwhile, but where
     * something is interpreted in between.
     */
    public int budget;

    /** Why the loop was asked to stop; details in the fields below. */
    public Leave leave = Leave.NONE;
    public int leaveVector;
    /** EIP of the instruction that asked. */
    public int leaveEip;
    public int leavePort;
    public int leaveBits;
    public int leaveValue;
    /** Set by MOV SS, POP SS and STI: interrupts wait for one more instruction. */
    public boolean interruptShadow;
    /** Set by MOV SS and POP SS: debug exceptions wait, too, and the next instruction's breakpoint is passed over. */
    public boolean debugShadow;
    /** Bits of DR6: why #DB is due after the present instruction, or after {@link #debugShadow}. */
    public int debugTrap;

    /**
     * Counts what lets no translated code go on that waits for a CALL to come back: ways into other code that may not be of the present
     * kind, of other privilege or with other segments, and what is to be looked at by whoever runs the processor.
     */
    public int crossings;

    public DescriptorTables descriptorTables;
    public final KnownSegments knownSegments = new KnownSegments();
    public SoftwareInterrupts softwareInterrupts = SoftwareInterrupts.LEAVE;
    public CpuModel model;
    public TimeStampCounter timeStampCounter = () -> instructions;

    private final CpuFault fault = new CpuFault();

    /** Fills in this processor's one fault object, to be thrown: {@code throw cpu.fault(Vector.GP, selector)}. */
    public CpuFault fault(int vector, int errorCode) {
        return fault.with(vector, errorCode);
    }

    /** The fault as it was filled in last. */
    public CpuFault fault() {
        return fault;
    }

    /** Asks the loop to stop when the present instruction is done. */
    public void leave(Leave why) {
        leave = why;
        deadline = -1;
    }

    /** Whether the next instruction may be executed like any other: nobody is to look before, RF is clear, and no MOV SS inhibits #DB. */
    public boolean goesOn() {
        return deadline >= 0 && (eflagsRest & Eflags.RF) == 0 && !debugShadow;
    }

    public boolean cf() {
        return flagCarry < 0;
    }

    public boolean zf() {
        return flagResult == 0;
    }

    public boolean sf() {
        return (flagResult ^ flagAux) < 0;
    }

    public boolean of() {
        return (flagCarry ^ flagCarry << 1) < 0;
    }

    public boolean af() {
        return (flagAux & Eflags.AF) != 0;
    }

    /** Even parity of the low byte. */
    public boolean pf() {
        int fold = flagResult ^ flagAux >>> 8;
        fold ^= fold >>> 4;
        return (0x9669 >>> (fold & 0xF) & 1) != 0;
    }

    /** 0 or 1. */
    public int carry() {
        return flagCarry >>> 31;
    }

    /** The condition of Jcc, SETcc and CMOVcc; {@code cc} is the low four bits of the opcode. SDM vol. 2 "Jcc". */
    public boolean condition(int cc) {
        boolean holds = switch (cc >> 1) {
            case 0 -> of();
            case 1 -> cf();
            case 2 -> zf();
            case 3 -> cf() || zf();
            case 4 -> sf();
            case 5 -> pf();
            case 6 -> sf() != of();
            default -> zf() || sf() != of();
        };
        return holds != ((cc & 1) != 0);
    }

    /** The six status flags as EFLAGS bits. */
    public int statusFlags() {
        return (cf() ? Eflags.CF : 0) | (pf() ? Eflags.PF : 0) | flagAux & Eflags.AF | (zf() ? Eflags.ZF : 0)
            | (sf() ? Eflags.SF : 0) | (of() ? Eflags.OF : 0);
    }

    /** Sets the six status flags from EFLAGS bits; other bits are ignored. */
    public void setStatusFlags(int flags) {
        boolean zero = (flags & Eflags.ZF) != 0;
        flagResult = zero ? 0 : 1;
        boolean parityOfResult = zero;
        int aux = flags & Eflags.AF;
        if ((flags & Eflags.SF) != 0) {
            aux |= 1 << 31;
        }
        if ((flags & Eflags.PF) != 0 != parityOfResult) {
            aux |= 1 << 8;
        }
        flagAux = aux;
        setCarryOverflow((flags & Eflags.CF) != 0, (flags & Eflags.OF) != 0);
    }

    public void setCarryOverflow(boolean carry, boolean overflow) {
        flagCarry = (carry ? 1 << 31 : 0) | (carry != overflow ? 1 << 30 : 0);
    }

    public int eflags() {
        return eflagsRest | statusFlags();
    }

    /** Sets every bit without asking for privilege; bit 1 reads as 1, reserved bits as 0. */
    public void setEflags(int flags) {
        setStatusFlags(flags);
        eflagsRest = flags & 0x003F7700 | Eflags.FIXED;
    }

    /** +1 or -1: the direction of string instructions. */
    public int direction() {
        return (eflagsRest & Eflags.DF) != 0 ? -1 : 1;
    }

    public int iopl() {
        return (eflagsRest & Eflags.IOPL) >>> Eflags.IOPL_SHIFT;
    }

    public boolean protectedMode() {
        return (cr0 & CR0_PE) != 0;
    }

    public boolean paging() {
        return cr0 < 0;
    }

    /** A byte register by encoding: AL CL DL BL AH CH DH BH; zero-extended. */
    public int reg8(int number) {
        return number < 4 ? regs[number] & 0xFF : regs[number - 4] >>> 8 & 0xFF;
    }

    public void setReg8(int number, int value) {
        if (number < 4) {
            regs[number] = regs[number] & 0xFFFFFF00 | value & 0xFF;
        } else {
            regs[number - 4] = regs[number - 4] & 0xFFFF00FF | (value & 0xFF) << 8;
        }
    }

    public int reg16(int number) {
        return regs[number] & 0xFFFF;
    }

    public void setReg16(int number, int value) {
        regs[number] = regs[number] & 0xFFFF0000 | value & 0xFFFF;
    }

    /** A general register of 8, 16 or 32 bits, zero-extended. */
    public int reg(int number, int bits) {
        return switch (bits) {
            case 8 -> reg8(number);
            case 16 -> reg16(number);
            default -> regs[number];
        };
    }

    public void setReg(int number, int value, int bits) {
        switch (bits) {
            case 8 -> setReg8(number, value);
            case 16 -> setReg16(number, value);
            default -> regs[number] = value;
        }
    }

    /** Becomes a copy of another: of everything that outlives an instruction, and of {@link #leave}, but not its details. */
    public void copyFrom(CpuState other) {
        System.arraycopy(other.regs, 0, regs, 0, regs.length);
        eip = other.eip;
        flagResult = other.flagResult;
        flagCarry = other.flagCarry;
        flagAux = other.flagAux;
        eflagsRest = other.eflagsRest;
        for (int i = 0; i < segments.length; i++) {
            segments[i].load(other.segments[i]);
        }
        ldtr.load(other.ldtr);
        tr.load(other.tr);
        gdtBase = other.gdtBase;
        gdtLimit = other.gdtLimit;
        idtBase = other.idtBase;
        idtLimit = other.idtLimit;
        cpl = other.cpl;
        cr0 = other.cr0;
        cr2 = other.cr2;
        cr3 = other.cr3;
        cr4 = other.cr4;
        System.arraycopy(other.dr, 0, dr, 0, dr.length);
        simd.copyFrom(other.simd);
        fpu.copyFrom(other.fpu);
        instructions = other.instructions;
        leave = other.leave;
        interruptShadow = other.interruptShadow;
        debugShadow = other.debugShadow;
        debugTrap = other.debugTrap;
    }

    // ---- between two runs

    /** Writes everything that outlives an instruction, for {@link #load}; not the model, which is configuration. */
    public void save(DataOutput out) throws IOException {
        for (int i = 0; i < NO_REGISTER; i++) {
            out.writeInt(regs[i]);
        }
        for (int word : new int[] {eip, flagResult, flagCarry, flagAux, eflagsRest, gdtBase, gdtLimit, idtBase, idtLimit, cpl,
            cr0, cr2, cr3, cr4}) {
            out.writeInt(word);
        }
        for (int each : dr) {
            out.writeInt(each);
        }
        for (Segment segment : segments) {
            segment.save(out);
        }
        ldtr.save(out);
        tr.save(out);
        simd.save(out);
        fpu.save(out);
        out.writeLong(instructions);
        out.writeBoolean(interruptShadow);
        out.writeBoolean(debugShadow);
        out.writeInt(debugTrap);
    }

    /** The opposite of {@link #save}. Whoever calls it tells {@code LinearMemory.setCpl} of the new {@link #cpl}. */
    public void load(DataInput in) throws IOException {
        for (int i = 0; i < NO_REGISTER; i++) {
            regs[i] = in.readInt();
        }
        eip = in.readInt();
        flagResult = in.readInt();
        flagCarry = in.readInt();
        flagAux = in.readInt();
        eflagsRest = in.readInt();
        gdtBase = in.readInt();
        gdtLimit = in.readInt();
        idtBase = in.readInt();
        idtLimit = in.readInt();
        cpl = in.readInt() & 3;
        cr0 = in.readInt();
        cr2 = in.readInt();
        cr3 = in.readInt();
        cr4 = in.readInt();
        for (int i = 0; i < dr.length; i++) {
            dr[i] = in.readInt();
        }
        for (Segment segment : segments) {
            segment.load(in);
        }
        ldtr.load(in);
        tr.load(in);
        simd.load(in);
        fpu.load(in);
        instructions = in.readLong();
        interruptShadow = in.readBoolean();
        debugShadow = in.readBoolean();
        debugTrap = in.readInt();
        leave = Leave.NONE;
    }
}
