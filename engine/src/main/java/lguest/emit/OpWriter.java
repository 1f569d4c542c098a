package lguest.emit;

import static net.bytebuddy.jar.asm.Opcodes.ACC_FINAL;
import static net.bytebuddy.jar.asm.Opcodes.ACC_PUBLIC;
import static net.bytebuddy.jar.asm.Opcodes.ACC_SUPER;
import static net.bytebuddy.jar.asm.Opcodes.ALOAD;
import static net.bytebuddy.jar.asm.Opcodes.GETFIELD;
import static net.bytebuddy.jar.asm.Opcodes.IADD;
import static net.bytebuddy.jar.asm.Opcodes.INVOKESPECIAL;
import static net.bytebuddy.jar.asm.Opcodes.RETURN;
import static net.bytebuddy.jar.asm.Opcodes.V17;

import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Type;

/** Writes the class file of one {@link Form}, an {@link Op} whose fields hold what differs from use to use. */
final class OpWriter extends Body {
    private static final String OP = Type.getInternalName(Op.class);

    private static final int CPU_LOCAL = 1;
    private static final int MEM_LOCAL = 2;
    private static final int FIRST_FREE = 3;

    private OpWriter(Form form, MethodVisitor code) {
        super(form, code, FIRST_FREE);
    }

    static byte[] write(Form form) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        String name = Type.getInternalName(OpWriter.class).replace("OpWriter", "Op_" + form.semantics().replace('.', '_'));
        writer.visit(V17, ACC_FINAL | ACC_SUPER, name, null, OP, null);
        MethodVisitor constructor = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, OP, "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        MethodVisitor code = writer.visitMethod(ACC_PUBLIC | ACC_FINAL, "run", "(L" + CPU + ";L" + MEM + ";)V", null, null);
        code.visitCode();
        new OpWriter(form, code).write();
        code.visitInsn(RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    @Override
    protected void cpu() {
        code.visitVarInsn(ALOAD, CPU_LOCAL);
    }

    @Override
    protected void mem() {
        code.visitVarInsn(ALOAD, MEM_LOCAL);
    }

    @Override
    protected void field(String name) {
        code.visitVarInsn(ALOAD, 0);
        code.visitFieldInsn(GETFIELD, OP, name, switch (name) {
            case "at", "after" -> "S";
            case "base", "index", "shift", "segment" -> "B";
            default -> "I";
        });
    }

    /** {@code cpu.eip + this.<distance>}, where cpu.eip still holds the block's first instruction. */
    @Override
    protected void eip(String distance) {
        cpu();
        code.visitFieldInsn(GETFIELD, CPU, "eip", "I");
        field(distance);
        code.visitInsn(IADD);
        if (form.codeBits() == 16) {
            mask16();
        }
    }
}
