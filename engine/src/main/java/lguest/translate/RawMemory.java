package lguest.translate;

import java.nio.ByteOrder;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The JVM's own access to arrays, of which its compilers make one machine instruction each. A {@link java.lang.invoke.VarHandle}
 * comes to the same in the end, but is a dozen methods to inline first, and C1 has to compile thousands of accesses in a hurry. It is
 * there where {@code java.base} exports it, as the manifest of the executable jar asks for; nothing but speed depends on that.
 *
 * <p>Nothing is checked: a place must come from the tables of {@link lguest.mem.LinearMemory}, which know of RAM only, and have an entry
 * for each number that 20 bits can be.
 */
final class RawMemory {
    static final String UNSAFE = "jdk/internal/misc/Unsafe";
    /** Null if it is not to be had. */
    static final Object INSTANCE = find();
    private static final long BYTE_ARRAY_BASE = INSTANCE == null ? 0 : base("ARRAY_BYTE_BASE_OFFSET");
    private static final int INT_ARRAY_BASE = INSTANCE == null ? 0 : (int) base("ARRAY_INT_BASE_OFFSET");
    private static final int LOG_INT_BYTES = 2;

    private final Code code;
    private final boolean optimized;

    /** @param optimized made for C2, which leaves out checks that cannot fail, and adds constants in the address; C1 does neither */
    RawMemory(Code code, boolean optimized) {
        this.code = code;
        this.optimized = optimized;
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

    private static long base(String field) {
        try {
            return ((Number) INSTANCE.getClass().getField(field).get(null)).longValue();
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this JDK has another kind of " + UNSAFE + ": " + changed, changed);
        }
    }

    /** Pushes what {@link #get} and {@link #put} want first: a place so many bytes behind the one that a local variable has. */
    void place(int local, int distance) {
        code.known(Known.UNSAFE);
        code.known(Known.RAM);
        code.load(local);
        if (optimized) {
            code.op(Opcodes.I2L);
            code.visitor.visitLdcInsn(BYTE_ARRAY_BASE + distance);
            code.op(Opcodes.LADD);
        } else {
            code.constant((int) BYTE_ARRAY_BASE + distance);
            code.op(Opcodes.IADD);
            code.op(Opcodes.I2L);
        }
    }

    /** Begins to take an entry of a table of the region's class: the number of a page is pushed next, then {@link #endEntry}. */
    void beginEntry(Known table) {
        if (!optimized) {
            code.known(Known.UNSAFE);
        }
        code.known(table);
    }

    /** Pushes the entry. C1 would check the number and have code ready for each that is wrong. */
    void endEntry() {
        if (optimized) {
            code.op(Opcodes.IALOAD);
            return;
        }
        code.constant(LOG_INT_BYTES);
        code.op(Opcodes.ISHL);
        code.constant(INT_ARRAY_BASE);
        code.op(Opcodes.IADD);
        code.op(Opcodes.I2L);
        code.virtual(UNSAFE, "getInt", "(Ljava/lang/Object;J)I");
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
