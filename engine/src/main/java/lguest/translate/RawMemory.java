package lguest.translate;

import java.nio.ByteOrder;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The JVM's own access to arrays, of which its compilers make one machine instruction each. A {@link java.lang.invoke.VarHandle}
 * comes to the same in the end, but is a dozen methods to inline first, and C1 has to compile thousands of accesses in a hurry. It is
 * there where {@code java.base} exports it, as the manifest of the executable jar asks for; nothing but speed depends on that.
 *
 * <p>Nothing is checked: the address must come from the tables of {@link lguest.mem.LinearMemory}, which know of RAM only.
 */
final class RawMemory {
    static final String UNSAFE = "jdk/internal/misc/Unsafe";
    /** Null if it is not to be had. */
    static final Object INSTANCE = find();
    private static final long BYTE_ARRAY_BASE = INSTANCE == null ? 0 : base();

    private final Code code;

    RawMemory(Code code) {
        this.code = code;
    }

    private static Object find() {
        boolean exported = Object.class.getModule().isExported("jdk.internal.misc", RawMemory.class.getModule());
        if (!exported || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return null;
        }
        try {
            return Class.forName(UNSAFE.replace('/', '.')).getMethod("getUnsafe").invoke(null);
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }

    private static long base() {
        try {
            return ((Number) INSTANCE.getClass().getField("ARRAY_BYTE_BASE_OFFSET").get(null)).longValue();
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this JDK has another kind of " + UNSAFE + ": " + changed, changed);
        }
    }

    /** Pushes what {@link #get} and {@link #put} want first: a place so many bytes behind the one that a local variable has. */
    void place(int local, int distance) {
        code.known("UNSAFE", "L" + UNSAFE + ";");
        code.known("RAM", "[B");
        code.load(local);
        code.op(Opcodes.I2L);
        code.visitor.visitLdcInsn(BYTE_ARRAY_BASE + distance);
        code.op(Opcodes.LADD);
    }

    /** Takes a place, pushes what is there, zero-extended. */
    void get(int bits) {
        switch (bits) {
            case 8 -> {
                code.virtual(UNSAFE, "getByte", "(Ljava/lang/Object;J)B");
                code.constant(0xFF);
                code.op(Opcodes.IAND);
            }
            case 16 -> code.virtual(UNSAFE, "getChar", "(Ljava/lang/Object;J)C");
            default -> code.virtual(UNSAFE, "getInt", "(Ljava/lang/Object;J)I");
        }
    }

    /** Takes a place and a value, whose low bits go there. */
    void put(int bits) {
        switch (bits) {
            case 8 -> {
                code.op(Opcodes.I2B);
                code.virtual(UNSAFE, "putByte", "(Ljava/lang/Object;JB)V");
            }
            case 16 -> {
                code.op(Opcodes.I2C);
                code.virtual(UNSAFE, "putChar", "(Ljava/lang/Object;JC)V");
            }
            default -> code.virtual(UNSAFE, "putInt", "(Ljava/lang/Object;JI)V");
        }
    }
}
