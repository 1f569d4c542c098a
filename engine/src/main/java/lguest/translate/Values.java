package lguest.translate;

import lguest.cpu.CpuState;
import lguest.isa.Operand;

/**
 * What the registers hold, as far as a translator can know: something unknown, called a root, and a distance from it. Two registers
 * with the same root differ by a constant.
 */
final class Values {
    /** The root of constants. */
    private static final int ZERO = 0;
    private static final int NONE = Operand.NO_REGISTER;
    private static final int REGISTERS = 8;

    /** Registers, and what an address without one has. */
    private final int[] roots = new int[REGISTERS + 1];
    private final int[] distances = new int[REGISTERS + 1];
    private final Roots next;

    /** Numbers that nobody has had. */
    static final class Roots {
        private int last = ZERO;

        private int take() {
            return ++last;
        }
    }

    /** Nothing is known. */
    Values(Roots next) {
        this.next = next;
        forget();
    }

    private Values(Values other) {
        next = other.next;
        System.arraycopy(other.roots, 0, roots, 0, roots.length);
        System.arraycopy(other.distances, 0, distances, 0, distances.length);
    }

    Values copy() {
        return new Values(this);
    }

    void forget() {
        for (int register = 0; register < REGISTERS; register++) {
            forget(register);
        }
    }

    private void forget(int register) {
        roots[register] = next.take();
        distances[register] = 0;
    }

    /**
     * What two places have in common if they are a constant distance apart.
     *
     * @param shift of the index
     */
    record Root(int base, int index, int shift) {
    }

    Root root(Place place) {
        return new Root(roots[place.base()], roots[place.index()], place.shift());
    }

    /** How far it is from its {@link #root}. */
    int distance(Place place) {
        return distances[place.base()] + (distances[place.index()] << place.shift()) + place.displacement();
    }

    /** An instruction is executed. */
    void after(Step step) {
        if (!step.isEmitted(true)) {
            forget();
            return;
        }
        switch (step.semantics()) {
            case "mov.mov" -> move(step);
            case "mov.lea" -> lea((Operand.Memory) step.operand(1), ((Operand.Register) step.operand(0)).number());
            case "alu.add" -> add(step, 1);
            case "alu.sub" -> add(step, -1);
            case "alu.inc" -> moveBy(step.operand(0), 1);
            case "alu.dec" -> moveBy(step.operand(0), -1);
            case "alu.cmp", "alu.test", "-" -> { }
            case "mov.xchg" -> {
                forget(step.operand(0));
                forget(step.operand(1));
            }
            case "mov.cbw" -> forget(CpuState.EAX);
            case "mov.cwd" -> forget(CpuState.EDX);
            case "muldiv.mul", "muldiv.imul1" -> {
                forget(CpuState.EAX);
                forget(CpuState.EDX);
            }
            case "stack.push", "segments.push" -> distances[CpuState.ESP] -= 4;
            case "stack.pusha" -> distances[CpuState.ESP] -= 32;
            case "stack.popa" -> {
                int root = roots[CpuState.ESP];
                int distance = distances[CpuState.ESP];
                forget();
                roots[CpuState.ESP] = root;
                distances[CpuState.ESP] = distance + 32;
            }
            case "stack.pop" -> {
                distances[CpuState.ESP] += 4;
                forget(step.operand(0));
            }
            case "stack.leave" -> {
                set(CpuState.ESP, CpuState.EBP, 4);
                forget(CpuState.EBP);
            }
            case "control.jmp", "control.jcc", "control.jcxz" -> { }
            case "control.ret" -> distances[CpuState.ESP] += 4;
            case "control.retImmediate" -> distances[CpuState.ESP] += 4 + step.use().p;
            default -> {
                if (step.isFollowed()) {
                    distances[CpuState.ESP] -= 4;
                } else if (step.semantics().startsWith("control.")) {
                    forget();
                } else {
                    forget(step.operand(0));
                }
            }
        }
    }

    private void move(Step step) {
        if (step.operand(0) instanceof Operand.Register to && to.bits() == 32) {
            // MOVZX takes part of a register.
            if (step.operand(1) instanceof Operand.Register from && from.bits() == 32) {
                set(to.number(), from.number(), 0);
            } else if (step.operand(1) instanceof Operand.Immediate constant) {
                set(to.number(), NONE, constant.value());
            } else {
                forget(to);
            }
        } else {
            forget(step.operand(0));
        }
    }

    private void lea(Operand.Memory address, int register) {
        if (address.index() == NONE) {
            set(register, address.base(), address.displacement());
        } else if (address.base() == NONE && address.shift() == 0) {
            set(register, address.index(), address.displacement());
        } else {
            forget(register);
        }
    }

    private void add(Step step, int sign) {
        if (step.operand(1) instanceof Operand.Immediate constant) {
            moveBy(step.operand(0), sign * constant.value());
        } else {
            forget(step.operand(0));
        }
    }

    private void moveBy(Operand operand, int distance) {
        if (operand instanceof Operand.Register register && register.bits() == 32) {
            distances[register.number()] += distance;
        } else {
            forget(operand);
        }
    }

    private void set(int to, int from, int distance) {
        roots[to] = roots[from];
        distances[to] = distances[from] + distance;
    }

    private void forget(Operand operand) {
        if (operand instanceof Operand.Register register) {
            forget(register.bits() == 8 ? register.number() & 3 : register.number());
        }
    }
}
