package lguest.sem

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import lguest.isa.Row

/** A piece of code with everything it starts from. The layouts are those of intoracle.c. */
@CompileStatic
class IntegerCase {
    static final int CODE = 0x10000000
    static final int CODE_BYTES = 0x2000
    static final int DATA = 0x20000000
    static final int DATA_BYTES = 0x10000
    static final int MAX_LENGTH = 96
    static final int PATCHES = 3
    static final int PATCH_BYTES = 16

    /** Selectors as a 64-bit Linux has them: flat code and data, and three segments over the 64 KiB of data. */
    static final int FLAT_CODE = 0x23
    static final int FLAT = 0x2B
    static final int BASED = 0x63
    /** Offsets from 0x8000 up. */
    static final int EXPAND_DOWN = 0x6B
    static final int READ_ONLY = 0x73

    static final int REQUEST_BYTES = 8 + MAX_LENGTH + 8 * 4 + 4 + 5 * 4 + Vectors.BYTES + PATCHES * (4 + PATCH_BYTES)
    private static final List<String> REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi']

    /** The data before patches. */
    static final byte[] FILL = fill()

    /** What the instructions are, one row for each. */
    List<Row> rows = []
    /** In which form each is there: operand in a register or in memory, operand size in bits where it has one. */
    List<String> shapes = []
    /** Where each instruction begins, from {@link #eip}, and after them where the last one ends. */
    List<Integer> starts = [0]
    int eip = CODE + 0x800
    byte[] code = new byte[0]
    int[] regs = new int[8]
    int eflags
    /** ES SS DS FS GS. */
    int[] segments = [FLAT, FLAT, FLAT, BASED, EXPAND_DOWN] as int[]
    Vectors vectors = new Vectors()
    /** Offsets into the data and what is written there, in order. */
    int[] patchAt = new int[PATCHES]
    byte[][] patches = new byte[PATCHES][PATCH_BYTES]

    void put(ByteBuffer out) {
        out.putInt(eip).putInt(code.length).put(Arrays.copyOf(code, MAX_LENGTH))
        regs.each { int it -> out.putInt(it) }
        out.putInt(eflags)
        segments.each { int it -> out.putInt(it) }
        out.put(vectors.bytes)
        for (int i = 0; i < PATCHES; i++) {
            out.putInt(patchAt[i]).put(patches[i])
        }
    }

    static ByteBuffer requests(List<IntegerCase> cases) {
        ByteBuffer out = ByteBuffer.allocate(REQUEST_BYTES * cases.size()).order(ByteOrder.LITTLE_ENDIAN)
        cases.each { IntegerCase it -> it.put(out) }
        out
    }

    /** All data as they are before. */
    byte[] data() {
        byte[] data = FILL.clone()
        for (int i = 0; i < PATCHES; i++) {
            System.arraycopy(patches[i], 0, data, patchAt[i], PATCH_BYTES)
        }
        data
    }

    /** The same with only its first instructions. */
    IntegerCase first(int count) {
        new IntegerCase(rows: rows.take(count), starts: starts.take(count + 1), eip: eip, code: Arrays.copyOf(code, starts[count]),
            regs: regs, eflags: eflags, segments: segments, vectors: vectors, patchAt: patchAt, patches: patches)
    }

    /** One of the instructions by itself, with the registers that were found there and the data of the beginning. */
    IntegerCase alone(int number, IntegerAnswer found) {
        new IntegerCase(rows: [rows[number]], starts: [0, starts[number + 1] - starts[number]], eip: eip + starts[number],
            code: Arrays.copyOfRange(code, starts[number], starts[number + 1]), regs: found.regs, eflags: found.eflags,
            segments: [found.segments[0], found.segments[2], found.segments[3], found.segments[4], found.segments[5]] as int[],
            vectors: found.vectors, patchAt: patchAt, patches: patches)
    }

    String toString() {
        StringBuilder out = new StringBuilder()
        rows.eachWithIndex { Row row, int i ->
            out << String.format('  %08X  %-32s %s%n', eip + starts[i], hex(code, starts[i], starts[i + 1]), row)
        }
        REGISTERS.eachWithIndex { String name, int i -> out << String.format('  %s %08X', name, regs[i]) }
        out << String.format('%n  eflags %03X  es %02X ss %02X ds %02X fs %02X gs %02X%n', eflags, segments[0], segments[1], segments[2],
            segments[3], segments[4])
        out << vectors
        for (int i = 0; i < PATCHES; i++) {
            out << String.format('  [%08X] %s%n', DATA + patchAt[i], hex(patches[i], 0, PATCH_BYTES))
        }
        out.toString()
    }

    static String hex(byte[] bytes, int from, int end) {
        (from..<end).collect { int it -> String.format('%02X', bytes[it]) }.join(' ')
    }

    private static byte[] fill() {
        ByteBuffer out = ByteBuffer.allocate(DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        int x = 1
        for (int i = 0; 4 * i < DATA_BYTES; i++) {
            x ^= x << 13
            x ^= x >>> 17
            x ^= x << 5
            out.putInt((i >> 10 & 1) == 0 ? x : (x & 31) == 0 ? x >>> 24 : 0)
        }
        out.array()
    }
}
