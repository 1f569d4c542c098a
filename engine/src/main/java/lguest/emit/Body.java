package lguest.emit;

import static net.bytebuddy.jar.asm.Opcodes.GETFIELD;
import static net.bytebuddy.jar.asm.Opcodes.IADD;
import static net.bytebuddy.jar.asm.Opcodes.IALOAD;
import static net.bytebuddy.jar.asm.Opcodes.IAND;
import static net.bytebuddy.jar.asm.Opcodes.ILOAD;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESTATIC;
import static net.bytebuddy.jar.asm.Opcodes.INVOKEVIRTUAL;
import static net.bytebuddy.jar.asm.Opcodes.ISHL;
import static net.bytebuddy.jar.asm.Opcodes.ISTORE;
import static net.bytebuddy.jar.asm.Opcodes.PUTFIELD;
import static net.bytebuddy.jar.asm.Opcodes.SIPUSH;

import lguest.cpu.CpuState;
import lguest.cpu.Simd;
import lguest.mem.LinearMemory;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/**
 * The code of one {@link Form}: address, load, call, store. There are no branches in it; whatever has to be decided is decided
 * in the semantic method. Where processor, memory and the numbers of a {@link Use} come from is up to subclasses.
 */
public abstract class Body {
    protected static final String CPU = Type.getInternalName(CpuState.class);
    protected static final String MEM = Type.getInternalName(LinearMemory.class);
    private static final String ACCESS = Type.getInternalName(Access.class);

    private static final String[] OPERAND_FIELDS = {"p", "q", "r"};

    protected final Form form;
    protected final MethodVisitor code;
    private final Binding binding;
    private final int address;
    private final int first;
    private final int result;
    private final int self;

    /** @param locals number of the first of four local variables to use */
    protected Body(Form form, MethodVisitor code, int locals) {
        this.form = form;
        this.code = code;
        binding = form.isTrap() ? null : Binding.of(form.semantics());
        address = locals;
        first = locals + 1;
        result = locals + 2;
        self = locals + 3;
    }

    /** Pushes the {@link CpuState}. */
    protected abstract void cpu();

    /** Pushes the {@link LinearMemory}. */
    protected abstract void mem();

    /** Pushes a field of the {@link Use}. */
    protected abstract void field(String name);

    /** Pushes EIP at a distance, a field of the {@link Use}, from the first instruction of the block. */
    protected abstract void eip(String distance);

    /** Whether memory is accessed, and with it whatever may come of that. */
    public final boolean usesMemory() {
        return binding != null && (wants(Binding.Role.MEMORY) || form.memoryBits() != 0);
    }

    /** Writes everything but the return. */
    public final void write() {
        switch (form.semantics()) {
            case "-" -> { }
            case "ud" -> trap("undefined");
            case "toolong" -> trap("tooLong");
            default -> body();
        }
    }

    private void trap(String method) {
        cpu();
        access(method, "(L" + CPU + ";)V");
    }

    private void body() {
        if (form.cpl0()) {
            cpu();
            access("supervisor", "(L" + CPU + ";)V");
        }
        if (form.sse()) {
            cpu();
            access("sse", "(L" + CPU + ";)V");
        }
        if (form.mmx()) {
            cpu();
            access("mmx", "(L" + CPU + ";)V");
        }
        if (wants(Binding.Role.SELF)) {
            eip("at");
            code.visitVarInsn(ISTORE, self);
        }
        if (form.ends()) {
            cpu();
            eip("after");
            code.visitFieldInsn(PUTFIELD, CPU, "eip", "I");
        }
        if (form.addressing() != Form.Addressing.NONE) {
            address();
            code.visitVarInsn(ISTORE, address);
        }
        int vector = form.kinds().indexOf(Form.Kind.VECTOR);
        if (vector > 0) {
            vector("readVector");
        }
        boolean readsFirst = binding.stores() && binding.values() == valueOperands();
        boolean keepsFirst = readsFirst && (form.kinds().get(0) == Form.Kind.MEMORY || form.exchange());
        if (keepsFirst) {
            loadFirstForUpdate();
            code.visitVarInsn(ISTORE, first);
        }
        // One parameter short: the first operand is only written, here or later (IN).
        int operand = binding.values() < valueOperands() ? 1 : 0;
        int part = 0;
        for (Binding.Role role : binding.roles()) {
            if (role != Binding.Role.VALUE) {
                context(role);
                continue;
            }
            operand = skipAddress(operand);
            Form.Kind kind = form.kinds().get(operand);
            if (operand == 0 && keepsFirst) {
                code.visitVarInsn(ILOAD, first);
            } else if (kind == Form.Kind.FAR_POINTER) {
                field(OPERAND_FIELDS[operand + part]);
                if (part == 0) {
                    part = 1;
                    continue;
                }
            } else {
                load(operand);
            }
            operand++;
        }
        code.visitMethodInsn(INVOKESTATIC, Type.getInternalName(binding.method().getDeclaringClass()), binding.method().getName(),
            Type.getMethodDescriptor(binding.method()), false);
        if (binding.stores()) {
            code.visitVarInsn(ISTORE, result);
            if (form.exchange()) {
                store(1, first);
            }
            store(0, result);
        }
        if (vector == 0) {
            vector("writeVector");
        }
        if (form.mmx()) {
            cpu();
            access("enterMmx", "(L" + CPU + ";)V");
        }
        if (form.writesMmx()) {
            cpu();
            field(OPERAND_FIELDS[0]);
            access("wroteMmx", "(L" + CPU + ";I)V");
        }
    }

