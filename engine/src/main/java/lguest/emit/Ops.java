package lguest.emit;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lguest.cpu.CpuModel;
import lguest.cpu.CpuState;
import lguest.cpu.Segment;
import lguest.cpu.Simd;
import lguest.isa.Insn;
import lguest.isa.Operand;
import lguest.isa.Row;

/** Makes operations of decoded instructions, and their classes when a form is met for the first time. */
public final class Ops {
    private static final Map<Form, Op> PROTOTYPES = new HashMap<>();
    /** The same prototypes by a key that is quick to make and to find. */
    private static final Map<Shape, Op> BY_SHAPE = new HashMap<>();

    /**
     * What tells forms of one row apart.
     *
     * @param details operand kinds, widths and flags, some bits each
     */
    private record Shape(Row row, long details) {
        @Override
        public int hashCode() {
            return System.identityHashCode(row) * 31 + Long.hashCode(details * 0x9E3779B97F4A7C15L);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Shape shape && shape.row == row && shape.details == details;
        }
    }

    private Ops() {
    }

    /**
     * @param at bytes from the first instruction of the block
     * @param flatData DS, ES and SS are flat
     * @param code32 the code segment's default size, which is where EIP wraps
     * @param model instructions it lacks are #UD
     */
    public static Op of(Insn insn, int at, boolean flatData, boolean code32, CpuModel model) {
        Op op = prototype(insn, flatData, code32, model).copy();
        fill(op, insn, at);
        return op;
    }

