package lguest.sem;

import lguest.cpu.CpuState;
import lguest.cpu.Eflags;
import lguest.cpu.Segment;
import lguest.mem.LinearMemory;

/**
 * String instructions. Repeated ones advance by a chunk that ends at the next page boundary of either operand and then come
 * back to themselves ({@code eip = self}) until the count is used up, so that a run of any length can be interrupted; where
 * chunks end depends on addresses alone, which keeps instruction counts repeatable. Where #DB may be due after each element (TF, a
 * breakpoint of the debug registers), chunks are single elements. Registers are right at every fault.
 */
public final class Strings {
    private static final int NO_REPEAT = 0;
    /** REPNE: SCAS and CMPS go on while ZF is clear. */
    private static final int REPNE = 1;
    private static final int REPE = 2;

    private Strings() {
    }

    @Semantics
    public static void movs(CpuState cpu, LinearMemory mem, int segment, int bits, int addressBits, int repeat, int self) {
        if (repeat == NO_REPEAT) {
            move(cpu, mem, segment, bits, addressBits);
            return;
        }
        int chunk = chunk(cpu, mem, segment, true, true, bits, addressBits);
        int bytes = chunk * (bits >> 3);
        if (chunk > 1 && upwards(cpu, addressBits) && cpu.segments[segment].flat && cpu.segments[Segment.ES].flat
            && mem.copyQuietly(cpu.regs[CpuState.ESI], cpu.regs[CpuState.EDI], bytes)) {
            cpu.regs[CpuState.ESI] += bytes;
            cpu.regs[CpuState.EDI] += bytes;
            count(cpu, chunk, addressBits);
        } else {
            for (int i = 0; i < chunk; i++) {
                move(cpu, mem, segment, bits, addressBits);
                count(cpu, 1, addressBits);
            }
        }
        again(cpu, addressBits, self);
    }

    private static void move(CpuState cpu, LinearMemory mem, int segment, int bits, int addressBits) {
        int value = mem.read(segment, esi(cpu, addressBits), bits);
        mem.write(Segment.ES, edi(cpu, addressBits), value, bits);
        advance(cpu, CpuState.ESI, bits, addressBits);
        advance(cpu, CpuState.EDI, bits, addressBits);
    }

    @Semantics
    public static void stos(CpuState cpu, LinearMemory mem, int bits, int addressBits, int repeat, int self) {
        if (repeat == NO_REPEAT) {
            store(cpu, mem, bits, addressBits);
            return;
        }
        int chunk = chunk(cpu, mem, Segment.ES, false, true, bits, addressBits);
        int bytes = chunk * (bits >> 3);
        if (chunk > 1 && upwards(cpu, addressBits) && cpu.segments[Segment.ES].flat
            && mem.fillQuietly(cpu.regs[CpuState.EDI], bytes, cpu.reg(CpuState.EAX, bits), bits)) {
            cpu.regs[CpuState.EDI] += bytes;
            count(cpu, chunk, addressBits);
        } else {
            for (int i = 0; i < chunk; i++) {
                store(cpu, mem, bits, addressBits);
                count(cpu, 1, addressBits);
            }
        }
        again(cpu, addressBits, self);
    }

    private static void store(CpuState cpu, LinearMemory mem, int bits, int addressBits) {
        mem.write(Segment.ES, edi(cpu, addressBits), cpu.reg(CpuState.EAX, bits), bits);
        advance(cpu, CpuState.EDI, bits, addressBits);
    }

    @Semantics
    public static void lods(CpuState cpu, LinearMemory mem, int segment, int bits, int addressBits, int repeat, int self) {
        if (repeat == NO_REPEAT) {
            load(cpu, mem, segment, bits, addressBits);
            return;
        }
        int chunk = chunk(cpu, mem, segment, true, false, bits, addressBits);
        for (int i = 0; i < chunk; i++) {
            load(cpu, mem, segment, bits, addressBits);
            count(cpu, 1, addressBits);
        }
        again(cpu, addressBits, self);
    }

    private static void load(CpuState cpu, LinearMemory mem, int segment, int bits, int addressBits) {
        cpu.setReg(CpuState.EAX, mem.read(segment, esi(cpu, addressBits), bits), bits);
        advance(cpu, CpuState.ESI, bits, addressBits);
    }

    @Semantics
    public static void scas(CpuState cpu, LinearMemory mem, int bits, int addressBits, int repeat, int self) {
        int chunk = repeat == NO_REPEAT ? 1 : chunk(cpu, mem, Segment.ES, false, true, bits, addressBits);
        int accumulator = cpu.reg(CpuState.EAX, bits);
        int passed = 0;
        if (chunk > 1 && repeat == REPNE && bits == 8 && upwards(cpu, addressBits) && cpu.segments[Segment.ES].flat) {
            // The last one is left to set the flags.
            passed = Math.min(mem.withoutQuietly(cpu.regs[CpuState.EDI], chunk, accumulator), chunk - 1);
            cpu.regs[CpuState.EDI] += passed;
            count(cpu, passed, addressBits);
        }
        for (int i = passed; i < chunk; i++) {
            int value = mem.read(Segment.ES, edi(cpu, addressBits), bits);
            advance(cpu, CpuState.EDI, bits, addressBits);
            if (ends(cpu, accumulator, value, bits, addressBits, repeat)) {
                return;
            }
        }
        again(cpu, addressBits, self);
    }

