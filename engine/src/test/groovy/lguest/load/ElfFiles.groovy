package lguest.load

/** Builds ELF files that are nothing but symbols: section 1 is code, 2 is zeroed data, 3 the table, 4 the names. */
class ElfFiles {
    static byte[] withSymbols(List<Map> symbols, String extraNames = '') {
        def names = new ByteArrayOutputStream()
        names.write(extraNames ? (extraNames + '\0').bytes : [0] as byte[])
        def table = Images.buffer(16 * symbols.size())
        symbols.each { symbol ->
            table.putInt(symbol.name ? names.size() : 0)
            if (symbol.name) {
                names.write((symbol.name + '\0').bytes)
            }
            table.putInt((int) symbol.value).putInt((int) symbol.size).put((byte) symbol.info).put((byte) 0)
            table.putShort((short) symbol.section)
        }
        int namesAt = 52 + table.capacity()
        int sectionsAt = namesAt + names.size()
        def out = Images.buffer(sectionsAt + 5 * 40)
        out.put([0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] as byte[])
        out.putShort(16, (short) 2).putShort(18, (short) 3).putInt(32, sectionsAt)
        out.putShort(46, (short) 40).putShort(48, (short) 5)
        out.position(52)
        out.put(table.array()).put(names.toByteArray())
        section(out, sectionsAt + 40, 1, 6, 0, 0, 0)
        section(out, sectionsAt + 80, 8, 3, 0, 0, 0)
        section(out, sectionsAt + 120, 2, 0, 52, table.capacity(), 4)
        section(out, sectionsAt + 160, 3, 0, namesAt, names.size(), 0)
        return out.array()
    }

    private static void section(out, int at, int type, int flags, int offset, int size, int link) {
        out.putInt(at + 4, type).putInt(at + 8, flags).putInt(at + 16, offset).putInt(at + 20, size).putInt(at + 24, link)
    }
}
