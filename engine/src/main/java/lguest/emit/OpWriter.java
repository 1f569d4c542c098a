package lguest.emit;

import static net.bytebuddy.jar.asm.Opcodes.ACC_FINAL;
import static net.bytebuddy.jar.asm.Opcodes.ACC_PUBLIC;
import static net.bytebuddy.jar.asm.Opcodes.ACC_SUPER;
import static net.bytebuddy.jar.asm.Opcodes.ALOAD;
import static net.bytebuddy.jar.asm.Opcodes.GETFIELD;
import static net.bytebuddy.jar.asm.Opcodes.IADD;
import static net.bytebuddy.jar.asm.Opcodes.IALOAD;
import static net.bytebuddy.jar.asm.Opcodes.IAND;
import static net.bytebuddy.jar.asm.Opcodes.ILOAD;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESPECIAL;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESTATIC;
import static net.bytebuddy.jar.asm.Opcodes.INVOKEVIRTUAL;
import static net.bytebuddy.jar.asm.Opcodes.ISHL;
import static net.bytebuddy.jar.asm.Opcodes.ISTORE;
import static net.bytebuddy.jar.asm.Opcodes.PUTFIELD;
import static net.bytebuddy.jar.asm.Opcodes.RETURN;
import static net.bytebuddy.jar.asm.Opcodes.SIPUSH;
import static net.bytebuddy.jar.asm.Opcodes.V17;

import lguest.cpu.CpuState;
import lguest.cpu.Simd;
import lguest.mem.LinearMemory;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/**
 * Writes the class file of one {@link Form}: address, load, call, store. There are no branches in it; whatever has to be decided
 * is decided in the semantic method.
 */
final class OpWriter {
    private static final String CPU = Type.getInternalName(CpuState.class);
    private static final String MEM = Type.getInternalName(LinearMemory.class);
    private static final String OP = Type.getInternalName(Op.class);
    private static final String ACCESS = Type.getInternalName(Access.class);

    private static final int CPU_LOCAL = 1;
    private static final int MEM_LOCAL = 2;
    private static final int ADDRESS = 3;
    private static final int FIRST = 4;
    private static final int RESULT = 5;
    private static final int SELF = 6;

    private static final String[] OPERAND_FIELDS = {"p", "q", "r"};

    private final Form form;
    private final Binding binding;
    private final MethodVisitor code;
    private final ClassWriter writer;

    private OpWriter(Form form, Binding binding) {
        this.form = form;
        this.binding = binding;
        writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        String name = Type.getInternalName(OpWriter.class).replace("OpWriter", "Op_" + form.semantics().replace('.', '_'));
        writer.visit(V17, ACC_FINAL | ACC_SUPER, name, null, OP, null);
        MethodVisitor constructor = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, OP, "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        code = writer.visitMethod(ACC_PUBLIC | ACC_FINAL, "run", "(L" + CPU + ";L" + MEM + ";)V", null, null);
    }

    static byte[] write(Form form, Binding binding) {
        OpWriter writer = new OpWriter(form, binding);
        writer.body();
        writer.writer.visitEnd();
        return writer.writer.toByteArray();
    }

    /** A class that only calls one method of {@link Access}: rows without semantics of their own. */
    static byte[] writeTrap(Form form, String method) {
        OpWriter writer = new OpWriter(form, null);
        writer.code.visitCode();
        writer.code.visitVarInsn(ALOAD, CPU_LOCAL);
        writer.access(method, "(L" + CPU + ";)V");
        writer.finish();
        writer.writer.visitEnd();
        return writer.writer.toByteArray();
    }