    /** Fills in the numbers of an instruction. */
    public static void fill(Use op, Insn insn, int at) {
        op.at = (short) at;
        op.after = (short) (at + insn.length());
        op.segment = (byte) insn.segment();
        List<Operand> operands = insn.operands();
        int slot = 0;
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            if (operand instanceof Operand.Memory memory) {
                op.base = (byte) memory.base();
                op.index = (byte) memory.index();
                op.shift = (byte) memory.shift();
                op.displacement = memory.displacement() + (poppedFirst(insn, memory) ? insn.operandBits() >> 3 : 0);
                op.segment = (byte) memory.segment();
            } else if (operand instanceof Operand.FarPointer far) {
                op.p = far.selector();
                op.q = far.offset();
            } else if (kind(insn.row(), i, operand) != null) {
                set(op, slot, value(operand));
            } else {
                continue;
            }
            slot++;
        }
    }

    /** POP to memory at ESP: the address is that of after the pop. SDM vol. 2B "POP". */
    private static boolean poppedFirst(Insn insn, Operand.Memory memory) {
        return insn.row().espAfterPop() && memory.base() == CpuState.ESP;
    }

    /** Whether the instruction leaves the next EIP behind itself, so that its block ends here. */
    public static boolean ends(Insn insn) {
        return insn.row().ends() && !(isString(insn.row()) && insn.repeat() == 0);
    }

    /** Whether it may change what decoding depends on: segments, privilege, control registers. */
    public static boolean changesMode(Insn insn) {
        String semantics = insn.row().semantics();
        return semantics.startsWith("segments.") || semantics.startsWith("far.") || semantics.startsWith("sys.");
    }

    /** Whether it is a repeated string instruction, which may come back to itself with elements left. */
    public static boolean repeats(Insn insn) {
        return insn.repeat() != 0 && repeats(insn.row());
    }

    private static boolean isString(Row row) {
        return row.semantics().startsWith("strings.");
    }

    private static boolean repeats(Row row) {
        return isString(row) || row.semantics().startsWith("ports.");
    }

    /** What code an instruction needs. */
    public static Form form(Insn insn, boolean flatData, boolean code32, CpuModel model) {
        Row row = insn.row();
        String semantics = row.feature().isEmpty() || model.has(row.feature()) ? row.semantics() : "ud";
        List<Form.Kind> kinds = new ArrayList<>(3);
        int memoryBits = 0;
        Form.Addressing addressing = Form.Addressing.NONE;
        boolean linear = false;
        List<Operand> operands = insn.operands();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            Form.Kind kind = kind(row, i, operand);
            if (kind == null) {
                continue;
            }
            kinds.add(kind);
            if (operand instanceof Operand.Memory memory) {
                addressing = addressing(memory);
                memoryBits = memory.bits();
                int segment = memory.segment();
                linear = flatData && (segment == Segment.DS || segment == Segment.ES || segment == Segment.SS);
            }
        }
        boolean writesMmx = !kinds.isEmpty() && kinds.get(0) == Form.Kind.MMX && !row.readsFirst();
        return new Form(semantics, kinds, memoryBits, row.unaligned(), row.mmx(), row.sse(), writesMmx, addressing, linear, insn.bits(), insn.operandBits(),
            insn.sourceBits(), insn.addressBits(), repeats(row) ? insn.repeat() : 0,
            row.op().endsWith("cc") ? insn.cc() : 0, row.exchange(), ends(insn), row.cpl0(), code32 ? 32 : 16);
    }

    /** Null for operands that no method is handed: string elements and ST(0). */
    private static Form.Kind kind(Row row, int position, Operand operand) {
        if (operand instanceof Operand.Register register) {
            return switch (register.bits()) {
                case 8 -> register.number() < 4 ? Form.Kind.LOW8 : Form.Kind.HIGH8;
                case 16 -> Form.Kind.WORD;
                default -> Form.Kind.DWORD;
            };
        }
        if (operand instanceof Operand.Memory) {
            return row.vector() && row.operands().get(position).isVectorMemory() ? Form.Kind.VECTOR : Form.Kind.MEMORY;
        }
        if (operand instanceof Operand.Immediate) {
            return Form.Kind.IMMEDIATE;
        }
        if (operand instanceof Operand.Target) {
            return Form.Kind.TARGET;
        }
        if (operand instanceof Operand.FarPointer) {
            return Form.Kind.FAR_POINTER;
        }
        if (operand instanceof Operand.Numbered register) {
            return switch (register.kind()) {
                case MMX -> Form.Kind.MMX;
                case XMM -> Form.Kind.XMM;
                default -> Form.Kind.NUMBER;
            };
        }
        return null;
    }

    private static int value(Operand operand) {
        if (operand instanceof Operand.Register register) {
            return register.number();
        }
        if (operand instanceof Operand.Immediate immediate) {
            return immediate.value();
        }
        if (operand instanceof Operand.Target target) {
            return target.displacement();
        }
        Operand.Numbered register = (Operand.Numbered) operand;
        return register.kind() == Operand.Numbered.Kind.XMM ? Simd.xmm(register.number()) : register.number();
    }

    private static void set(Use op, int slot, int value) {
        switch (slot) {
            case 0 -> op.p = value;
            case 1 -> op.q = value;
            default -> op.r = value;
        }
    }

    private static Op prototype(Insn insn, boolean flatData, boolean code32, CpuModel model) {
        Shape shape = shape(insn, flatData, code32, model);
        synchronized (PROTOTYPES) {
            Op known = BY_SHAPE.get(shape);
            if (known == null) {
                known = prototype(form(insn, flatData, code32, model));
                BY_SHAPE.put(shape, known);
            }
            return known;
        }
    }

    private static Shape shape(Insn insn, boolean flatData, boolean code32, CpuModel model) {
        Row row = insn.row();
        long details = row.feature().isEmpty() || model.has(row.feature()) ? 1 : 0;
        details = details << 1 | (flatData ? 1 : 0);
        details = details << 1 | (code32 ? 1 : 0);
        details = details << 1 | (insn.operandBits() == 16 ? 1 : 0);
        details = details << 1 | (insn.addressBits() == 16 ? 1 : 0);
        details = details << 2 | insn.repeat();
        details = details << 4 | insn.cc();
        List<Operand> operands = insn.operands();
        for (int i = 0; i < operands.size(); i++) {
            Operand operand = operands.get(i);
            Form.Kind kind = kind(row, i, operand);
            details = details << 4 | (kind == null ? 15 : kind.ordinal());
            if (operand instanceof Operand.Memory memory) {
                details = details << 2 | addressing(memory).ordinal();
                details = details << 3 | memory.segment();
            }
        }
        return new Shape(row, details);
    }

    private static Form.Addressing addressing(Operand.Memory memory) {
        return memory.index() != Operand.NO_REGISTER ? Form.Addressing.BASE_INDEX
            : memory.base() != Operand.NO_REGISTER ? Form.Addressing.BASE : Form.Addressing.ABSOLUTE;
    }

    private static Op prototype(Form form) {
        synchronized (PROTOTYPES) {
            Op known = PROTOTYPES.get(form);
            if (known == null) {
                known = define(OpWriter.write(form));
                PROTOTYPES.put(form, known);
            }
            return known;
        }
    }

    private static Op define(byte[] classFile) {
        try {
            return (Op) MethodHandles.lookup().defineHiddenClass(classFile, false).lookupClass()
                .getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException refused) {
            throw new IllegalStateException("generated operation was refused: " + refused, refused);
        }
    }
}
