package lguest.sem;

import static lguest.sem.X87Access.commit;
import static lguest.sem.X87Access.enter;
import static lguest.sem.X87Access.locate;
import static lguest.sem.X87Access.readInteger;
import static lguest.sem.X87Access.readReal;
import static lguest.sem.X87Access.replaceTop;
import static lguest.sem.X87Access.underflow;

import lguest.cpu.CpuState;
import lguest.cpu.Fpu;
import lguest.mem.LinearMemory;

/**
 * Addition, subtraction, multiplication and division (SDM vol. 1 "Basic Arithmetic Instructions"): ST op ST(i), ST(i) op ST,
 * the same and pop, ST op real, ST op integer. What they have in common is everything but the operation; the R forms exchange
 * the operands.
 */
public final class X87Arithmetic {
    private static final int ADD = 0;
    private static final int MUL = 1;
    private static final int SUB = 2;
    private static final int SUBR = 3;
    private static final int DIV = 4;
    private static final int DIVR = 5;

    private X87Arithmetic() {
    }

    @Semantics
    public static void fadd(CpuState cpu, int sti, int self) {
        registers(cpu, self, ADD, 0, sti, 0, false);
    }

    @Semantics
    public static void faddTo(CpuState cpu, int sti, int self) {
        registers(cpu, self, ADD, sti, 0, sti, false);
    }

    @Semantics
    public static void faddp(CpuState cpu, int sti, int self) {
        registers(cpu, self, ADD, sti, 0, sti, true);
    }

    @Semantics
    public static void faddM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        real(cpu, mem, segment, offset, bits, self, ADD);
    }

    @Semantics
    public static void fiadd(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        integer(cpu, mem, segment, offset, bits, self, ADD);
    }

    @Semantics
    public static void fmul(CpuState cpu, int sti, int self) {
        registers(cpu, self, MUL, 0, sti, 0, false);
    }

    @Semantics
    public static void fmulTo(CpuState cpu, int sti, int self) {
        registers(cpu, self, MUL, sti, 0, sti, false);
    }

    @Semantics
    public static void fmulp(CpuState cpu, int sti, int self) {
        registers(cpu, self, MUL, sti, 0, sti, true);
    }

    @Semantics
    public static void fmulM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        real(cpu, mem, segment, offset, bits, self, MUL);
    }

    @Semantics
    public static void fimul(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        integer(cpu, mem, segment, offset, bits, self, MUL);
    }

    @Semantics
    public static void fsub(CpuState cpu, int sti, int self) {
        registers(cpu, self, SUB, 0, sti, 0, false);
    }

    @Semantics
    public static void fsubTo(CpuState cpu, int sti, int self) {
        registers(cpu, self, SUB, sti, 0, sti, false);
    }

    @Semantics
    public static void fsubp(CpuState cpu, int sti, int self) {
        registers(cpu, self, SUB, sti, 0, sti, true);
    }

    @Semantics
    public static void fsubM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        real(cpu, mem, segment, offset, bits, self, SUB);
    }

    @Semantics
    public static void fisub(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        integer(cpu, mem, segment, offset, bits, self, SUB);
    }

    @Semantics
    public static void fsubr(CpuState cpu, int sti, int self) {
        registers(cpu, self, SUBR, 0, sti, 0, false);
    }

    @Semantics
    public static void fsubrTo(CpuState cpu, int sti, int self) {
        registers(cpu, self, SUBR, sti, 0, sti, false);
    }

    @Semantics
    public static void fsubrp(CpuState cpu, int sti, int self) {
        registers(cpu, self, SUBR, sti, 0, sti, true);
    }

    @Semantics
    public static void fsubrM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        real(cpu, mem, segment, offset, bits, self, SUBR);
    }

    @Semantics
    public static void fisubr(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        integer(cpu, mem, segment, offset, bits, self, SUBR);
    }

    @Semantics
    public static void fdiv(CpuState cpu, int sti, int self) {
        registers(cpu, self, DIV, 0, sti, 0, false);
    }

    @Semantics
    public static void fdivTo(CpuState cpu, int sti, int self) {
        registers(cpu, self, DIV, sti, 0, sti, false);
    }

    @Semantics
    public static void fdivp(CpuState cpu, int sti, int self) {
        registers(cpu, self, DIV, sti, 0, sti, true);
    }

    @Semantics
    public static void fdivM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        real(cpu, mem, segment, offset, bits, self, DIV);
    }

    @Semantics
    public static void fidiv(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        integer(cpu, mem, segment, offset, bits, self, DIV);
    }

    @Semantics
    public static void fdivr(CpuState cpu, int sti, int self) {
        registers(cpu, self, DIVR, 0, sti, 0, false);
    }

    @Semantics
    public static void fdivrTo(CpuState cpu, int sti, int self) {
        registers(cpu, self, DIVR, sti, 0, sti, false);
    }

    @Semantics
    public static void fdivrp(CpuState cpu, int sti, int self) {
        registers(cpu, self, DIVR, sti, 0, sti, true);
    }

    @Semantics
    public static void fdivrM(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        real(cpu, mem, segment, offset, bits, self, DIVR);
    }

    @Semantics
    public static void fidivr(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self) {
        integer(cpu, mem, segment, offset, bits, self, DIVR);
    }

    private static void registers(CpuState cpu, int self, int op, int left, int right, int destination, boolean pop) {
        Fpu fpu = enter(cpu, self);
        if (fpu.isEmpty(left) || fpu.isEmpty(right)) {
            underflow(fpu);
        } else {
            int a = fpu.physical(left);
            int b = fpu.physical(right);
            apply(fpu, op, fpu.signExponent[a], fpu.significand[a], fpu.signExponent[b], fpu.significand[b]);
        }
        if (commit(fpu)) {
            fpu.storeResult(destination);
            if (pop) {
                fpu.pop();
            }
        }
    }

    private static void real(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, int op) {
        Fpu fpu = enter(cpu);
        long value = readReal(mem, segment, offset, bits);
        locate(cpu, fpu, self, segment, offset);
        if (fpu.isEmpty(0)) {
            underflow(fpu);
        } else {
            Float80Convert.fromReal(fpu, value, bits);
            withTop(fpu, op);
        }
        replaceTop(fpu);
    }

    private static void integer(CpuState cpu, LinearMemory mem, int segment, int offset, int bits, int self, int op) {
        Fpu fpu = enter(cpu);
        long value = readInteger(mem, segment, offset, bits);
        locate(cpu, fpu, self, segment, offset);
        if (fpu.isEmpty(0)) {
            underflow(fpu);
        } else {
            Float80Convert.fromInteger(fpu, value);
            withTop(fpu, op);
        }
        replaceTop(fpu);
    }

    private static void withTop(Fpu fpu, int op) {
        apply(fpu, op, fpu.signExponent[fpu.top], fpu.significand[fpu.top], fpu.resultSignExponent, fpu.resultSignificand);
    }

    private static void apply(Fpu fpu, int op, int ase, long as, int bse, long bs) {
        switch (op) {
            case ADD -> Float80Add.add(fpu, ase, as, bse, bs);
            case MUL -> Float80Multiply.multiply(fpu, ase, as, bse, bs);
            case SUB -> Float80Add.subtract(fpu, ase, as, bse, bs);
            case SUBR -> Float80Add.subtract(fpu, bse, bs, ase, as);
            case DIV -> Float80Divide.divide(fpu, ase, as, bse, bs);
            default -> Float80Divide.divide(fpu, bse, bs, ase, as);
        }
    }
}
