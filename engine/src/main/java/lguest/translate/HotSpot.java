package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import java.lang.ref.WeakReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;

/**
 * HotSpot's compilers, told where to begin. By themselves they would have a region interpreted for a while before they compile it at all.
 * So C1 makes both generations at once: the first without counters, to stay; the second with counters, of which C2 makes something when
 * it sees fit, though not on the assumption that what has not happened never will ({@link Doubt}). The door is the one that the JDK's
 * own tests use; it is open if the JVM was started with {@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}, as the start script
 * does.
 *
 * <p>The JVM's flags are not touched: compilers read them more than once while they are at work, and crash if they have changed.
 */
final class HotSpot {
    /** Level of C1 without counters. */
    private static final int QUICK = 1;
    /** Level of C1 with counters of everything that C2 would like to know. */
    private static final int COUNTING = 3;
    /** Level of C2. */
    private static final int THOROUGH = 4;
    /** The JVM knows these methods by the name of their class, if that comes without a class loader. */
    private static final String WHITE_BOX = "jdk/test/whitebox/WhiteBox";
    private static final String ENQUEUE = "enqueueMethodForCompilation0";
    private static final String QUEUED = "isMethodQueuedForCompilation0";
    private static final String LEVEL = "getMethodCompilationLevel0";
    private static final String METHOD = "Ljava/lang/reflect/Executable;";
    private static final String QUEUE_SIZE = "getCompileQueueSize";
    /** With so many methods that wait for it, C2 is busy. */
    private static final int MOST_WAITING = 40;
    /** And with so many regions that count, or wait for it when they have: that is slower than the first generation. */
    private static final int MOST_COUNTING = 4;
    /** One that has counted for so long is not executed often enough to keep others waiting. */
    private static final long LONG_NANOS = 1_000_000_000;
    /** How often a method is called that C2 is to know. */
    private static final int WELL_KNOWN = 20_000;
    /** Where execution begins: at the method's first instruction, not in a loop. */
    private static final int ENTRY = -1;

    /** Null if the JVM was not started for that. */
    static final HotSpot COMPILERS = find();

    private final List<Counting> counting = new ArrayList<>();
    private final Object whiteBox;
    private final Method enqueue;
    private final Method queued;
    private final Method level;
    private final Method queueSize;
    /** Whether there is C2. */
    private final boolean thorough;

    /** A region that counts, since when. It may be out of use, and its guest gone: then it is not to be kept. */
    private record Counting(WeakReference<Region> region, long since) {
    }

    private HotSpot(Class<?> type) throws ReflectiveOperationException {
        whiteBox = type.getDeclaredConstructor().newInstance();
        enqueue = type.getMethod(ENQUEUE, Executable.class, int.class, int.class);
        queued = type.getMethod(QUEUED, Executable.class);
        level = type.getMethod(LEVEL, Executable.class, boolean.class);
        queueSize = type.getMethod(QUEUE_SIZE, int.class);
        // This throws if the door is shut.
        queueSize.invoke(whiteBox, THOROUGH);
        thorough = (boolean) enqueue.invoke(whiteBox, Math.class.getMethod("floorMod", int.class, int.class), THOROUGH, ENTRY);
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
            // There may be no C1 behind it: -XX:-TieredCompilation.
            Method ours = HotSpot.class.getDeclaredMethod("classFile");
            if (!(boolean) found.enqueue.invoke(found.whiteBox, ours, QUICK, ENTRY)) {
                return null;
            }
            if (found.thorough) {
                Thread doubting = new Thread(found::doubt, "lguest-doubt");
                doubting.setDaemon(true);
                doubting.start();
            }
            return found;
        } catch (ReflectiveOperationException | LinkageError closed) {
            return null;
        }
    }

    /** A region's method that C1 has been asked for: when it has nothing better to do, so that the JVM's own code does not wait. */
    final class Compilation {
        private final Region region;
        private final Method method;
        private final int wanted;

        private Compilation(Region region, int wanted) {
            this.region = region;
            this.method = runOf(region);
            this.wanted = wanted;
            call(enqueue, method, wanted, ENTRY);
        }

        boolean isUnderWay() {
            return (boolean) call(queued, method);
        }

        /** Whether it has come to something. */
        boolean isThere() {
            return levelOf(method) == wanted;
        }

        /** It is used from now on. If it counts, C2 makes something of that, if it is executed often. */
        void used() {
            if (wanted == COUNTING) {
                synchronized (counting) {
                    counting.add(new Counting(new WeakReference<>(region), System.nanoTime()));
                }
            }
        }
    }

    private int levelOf(Method method) {
        return (int) call(level, method, false);
    }

    /** Whether C2 has so much to do that it should not be asked for more: what interprets and what the JVM itself is made of come first. */
    boolean isBusy() {
        synchronized (counting) {
            counting.removeIf(this::hasCounted);
            return counting.size() >= MOST_COUNTING || (int) call(queueSize, THOROUGH) > MOST_WAITING;
        }
    }

    private boolean hasCounted(Counting one) {
        Region region = one.region.get();
        return region == null || region.retired() || System.nanoTime() - one.since > LONG_NANOS || levelOf(runOf(region)) != COUNTING;
    }

    /**
     * Has C1 compile a region, before anybody executes it.
     *
     * @param again it is of the second generation
     * @return where to ask what has become of it: nothing, if the JVM refuses
     */
    Compilation compile(Region region, boolean again) {
        return new Compilation(region, again && thorough ? COUNTING : QUICK);
    }

    /** Has C2 assume wrongly what it is to doubt from then on. Compilers are waited for: lguest.directives says so. */
    private void doubt() {
        Method take = ofInt(Doubt.class, "take");
        Method count = ofInt(Doubt.class, "count");
        call(enqueue, take, COUNTING, ENTRY);
        call(enqueue, count, COUNTING, ENTRY);
        for (int i = 0; i < WELL_KNOWN; i++) {
            Doubt.nothing();
            Doubt.count(i & 7);
        }
        call(enqueue, take, THOROUGH, ENTRY);
        Doubt.take(1);
        call(enqueue, count, THOROUGH, ENTRY);
        Doubt.count(Integer.MAX_VALUE);
    }

    private static Method runOf(Region region) {
        return ofInt(region.getClass(), "run");
    }

    private static Method ofInt(Class<?> type, String name) {
        try {
            return type.getDeclaredMethod(name, int.class);
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
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, QUEUE_SIZE, "(I)I", null, null).visitEnd();
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