    /** Memory to or from the place in the vector registers that stands for it. */
    private void vector(String method) {
        cpu();
        mem();
        field("segment");
        code.visitVarInsn(ILOAD, address);
        constant(form.memoryBits());
        constant(form.unaligned() ? 1 : 0);
        access(method, "(L" + CPU + ";L" + MEM + ";IIIZ)V");
    }

    private boolean wants(Binding.Role role) {
        for (Binding.Role present : binding.roles()) {
            if (present == role) {
                return true;
            }
        }
        return false;
    }

    /** Operands that are values to the method: all but a memory operand it takes by address; a far pointer is two. */
    private int valueOperands() {
        int count = 0;
        for (Form.Kind kind : form.kinds()) {
            count += kind == Form.Kind.MEMORY && binding.byAddress() ? 0 : kind == Form.Kind.FAR_POINTER ? 2 : 1;
        }
        return count;
    }

    private int skipAddress(int operand) {
        return binding.byAddress() && form.kinds().get(operand) == Form.Kind.MEMORY ? operand + 1 : operand;
    }

    private void context(Binding.Role role) {
        switch (role) {
            case CPU -> cpu();
            case MEMORY -> mem();
            case BITS -> constant(form.bits());
            case OPERAND_BITS -> constant(form.operandBits());
            case SOURCE_BITS -> constant(form.sourceBits());
            case ADDRESS_BITS -> constant(form.addressBits());
            case CC -> constant(form.cc());
            case REPEAT -> constant(form.repeat());
            case SELF -> code.visitVarInsn(ILOAD, self);
            case NEXT -> next();
            case SEGMENT -> field("segment");
            default -> code.visitVarInsn(ILOAD, address);
        }
    }

    private void next() {
        if (form.ends()) {
            cpu();
            code.visitFieldInsn(GETFIELD, CPU, "eip", "I");
        } else {
            eip("after");
        }
    }

    private void address() {
        field("displacement");
        if (form.addressing() == Form.Addressing.BASE || form.addressing() == Form.Addressing.BASE_INDEX) {
            register("base");
            code.visitInsn(IADD);
        }
        if (form.addressing() == Form.Addressing.BASE_INDEX) {
            register("index");
            field("shift");
            code.visitInsn(ISHL);
            code.visitInsn(IADD);
        }
        if (form.addressBits() == 16) {
            mask16();
        }
    }

    private void register(String numberField) {
        cpu();
        code.visitFieldInsn(GETFIELD, CPU, "regs", "[I");
        field(numberField);
        code.visitInsn(IALOAD);
    }

    private void loadFirstForUpdate() {
        if (form.kinds().get(0) == Form.Kind.MEMORY) {
            memory("modify", "I");
        } else {
            load(0);
        }
    }

    private void load(int operand) {
        String at = OPERAND_FIELDS[operand];
        switch (form.kinds().get(operand)) {
            case LOW8 -> narrow("low8", at);
            case HIGH8 -> narrow("high8", at);
            case WORD -> narrow("word", at);
            case DWORD -> register(at);
            case MEMORY -> memory("read", "I");
            case VECTOR -> constant(Simd.MEMORY);
            case TARGET -> {
                next();
                field(at);
                code.visitInsn(IADD);
                if (form.operandBits() == 16) {
                    mask16();
                }
            }
            default -> field(at);
        }
    }

    private void narrow(String method, String numberField) {
        cpu();
        field(numberField);
        access(method, "(L" + CPU + ";I)I");
    }

    private void store(int operand, int local) {
        Form.Kind kind = form.kinds().get(operand);
        if (kind == Form.Kind.MEMORY) {
            mem();
            place();
            code.visitVarInsn(ILOAD, local);
            code.visitMethodInsn(INVOKEVIRTUAL, MEM, "write" + form.memoryBits(), form.linear() ? "(II)V" : "(III)V", false);
            return;
        }
        String setter = switch (kind) {
            case LOW8 -> "setLow8";
            case HIGH8 -> "setHigh8";
            case WORD -> "setWord";
            case DWORD -> "setDword";
            default -> throw new IllegalStateException("instruction table: " + form.semantics() + " stores into " + kind);
        };
        cpu();
        field(OPERAND_FIELDS[operand]);
        code.visitVarInsn(ILOAD, local);
        access(setter, "(L" + CPU + ";II)V");
    }

    private void memory(String verb, String result) {
        mem();
        place();
        code.visitMethodInsn(INVOKEVIRTUAL, MEM, verb + form.memoryBits(), (form.linear() ? "(I)" : "(II)") + result, false);
    }

    /** Linear address, or segment and offset. */
    private void place() {
        if (!form.linear()) {
            field("segment");
        }
        code.visitVarInsn(ILOAD, address);
    }

    private void access(String method, String descriptor) {
        code.visitMethodInsn(INVOKESTATIC, ACCESS, method, descriptor, false);
    }

    private void constant(int value) {
        code.visitIntInsn(SIPUSH, value);
    }

    protected final void mask16() {
        code.visitLdcInsn(0xFFFF);
        code.visitInsn(IAND);
    }
}
