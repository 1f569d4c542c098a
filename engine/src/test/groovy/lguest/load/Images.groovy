package lguest.load

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.zip.CRC32
import java.util.zip.Deflater

/** Builds small images, byte by byte. */
class Images {
    static final byte[] TAG = 'GenuineLguest'.bytes
    static final int PO = 0xC0000000.intValue()
    static final int LOAD_AT = 0x100000

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN)
    }

    /**
     * An ELF file. Each segment is a map: bytes, paddr, and where wanted vaddr, offset, filesz, memsz, type. Segments' bytes
     * follow the headers from 0x1000 on, each at its own page.
     */
    static byte[] elf(Map header = [:], List<Map> segments) {
        int phoff = header.phoff ?: 52
        def contents = segments.collect { (byte[]) (it.bytes ?: new byte[0]) }
        int size = 0x1000 + contents.sum(0) { (it.length + 0xFFF) & ~0xFFF }
        def out = buffer(size)
        out.put([0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] as byte[])
        out.putShort(16, (short) header.get('type', 2)).putShort(18, (short) header.get('machine', 3)).putInt(20, 1)
        out.putInt(24, (int) header.get('entry', 0)).putInt(28, phoff)
        out.putShort(40, (short) 52).putShort(42, (short) header.get('phentsize', 32))
        out.putShort(44, (short) header.get('phnum', segments.size()))
        int at = 0x1000
        segments.eachWithIndex { segment, i ->
            int ph = 52 + 32 * i
            int paddr = (int) segment.get('paddr', LOAD_AT)
            out.putInt(ph, (int) segment.get('type', 1)).putInt(ph + 4, (int) segment.get('offset', at))
            out.putInt(ph + 8, (int) segment.get('vaddr', paddr + PO)).putInt(ph + 12, paddr)
            out.putInt(ph + 16, (int) segment.get('filesz', contents[i].length))
            out.putInt(ph + 20, (int) segment.get('memsz', contents[i].length))
            out.position(at)
            out.put(contents[i])
            at += (contents[i].length + 0xFFF) & ~0xFFF
        }
        return out.array()
    }

    /** A kernel of some bytes with the tag at an offset. */
    static byte[] kernel(int bytes = 0x200, int tagAt = 0x40) {
        def kernel = new byte[bytes]
        for (int i = 0; i < bytes; i++) {
            kernel[i] = (byte) (i * 7)
        }
        System.arraycopy(TAG, 0, kernel, tagAt, TAG.length)
        return kernel
    }

    /** A raw kernel whose first instructions vote for a top byte of PAGE_OFFSET. */
    static byte[] rawKernel(int votes = 4, int top = 0xC0, int bytes = 0x300) {
        def out = buffer(bytes)
        votes.times { out.put((byte) 0xA1).putInt(top << 24 | 0x123456) }
        out.put(TAG)
        return out.array()
    }

    static byte[] bzImage(Map options = [:], byte[] raw) {
        def out = new ByteArrayOutputStream()
        def head = buffer((int) options.get('pad', 512))
        head.put((byte[]) options.get('head', new byte[0]))
        out.write(head.array())
        out.write(gzip(options, raw))
        out.write(new byte[100])
        return out.toByteArray()
    }

    /** One gzip stream; options os, flags, extra (bytes of optional fields), crc. */
    static byte[] gzip(Map options = [:], byte[] raw) {
        def deflater = new Deflater(9, true)
        deflater.setInput(raw)
        deflater.finish()
        def packed = new byte[raw.length + 1000]
        int packedBytes = deflater.deflate(packed)
        deflater.end()
        def crc = new CRC32()
        crc.update(raw)
        def extra = (byte[]) options.get('extra', new byte[0])
        def out = buffer(10 + extra.length + packedBytes + 8)
        out.put([0x1F, 0x8B, 8, options.get('flags', 0), 0, 0, 0, 0, 2, options.get('os', 3)] as byte[])
        out.put(extra).put(packed, 0, packedBytes)
        out.putInt((int) options.get('crc', (int) crc.value)).putInt(raw.length)
        return out.array()
    }
}
