package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;

/**
 * HotSpot's quick compiler, told what to compile instead of left to find it out: it would have a region interpreted for a while,
 * compile it to count what it does, and only when it has heard that C2 will not take it compile it in earnest. The door is the one
 * that the JDK's own tests use; it is open if the JVM was started with {@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}, as
 * the start script does.
 */
final class HotSpot {
    /** Level of C1 without counters. */
    private static final int QUICK = 1;
    /** Null if the JVM was not started for that. */
    static final HotSpot C1 = find();

    /** The JVM knows these methods by the name of their class, if that comes without a class loader. */
    private static final String WHITE_BOX = "jdk/test/whitebox/WhiteBox";
    private static final String ENQUEUE = "enqueueMethodForCompilation0";
    private static final String QUEUED = "isMethodQueuedForCompilation0";
    private static final String LEVEL = "getMethodCompilationLevel0";
    private static final String METHOD = "Ljava/lang/reflect/Executable;";
    /** Where execution begins: at the method's first instruction, not in a loop. */
    private static final int ENTRY = -1;

    private final Object whiteBox;
    private final Method enqueue;
    private final Method queued;
    private final Method level;

    private HotSpot(Class<?> type) throws ReflectiveOperationException {
        whiteBox = type.getDeclaredConstructor().newInstance();
        enqueue = type.getMethod(ENQUEUE, Executable.class, int.class, int.class);
        queued = type.getMethod(QUEUED, Executable.class);
        level = type.getMethod(LEVEL, Executable.class, boolean.class);
    }

    private static HotSpot find() {
        if (RawMemory.INSTANCE == null || !Boolean.getBoolean("lguest.compiler.directed")) {
            return null;
        }
        try {
            byte[] file = classFile();
            Method define = RawMemory.INSTANCE.getClass().getMethod("defineClass",
                String.class, byte[].class, int.class, int.class, ClassLoader.class, ProtectionDomain.class);
            HotSpot found = new HotSpot((Class<?>) define.invoke(RawMemory.INSTANCE, WHITE_BOX, file, 0, file.length, null, null));
            // Throws if the door is shut. There may be no C1 behind it: -XX:-TieredCompilation.
            Method ours = HotSpot.class.getDeclaredMethod("classFile");
            return (boolean) found.enqueue.invoke(found.whiteBox, ours, QUICK, ENTRY) ? found : null;
        } catch (ReflectiveOperationException | LinkageError closed) {
            return null;
        }
    }

    /** A method that C1 has been asked to compile: when it has nothing better to do, so that the JVM's own code does not wait. */
    final class Compilation {
        private final Method method;

        private Compilation(Method method) {
            this.method = method;
        }

        boolean isUnderWay() {
            return (boolean) call(queued, method);
        }

        /** Whether it has come to something. */
        boolean isThere() {
            return (int) call(level, method, false) == QUICK;
        }
    }

    /**
     * Has C1 compile a region, before anybody executes it.
     *
     * @return where to ask what has become of it: nothing, if the JVM refuses
     */
    Compilation compile(Region region) {
        try {
            Method method = region.getClass().getDeclaredMethod("run", int.class);
            call(enqueue, method, QUICK, ENTRY);
            return new Compilation(method);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Object call(Method method, Object... arguments) {
        try {
            return method.invoke(whiteBox, arguments);
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException("the JVM's compilers cannot be asked: " + failed, failed);
        }
    }

    private static byte[] classFile() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(V17, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, WHITE_BOX, null, "java/lang/Object", null);
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, ENQUEUE, "(" + METHOD + "II)Z", null, null).visitEnd();
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, QUEUED, "(" + METHOD + ")Z", null, null).visitEnd();
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, LEVEL, "(" + METHOD + "Z)I", null, null).visitEnd();
        writer.visitMethod(ACC_PRIVATE | ACC_STATIC | ACC_NATIVE, "registerNatives", "()V", null, null).visitEnd();
        MethodVisitor constructor = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        MethodVisitor initialiser = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        initialiser.visitCode();
        initialiser.visitMethodInsn(INVOKESTATIC, WHITE_BOX, "registerNatives", "()V", false);
        initialiser.visitInsn(RETURN);
        initialiser.visitMaxs(0, 0);
        initialiser.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }
}
