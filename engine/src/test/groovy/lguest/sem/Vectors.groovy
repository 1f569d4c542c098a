package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.cpu.Simd

/** Registers of x87, MMX and SSE as intoracle.c passes them: FNSAVE's 108 bytes, MXCSR, XMM0 to XMM7. */
@CompileStatic
class Vectors {
    static final int FSAVE_BYTES = 108
    static final int XMM = FSAVE_BYTES + 4
    static final int BYTES = XMM + 8 * 16

    private static final int TAGS = 8
    private static final int POINTERS = 12
    private static final int REGISTERS = 28

    final byte[] bytes = new byte[BYTES]

    /** As after FNINIT, and zeroes. */
    Vectors() {
        control(0x37F).put(TAGS, 0xFFFF)
        mxcsr(Simd.INITIAL_MXCSR)
    }

    static Vectors read(ByteBuffer from) {
        Vectors read = new Vectors()
        from.get(read.bytes)
        // Linux and FNSAVE disagree about the upper halves; instruction and operand pointers depend on where code lies.
        for (int at = 0; at < POINTERS; at += 4) {
            read.put(at, read.get(at) & 0xFFFF)
        }
        for (int at = POINTERS; at < REGISTERS; at += 4) {
            read.put(at, 0)
        }
        read
    }

    Vectors copy() {
        read(ByteBuffer.wrap(bytes.clone()))
    }

    int get(int at) {
        words().getInt(at)
    }

    Vectors put(int at, int value) {
        words().putInt(at, value)
        this
    }

    Vectors control(int value) {
        put(0, value)
    }

    /** Status word, with what TOP it says. */
    Vectors status(int value) {
        put(4, value)
    }

    int mxcsr() {
        get(FSAVE_BYTES)
    }

    Vectors mxcsr(int value) {
        put(FSAVE_BYTES, value)
    }

    /** @param i ST(i), which is MMi while TOP is 0 */
    Vectors st(int i, int signExponent, long significand) {
        words().putLong(REGISTERS + 10 * i, significand).putShort(REGISTERS + 10 * i + 8, signExponent as short)
        this
    }

    /** An MMX register, whatever TOP is. */
    long mmx(int number) {
        words().getLong(REGISTERS + 10 * (number - (get(4) >> 11) & 7))
    }

    Vectors tags(int value) {
        put(TAGS, value)
    }

    /** Takes over the x87 and MMX registers of others. */
    Vectors x87(Vectors from) {
        System.arraycopy(from.bytes, 0, bytes, 0, FSAVE_BYTES)
        this
    }

    /**
     * Whether single-precision elements are the same, or both no more than 1.5 * 2^-12 of the exact value away from it, as far as one can
     * tell: ours, exact to 2^-13, is at most 2^-11 of its value away from the other.
     */
    boolean approximates(Vectors other) {
        (0..<32).every { int i ->
            int ours = get(XMM + 4 * i)
            int real = other.get(XMM + 4 * i)
            float a = Float.intBitsToFloat(ours)
            float b = Float.intBitsToFloat(real)
            boolean tiny = Math.abs(a) < 2.0f * Float.MIN_NORMAL && Math.abs(b) < 2.0f * Float.MIN_NORMAL && (ours ^ real) >= 0
            ours == real || tiny || Math.abs((double) a - b) <= Math.abs((double) a) * (1.5d / 4096 + 1d / 8192)
        }
    }

    long quadword(int number) {
        words().getLong(XMM + 8 * number)
    }

    Vectors quadword(int number, long value) {
        words().putLong(XMM + 8 * number, value)
        this
    }

    private ByteBuffer words() {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
    }

    boolean equals(Object other) {
        other instanceof Vectors && Arrays.equals(bytes, ((Vectors) other).bytes)
    }

    int hashCode() {
        Arrays.hashCode(bytes)
    }

    String toString() {
        StringBuilder out = new StringBuilder(String.format('    mxcsr %04X control %04X status %04X tags %04X%n', mxcsr(), get(0) & 0xFFFF,
            get(4) & 0xFFFF, get(TAGS) & 0xFFFF))
        for (int i = 0; i < 8; i++) {
            out << String.format('    xmm%d %016X%016X  st%d %04X:%016X%n', i, quadword(2 * i + 1), quadword(2 * i), i,
                words().getShort(REGISTERS + 10 * i + 8), words().getLong(REGISTERS + 10 * i))
        }
        out.toString()
    }
}
