package lguest.machine

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path

/**
 * Writes a guest kernel of one segment, byte by byte: 128 KiB at physical 1 MiB, seen at PAGE_OFFSET above that. Code grows from
 * its entry; data lie at fixed places. Addresses are physical where their names do not say otherwise.
 */
@CompileStatic
class TinyKernel {
    static final int PAGE_OFFSET = 0xC0000000 as int
    static final int BASE = 0x100000
    static final int BYTES = 0x20000

    static final int DATA = BASE + 0x10000
    static final int GDT = BASE + 0x11000
    static final int DMA = BASE + 0x12000
    static final int SCRATCH = BASE + 0x13000
    static final int STACK = BASE + 0x15000
    static final int USER_STACK = BASE + 0x17000
    static final int GARBAGE = BASE + 0x18000
    static final int GARBAGE_BYTES = 0x4000
    static final int DIRECTORY = BASE + 0x1C000
    static final int TABLE = BASE + 0x1D000
    static final int OTHER_TABLE = BASE + 0x1E000
    static final int TEXT = BASE + 0x1F000

    static final int KERNEL_CS = 0x61
    static final int KERNEL_DS = 0x69
    static final int USER_CS = 0x73
    static final int USER_DS = 0x7B

    static final int EAX = 0
    static final int ECX = 1
    static final int EDX = 2
    static final int EBX = 3
    static final int ESP = 4
    static final int EBP = 5
    static final int ESI = 6
    static final int EDI = 7

    private static final String TAG = 'GenuineLguest'
    private static final int STATUS = 0x14
    private static final int RING = 0x54

    final ByteBuffer image = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
    private int at

    TinyKernel() {
        image.put(TAG.bytes)
        at = TAG.length()
        // Line 0, the timer, is blocked, and every slot of the ring is free.
        put(DATA + 4, 1)
        64.times { int slot -> image.put(DATA - BASE + STATUS + slot, (byte) -1) }
        put(GDT + 12 * 8, 0x0000FFFF, 0x00CFBB00, 0x0000FFFF, 0x00CFB300, 0x0000FFFF, 0x00CFFB00, 0x0000FFFF, 0x00CFF300)
        image.put(TEXT - BASE, 0 as byte)
        position(TEXT, 'Power down'.bytes)
        // A directory that maps the first 4 MiB at PAGE_OFFSET as the launcher's does, and at 0.
        put(DIRECTORY, TABLE | 7)
        put(DIRECTORY + 768 * 4, TABLE | 7)
        1024.times { int page -> put(TABLE + page * 4, page << 12 | 7) }
    }

    // ---- data

    /** Dwords at a physical address of the image. */
    TinyKernel put(int address, int... values) {
        values.eachWithIndex { int value, int i -> image.putInt(address - BASE + 4 * i, value) }
        return this
    }

    TinyKernel position(int address, byte[] bytes) {
        bytes.eachWithIndex { byte value, int i -> image.put(address - BASE + i, value) }
        return this
    }

    /** A call for the ring; status 0 makes it ready. */
    TinyKernel slot(int slot, int status, int number, int a1, int a2, int a3) {
        image.put(DATA - BASE + STATUS + slot, (byte) status)
        return put(DATA + RING + 16 * slot, number, a1, a2, a3)
    }

    /** A {@code struct lguest_dma}: address and length of each section, in turn. */
    TinyKernel dma(int address, int... sections) {
        for (int i = 0; i < sections.length; i += 2) {
            put(address + 4 + 2 * i, sections[i])
            image.putShort(address - BASE + 0x44 + i, (short) sections[i + 1])
        }
        return this
    }

    // ---- code

    /** Linear address of the next instruction. */
    int here() {
        return PAGE_OFFSET + BASE + at
    }

    TinyKernel code(int... bytes) {
        for (int value : bytes) {
            image.put(at++, (byte) value)
        }
        return this
    }

    TinyKernel dword(int value) {
        image.putInt(at, value)
        at += 4
        return this
    }

    /** MOV register, value. */
    TinyKernel set(int register, int value) {
        return code(0xB8 + register).dword(value)
    }

    /** MOV DWORD PTR [linear], value. */
    TinyKernel store(int linear, int value) {
        return code(0xC7, 0x05).dword(linear).dword(value)
    }

    /** MOV EAX, [linear]. */
    TinyKernel load(int linear) {
        return code(0xA1).dword(linear)
    }

    TinyKernel hypercall(int number, int a1 = 0, int a2 = 0, int a3 = 0) {
        return set(EAX, number).set(EDX, a1).set(EBX, a2).set(ECX, a3).code(0xCD, 0x1F)
    }

    TinyKernel push(int value) {
        return code(0x68).dword(value)
    }

    /** JMP to a linear address. */
    TinyKernel jump(int linear) {
        int next = here() + 5
        return code(0xE9).dword(linear - next)
    }

    /** JMP to itself. */
    TinyKernel spin() {
        return code(0xEB, 0xFE)
    }

    /** Goes to CPL 3. */
    TinyKernel user(int eip, int flags = 0x202, int cs = USER_CS, int ss = USER_DS) {
        return push(ss).push(PAGE_OFFSET + USER_STACK).push(flags).push(cs).push(eip).code(0xCF)
    }

    /** LGUEST_INIT, then a stack and a GDT with user segments. */
    TinyKernel init() {
        set(ESP, PAGE_OFFSET + STACK)
        hypercall(1, DATA)
        hypercall(3, GDT, 32)
        return hypercall(7, KERNEL_DS, PAGE_OFFSET + STACK, 1)
    }

    /** Gates of one type for every vector the guest may have. */
    TinyKernel gates(int handler, int type = 0xF, int dpl = 3) {
        for (int vector in (0..0x3F) + [0x80]) {
            hypercall(6, vector, handler & 0xFFFF, handler & 0xFFFF0000 as int | 0x8000 | dpl << 13 | type << 8)
        }
        return this
    }

    TinyKernel powerOff() {
        return hypercall(2, TEXT)
    }

    // ---- a handler that goes on where it was told

    /** Where the next trial begins. */
    static final int NEXT = PAGE_OFFSET + SCRATCH

    /** Emits a handler for every vector: it repairs stack and segments and jumps to what NEXT holds. */
    TinyKernel recovering(int type = 0xF) {
        code(0xEB, 0x17)
        int handler = here()
        code(0xB8).dword(KERNEL_DS).code(0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xD0)
        set(ESP, PAGE_OFFSET + STACK).code(0xFF, 0x25).dword(NEXT)
        code(0x90)
        return gates(handler, type)
    }

    /** One trial: whatever it does, the next one follows, if the guest lives. */
    TinyKernel trial(Closure<?> body) {
        code(0xC7, 0x05).dword(NEXT)
        int patch = at
        dword(0)
        body.call()
        image.putInt(patch, here())
        return this
    }

    /** The ELF file. */
    Path save(Path file) {
        def elf = ByteBuffer.allocate(0x1000 + BYTES).order(ByteOrder.LITTLE_ENDIAN)
        elf.put([0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] as byte[])
        elf.putShort(16, (short) 2).putShort(18, (short) 3).putInt(20, 1).putInt(24, BASE)
        elf.putInt(28, 52).putShort(40, (short) 52).putShort(42, (short) 32).putShort(44, (short) 1)
        elf.position(52)
        [1, 0x1000, PAGE_OFFSET + BASE, BASE, BYTES, BYTES, 7, 0x1000].each { elf.putInt(it as int) }
        elf.position(0x1000)
        elf.put(image.array())
        return Files.write(file, elf.array())
    }
}
