package lguest.translate;

import static net.bytebuddy.jar.asm.Opcodes.*;

import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;

/**
 * HotSpot's compilers, told what to compile instead of left to find it out. By themselves they would have a region interpreted for a
 * while, compile it to count what it does, and then compile it on the assumption that it will not do what it has not done yet. It
 * will. So C1 makes the first generation at once, without counters. It makes the second with counters, too, and as soon as they say
 * something C2 makes it anew, without assumptions. The door is the one that the JDK's own tests use; it is open if the JVM was started
 * with {@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}, as the start script does.
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
    private static final String SET_FLAG = "setIntxVMFlag";
    /** How often the assumption that something will not happen may turn out to be wrong in a method before C2 makes no more of them. */
    private static final String TRAPS = "PerMethodTrapLimit";
    private static final long MOST_TRAPS = 100;
    /** How much must have been counted before it is used, in hundredths of what has C2 compile a method unasked. */
    private static final String MATURITY = "ProfileMaturityPercentage";
    private static final long MATURE = 20;
    /** With so many methods that wait for it, C2 is busy. */
    private static final int MOST_WAITING = 40;
    /** And with so many regions that count, or wait for it when they have: that is slower than the first generation. */
    private static final int MOST_COUNTING = 4;
    /** How long the second generation counts what happens. */
    private static final int COUNTING_MILLIS = 20;
    /** Where execution begins: at the method's first instruction, not in a loop. */
    private static final int ENTRY = -1;

    /** Null if the JVM was not started for that. */
    static final HotSpot COMPILERS = find();

    /** Runs whoever waits for C2, which takes first what somebody waits for. */
    private final Executor waits = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "lguest-waits-for-c2");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger counting = new AtomicInteger();
    private final Object whiteBox;
    private final Method enqueue;
    private final Method queued;
    private final Method level;
    private final Method queueSize;
    private final Method setFlag;
    /** Whether there is C2. */
    private final boolean thorough;

    private HotSpot(Class<?> type) throws ReflectiveOperationException {
        whiteBox = type.getDeclaredConstructor().newInstance();
        enqueue = type.getMethod(ENQUEUE, Executable.class, int.class, int.class);
        queued = type.getMethod(QUEUED, Executable.class);
        level = type.getMethod(LEVEL, Executable.class, boolean.class);
        queueSize = type.getMethod(QUEUE_SIZE, int.class);
        setFlag = type.getMethod(SET_FLAG, String.class, long.class);
        // These throw if the door is shut.
        setFlag.invoke(whiteBox, MATURITY, MATURE);
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
            return (boolean) found.enqueue.invoke(found.whiteBox, ours, QUICK, ENTRY) ? found : null;
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
            return isAt(wanted);
        }

        private boolean isAt(int compiled) {
            return (int) call(level, method, false) == compiled;
        }

        /** It is used from now on. If it counts, C2 makes something of that, some time later. */
        void used() {
            if (wanted == COUNTING) {
                counting.incrementAndGet();
                CompletableFuture.delayedExecutor(COUNTING_MILLIS, TimeUnit.MILLISECONDS, waits).execute(this::optimize);
            }
        }

        private void optimize() {
            try {
                if (!region.retired()) {
                    thoroughly();
                    if (!isAt(THOROUGH)) {
                        // C2 will not have it. It has counted for long enough.
                        call(enqueue, method, QUICK, ENTRY);
                    }
                }
            } finally {
                counting.decrementAndGet();
            }
        }

        /**
         * Has it compiled by C2, and waits for that: lguest.directives says so. What else C2 begins with meanwhile is made without
         * assumptions, too, and therefore slower; so it is asked first, and for little.
         */
        private void thoroughly() {
            try {
                call(setFlag, TRAPS, 0L);
                call(setFlag, MATURITY, 0L);
                call(enqueue, method, THOROUGH, ENTRY);
            } finally {
                call(setFlag, TRAPS, MOST_TRAPS);
                call(setFlag, MATURITY, MATURE);
            }
        }
    }

    /** Whether C2 has so much to do that it should not be asked for more: what interprets and what the JVM itself is made of come first. */
    boolean isBusy() {
        return counting.get() >= MOST_COUNTING || (int) call(queueSize, THOROUGH) > MOST_WAITING;
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

    private static Method runOf(Region region) {
        try {
            return region.getClass().getDeclaredMethod("run", int.class);
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
        writer.visitMethod(ACC_PUBLIC | ACC_NATIVE, SET_FLAG, "(Ljava/lang/String;J)V", null, null).visitEnd();
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