    private void body() {
        code.visitCode();
        if (form.cpl0()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            access("supervisor", "(L" + CPU + ";)V");
        }
        if (form.sse()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            access("sse", "(L" + CPU + ";)V");
        }
        if (form.mmx()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            access("mmx", "(L" + CPU + ";)V");
        }
        if (wants(Binding.Role.SELF)) {
            eip("at");
            code.visitVarInsn(ISTORE, SELF);
        }
        if (form.ends()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            eip("after");
            code.visitFieldInsn(PUTFIELD, CPU, "eip", "I");
        }
        if (form.addressing() != Form.Addressing.NONE) {
            address();
            code.visitVarInsn(ISTORE, ADDRESS);
        }
        int vector = form.kinds().indexOf(Form.Kind.VECTOR);
        if (vector > 0) {
            vector("readVector");
        }
        boolean readsFirst = binding.stores() && binding.values() == valueOperands();
        boolean keepsFirst = readsFirst && (form.kinds().get(0) == Form.Kind.MEMORY || form.exchange());
        if (keepsFirst) {
            loadFirstForUpdate();
            code.visitVarInsn(ISTORE, FIRST);
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
                code.visitVarInsn(ILOAD, FIRST);
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
            code.visitVarInsn(ISTORE, RESULT);
            if (form.exchange()) {
                store(1, FIRST);
            }
            store(0, RESULT);
        }
        if (vector == 0) {
            vector("writeVector");
        }
        if (form.mmx()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            access("enterMmx", "(L" + CPU + ";)V");
        }
        if (form.writesMmx()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            field(OPERAND_FIELDS[0]);
            access("wroteMmx", "(L" + CPU + ";I)V");
        }
        finish();
    }

    /** Memory to or from the place in the vector registers that stands for it. */
    private void vector(String method) {
        code.visitVarInsn(ALOAD, CPU_LOCAL);
        code.visitVarInsn(ALOAD, MEM_LOCAL);
        field("segment");
        code.visitVarInsn(ILOAD, ADDRESS);
        constant(form.memoryBits());
        constant(form.unaligned() ? 1 : 0);
        access(method, "(L" + CPU + ";L" + MEM + ";IIIZ)V");
    }

    private void finish() {
        code.visitInsn(RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
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
            case CPU -> code.visitVarInsn(ALOAD, CPU_LOCAL);
            case MEMORY -> code.visitVarInsn(ALOAD, MEM_LOCAL);
            case BITS -> constant(form.bits());
            case OPERAND_BITS -> constant(form.operandBits());
            case SOURCE_BITS -> constant(form.sourceBits());
            case ADDRESS_BITS -> constant(form.addressBits());
            case CC -> constant(form.cc());
            case REPEAT -> constant(form.repeat());
            case SELF -> code.visitVarInsn(ILOAD, SELF);
            case NEXT -> next();
            case SEGMENT -> field("segment");
            default -> code.visitVarInsn(ILOAD, ADDRESS);
        }
    }

    private void next() {
        if (form.ends()) {
            code.visitVarInsn(ALOAD, CPU_LOCAL);
            code.visitFieldInsn(GETFIELD, CPU, "eip", "I");
        } else {
            eip("after");
        }
    }

    /** {@code cpu.eip + this.<distance>}, where cpu.eip still holds the block's first instruction. */
    private void eip(String distance) {
        code.visitVarInsn(ALOAD, CPU_LOCAL);
        code.visitFieldInsn(GETFIELD, CPU, "eip", "I");
        field(distance);
        code.visitInsn(IADD);
        if (form.codeBits() == 16) {
            mask16();
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
        code.visitVarInsn(ALOAD, CPU_LOCAL);
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
        code.visitVarInsn(ALOAD, CPU_LOCAL);
        field(numberField);
        access(method, "(L" + CPU + ";I)I");
    }

    private void store(int operand, int local) {
        Form.Kind kind = form.kinds().get(operand);
        if (kind == Form.Kind.MEMORY) {
            code.visitVarInsn(ALOAD, MEM_LOCAL);
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
        code.visitVarInsn(ALOAD, CPU_LOCAL);
        field(OPERAND_FIELDS[operand]);
        code.visitVarInsn(ILOAD, local);
        access(setter, "(L" + CPU + ";II)V");
    }

    private void memory(String verb, String result) {
        code.visitVarInsn(ALOAD, MEM_LOCAL);
        place();
        code.visitMethodInsn(INVOKEVIRTUAL, MEM, verb + form.memoryBits(), (form.linear() ? "(I)" : "(II)") + result, false);
    }

    /** Linear address, or segment and offset. */
    private void place() {
        if (!form.linear()) {
            field("segment");
        }
        code.visitVarInsn(ILOAD, ADDRESS);
    }

    private void field(String name) {
        code.visitVarInsn(ALOAD, 0);
        code.visitFieldInsn(GETFIELD, OP, name, "I");
    }

    private void access(String method, String descriptor) {
        code.visitMethodInsn(INVOKESTATIC, ACCESS, method, descriptor, false);
    }

    private void constant(int value) {
        code.visitIntInsn(SIPUSH, value);
    }

    private void mask16() {
        code.visitLdcInsn(0xFFFF);
        code.visitInsn(IAND);
    }
}
