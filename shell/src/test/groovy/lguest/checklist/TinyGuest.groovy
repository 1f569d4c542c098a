package lguest.checklist

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path

/**
 * A guest of a few instructions, put together byte by byte. Its image is four pages at physical 0x100000, virtual 0xC0100000: code
 * behind the tag, lguest_data with a free ring, the text of a power-off, and a page of zeros.
 */
class TinyGuest {
    static final int IMAGE = 0x100000
    static final int ENTRY = 0xC010000D as int
    static final int DATA = 0x101000
    static final int TEXT = 0x102000
    static final int SCRATCH = 0x103000
    static final int PAGE_OFFSET = 0xC0000000 as int
    static final int EAX = 0
    private static final int IMAGE_BYTES = 0x4000

    private final ByteBuffer image = ByteBuffer.allocate(IMAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN)

    TinyGuest() {
        image.put('GenuineLguest'.bytes)
        fill(DATA + 0x14, 64, 0xFF)
        'Power down'.bytes.eachWithIndex { letter, i -> image.put(TEXT - IMAGE + i, letter) }
    }

    TinyGuest code(int... bytes) {
        bytes.each { image.put(it as byte) }
        this
    }

    /** MOV r32, imm32. */
    TinyGuest mov(int register, int value) {
        code(0xB8 + register)
        image.putInt(value)
        this
    }

    /** MOV [physical], r32, through the launcher's mapping. */
    TinyGuest store(int physical, int register) {
        code(0x89, register << 3 | 5)
        image.putInt(physical + PAGE_OFFSET)
        this
    }

    /** EAX, EDX, EBX, ECX, INT 0x1F. */
    TinyGuest call(int number, int edx = 0, int ebx = 0, int ecx = 0) {
        mov(EAX, number).mov(2, edx).mov(3, ebx).mov(1, ecx).code(0xCD, 0x1F)
    }

    TinyGuest init() {
        call(1, DATA)
    }

    TinyGuest powerOff() {
        call(2, TEXT)
    }

    /** JMP to itself. */
    TinyGuest spin() {
        code(0xEB, 0xFE)
    }

    TinyGuest word(int physical, int value) {
        image.putInt(physical - IMAGE, value)
        this
    }

    TinyGuest fill(int physical, int lengthBytes, int value) {
        lengthBytes.times { image.put(physical - IMAGE + it, value as byte) }
        this
    }

    /** An ELF file with one LOAD segment. */
    Path write(Path file) {
        def header = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN)
        [0x464C457F, 0x00010101, 0, 0, 2 | 3 << 16, 1, ENTRY, 52, 0, 0, 52 | 32 << 16, 1].each { header.putInt(it) }
        header.position(52)
        [1, 0x1000, IMAGE + PAGE_OFFSET, IMAGE, IMAGE_BYTES, IMAGE_BYTES, 7, 0x1000].each { header.putInt(it) }
        Files.write(file, [header, image]*.array()*.toList().flatten() as byte[])
    }
}