    @Semantics
    public static void cmps(CpuState cpu, LinearMemory mem, int segment, int bits, int addressBits, int repeat, int self) {
        int chunk = repeat == NO_REPEAT ? 1 : chunk(cpu, mem, segment, true, true, bits, addressBits);
        int passed = 0;
        if (chunk > 1 && repeat == REPE && upwards(cpu, addressBits) && cpu.segments[segment].flat && cpu.segments[Segment.ES].flat) {
            int size = bits >> 3;
            passed = Math.min(mem.commonQuietly(cpu.regs[CpuState.ESI], cpu.regs[CpuState.EDI], chunk * size) / size, chunk - 1);
            cpu.regs[CpuState.ESI] += passed * size;
            cpu.regs[CpuState.EDI] += passed * size;
            count(cpu, passed, addressBits);
        }
        for (int i = passed; i < chunk; i++) {
            // Processors read ES:EDI first, which shows when both fault.
            int second = mem.read(Segment.ES, edi(cpu, addressBits), bits);
            int first = mem.read(segment, esi(cpu, addressBits), bits);
            advance(cpu, CpuState.ESI, bits, addressBits);
            advance(cpu, CpuState.EDI, bits, addressBits);
            if (ends(cpu, first, second, bits, addressBits, repeat)) {
                return;
            }
        }
        again(cpu, addressBits, self);
    }

    /**
     * Whether this comparison was the last. Only that one sets the flags: until then they are those of before the instruction,
     * which is what a fault must find (SDM vol. 2B "REP/REPE/REPZ/REPNE/REPNZ").
     */
    private static boolean ends(CpuState cpu, int first, int second, int bits, int addressBits, int repeat) {
        boolean last = true;
        if (repeat != NO_REPEAT) {
            count(cpu, 1, addressBits);
            last = (first == second) == (repeat == REPNE) || Flags.cut(cpu.regs[CpuState.ECX], addressBits) == 0;
        }
        if (last) {
            cpu.eflagsRest &= ~Eflags.RF;
            Alu.cmp(cpu, first, second, bits);
        }
        return last;
    }

    /** How many elements fit before a page boundary, at most the count register; 0 when that is 0. */
    private static int chunk(CpuState cpu, LinearMemory mem, int segment, boolean usesSource, boolean usesDestination, int bits,
            int addressBits) {
        int count = Flags.cut(cpu.regs[CpuState.ECX], addressBits);
        int fit = (cpu.eflagsRest & Eflags.TF) != 0 ? 1 : Integer.MAX_VALUE;
        if (usesSource) {
            fit = Math.min(fit, toBoundary(mem, cpu.segments[segment].base + esi(cpu, addressBits), cpu.direction(), bits >> 3));
        }
        if (usesDestination) {
            fit = Math.min(fit, toBoundary(mem, cpu.segments[Segment.ES].base + edi(cpu, addressBits), cpu.direction(), bits >> 3));
        }
        return Integer.compareUnsigned(count, fit) < 0 ? count : fit;
    }

    private static int toBoundary(LinearMemory mem, int linear, int direction, int bytes) {
        if (mem.hasBreakpoint(linear) || mem.hasBreakpoint(linear + bytes - 1)) {
            return 1;
        }
        int inPage = linear & 0xFFF;
        return Math.max(1, direction > 0 ? (0x1000 - inPage) / bytes : inPage / bytes + 1);
    }

    private static boolean upwards(CpuState cpu, int addressBits) {
        return addressBits == 32 && cpu.direction() > 0;
    }

    static int esi(CpuState cpu, int addressBits) {
        return Flags.cut(cpu.regs[CpuState.ESI], addressBits);
    }

    static int edi(CpuState cpu, int addressBits) {
        return Flags.cut(cpu.regs[CpuState.EDI], addressBits);
    }

    /** Moves ESI or EDI by one element in the string direction. */
    static void advance(CpuState cpu, int register, int bits, int addressBits) {
        cpu.setReg(register, cpu.regs[register] + cpu.direction() * (bits >> 3), addressBits);
    }

    static void count(CpuState cpu, int done, int addressBits) {
        cpu.setReg(CpuState.ECX, cpu.regs[CpuState.ECX] - done, addressBits);
    }

    /**
     * Back to this instruction while elements are left, with RF, as whatever comes between must find it: a breakpoint at the
     * instruction has been met already. SDM vol. 3B "Instruction-Breakpoint Exception Condition".
     */
    static void again(CpuState cpu, int addressBits, int self) {
        if (Flags.cut(cpu.regs[CpuState.ECX], addressBits) != 0) {
            cpu.eip = self;
            cpu.eflagsRest |= Eflags.RF;
        } else {
            cpu.eflagsRest &= ~Eflags.RF;
        }
    }
}
