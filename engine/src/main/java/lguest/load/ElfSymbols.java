package lguest.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the symbol table of a 32-bit ELF file. */
final class ElfSymbols {
    private static final int SHDR_BYTES = 40;
    private static final int SYM_BYTES = 16;

    private static final int SYMTAB = 2;
    private static final int NOBITS = 8;
    private static final int WRITE = 1;
    private static final int EXECINSTR = 4;

    private static final int UNDEFINED = 0;
    private static final int RESERVED = 0xFF00;
    private static final int ABSOLUTE = 0xFFF1;

    private static final int LOCAL = 0;
    /** NOTYPE, OBJECT, FUNC; above are sections and files. */
    private static final int LAST_TYPE = 2;

    /** More than any kernel has; a file that wants more is a trap. */
    private static final long MAX_TABLE_BYTES = 64L << 20;
    private static final int MAX_NAME_BYTES = 512;

    private final ImageFile file;
    private final String what;
    private ByteBuffer sections;
    private int sectionCount;

    private ElfSymbols(ImageFile file) {
        this.file = file;
        this.what = "Reading symbols of " + file.path();
    }

    /**
     * @return the defined symbols, none if the file is stripped
     * @throws LoadException if the table is damaged
     */
    static List<Symbol> read(ImageFile file) {
        return new ElfSymbols(file).read();
    }

    private List<Symbol> read() {
        ByteBuffer header = file.bytes(0, ElfImage.HEADER_BYTES, what);
        sectionCount = header.getShort(48) & 0xFFFF;
        if (sectionCount == 0 || header.getShort(46) != SHDR_BYTES) {
            return List.of();
        }
        sections = file.bytes(Integer.toUnsignedLong(header.getInt(32)), sectionCount * SHDR_BYTES, what);
        for (int i = 0; i < sectionCount; i++) {
            if (field(i, 4) == SYMTAB) {
                return symbols(content(i), content(link(i)));
            }
        }
        return List.of();
    }

    private List<Symbol> symbols(ByteBuffer table, ByteBuffer strings) {
        List<Symbol> symbols = new ArrayList<>();
        long nameBytes = 0;
        for (int at = 0; at + SYM_BYTES <= table.limit(); at += SYM_BYTES) {
            int info = table.get(at + 12);
            int section = table.getShort(at + 14) & 0xFFFF;
            if (section == UNDEFINED || (info & 0xF) > LAST_TYPE || section >= RESERVED && section != ABSOLUTE) {
                continue;
            }
            String name = name(strings, Integer.toUnsignedLong(table.getInt(at)));
            nameBytes += name.length();
            if (nameBytes > MAX_TABLE_BYTES) {
                throw new LoadException("%s: names take more than %d bytes", what, MAX_TABLE_BYTES);
            }
            if (!name.isEmpty()) {
                symbols.add(new Symbol(name, table.getInt(at + 4), table.getInt(at + 8), letter(section, (info & 0xFF) >> 4)));
            }
        }
        return symbols;
    }

    private String name(ByteBuffer strings, long offset) {
        int end = (int) Math.min(offset, strings.limit());
        int start = end;
        while (end < strings.limit() && end - start < MAX_NAME_BYTES && strings.get(end) != 0) {
            end++;
        }
        return new String(strings.array(), start, end - start, StandardCharsets.UTF_8);
    }

    /** The letter that nm prints, from the section a symbol is in. */
    private char letter(int section, int binding) {
        char letter = section == ABSOLUTE || section >= sectionCount ? 'A'
            : (field(section, 8) & EXECINSTR) != 0 ? 'T'
            : (field(section, 8) & WRITE) == 0 ? 'R'
            : field(section, 4) == NOBITS ? 'B' : 'D';
        return binding == LOCAL ? Character.toLowerCase(letter) : letter;
    }

    private int link(int section) {
        int link = field(section, 24);
        if (link < 0 || link >= sectionCount) {
            throw new LoadException("%s: no section %s for the names", what, Integer.toUnsignedString(link));
        }
        return link;
    }

    private ByteBuffer content(int section) {
        long bytes = Integer.toUnsignedLong(field(section, 20));
        if (bytes > MAX_TABLE_BYTES) {
            throw new LoadException("%s: section %d has %d bytes", what, section, bytes);
        }
        return file.bytes(Integer.toUnsignedLong(field(section, 16)), (int) bytes, what);
    }

    private int field(int section, int offset) {
        return sections.getInt(section * SHDR_BYTES + offset);
    }
}
