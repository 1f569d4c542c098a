package lguest.isa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The instruction table, as read from {@code one-byte.tsv}, {@code two-byte.tsv}, {@code x87.tsv}, {@code mmx.tsv},
 * {@code sse.tsv} and {@code sse2.tsv} when the class is loaded.
 *
 * <p>Two-byte opcodes are looked up together with their mandatory prefix; rows without one are the same under all prefixes. An opcode has a slot of rows: one row, if the opcode says it all, or {@value #BY_MODRM} of them by the modrm byte:
 *
 * <pre>
 *   0 to 7   mod below 3 (memory), by reg
 *   8 to 71  mod 3, by reg and rm
 * </pre>
 */
public final class Table {
    private static final String[] FILES = {"one-byte.tsv", "two-byte.tsv", "x87.tsv", "mmx.tsv", "sse.tsv", "sse2.tsv"};
    private static final int BY_MODRM = 72;

    static final int NO_PREFIX = 0;
    static final int PREFIX_66 = 1;
    static final int PREFIX_F2 = 2;
    static final int PREFIX_F3 = 3;
    private static final List<String> PREFIXES = List.of("NP ", "66 ", "F2 ", "F3 ");

    private static final Map<String, List<OperandForm>> OPERANDS = new HashMap<>();

    /** What every encoding without a row is. */
    public static final Row UNDEFINED = new Row("", "(bad)", "ud", "-", "ends");
    /** An instruction of more than 15 bytes, prefixes included: #GP(0). SDM vol. 3A "Interrupt 13". */
    public static final Row TOO_LONG = new Row("", "(bad)", "toolong", "-", "ends");

    private static final List<Row> ROWS = new ArrayList<>(900);
    private static final Row[][] ONE_BYTE = new Row[256][];
    /** By prefix and opcode. */
    private static final Row[][][] TWO_BYTE = new Row[4][256][];

    static {
        for (String file : FILES) {
            load(file);
        }
    }

    private Table() {
    }

    /** Every row, in the order of the files. */
    public static List<Row> rows() {
        return Collections.unmodifiableList(ROWS);
    }

    /** The rows of an opcode, null if there are none. */
    static Row[] oneByte(int opcode) {
        return ONE_BYTE[opcode];
    }

    /** The rows of an opcode after 0F, null if there are none. */
    static Row[] twoByte(int prefix, int opcode) {
        return TWO_BYTE[prefix][opcode];
    }

    /** Picks from a slot of {@value #BY_MODRM} by modrm; null if that combination has no row. */
    static Row row(Row[] slot, int modrm) {
        return slot[modrm >= 0xC0 ? 8 + (modrm & 0x3F) : modrm >>> 3 & 7];
    }

    /** {@code Ev,Gv}; equal texts share a list. */
    static List<OperandForm> operands(String text) {
        List<OperandForm> known = OPERANDS.get(text);
        if (known == null) {
            List<OperandForm> forms = new ArrayList<>(3);
            int from = 0;
            while (from <= text.length()) {
                int comma = text.indexOf(',', from);
                int end = comma < 0 ? text.length() : comma;
                forms.add(OperandForm.of(text.substring(from, end)));
                from = end + 1;
            }
            known = List.copyOf(forms);
            OPERANDS.put(text, known);
        }
        return known;
    }

    private static void load(String file) {
        String text = text(file);
        int line = 0;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            line++;
            if (end > from && text.charAt(from) != '#') {
                try {
                    Row row = parse(text, from, end);
                    ROWS.add(row);
                    place(row);
                } catch (IllegalArgumentException mistake) {
                    throw new IllegalStateException(file + ":" + line + ": " + mistake.getMessage(), mistake);
                }
            }
            from = end + 1;
        }
    }

    private static String text(String file) {
        try (InputStream in = Table.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("lguest/isa/" + file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException broken) {
            throw new UncheckedIOException("lguest/isa/" + file, broken);
        }
    }

    private static Row parse(String text, int from, int end) {
        String[] columns = new String[5];
        int at = from;
        for (int i = 0; i < columns.length; i++) {
            int tab = at > end ? -1 : text.indexOf('\t', at);
            int stop = tab < 0 || tab > end ? end : tab;
            columns[i] = at > end ? "" : text.substring(at, stop);
            at = stop + 1;
        }
        if (at <= end || columns[3].isEmpty()) {
            throw new IllegalArgumentException("a row has four or five columns, not this: " + text.substring(from, end));
        }
        return new Row(columns[0], columns[1], columns[2], columns[3], columns[4]);
    }

    /** Enters a row into the slots that its first column names. */
    private static void place(Row row) {
        String op = row.op();
        if (op.startsWith("0F ")) {
            for (Row[][] slots : TWO_BYTE) {
                place(row, slots, op.substring(3));
            }
        } else if (op.startsWith("0F ", 3)) {
            int prefix = PREFIXES.indexOf(op.substring(0, 3));
            if (prefix < 0) {
                throw new IllegalArgumentException("no mandatory prefix is called '" + op.substring(0, 2) + "'");
            }
            place(row, TWO_BYTE[prefix], op.substring(6));
        } else {
            place(row, ONE_BYTE, op);
        }
    }

    private static void place(Row row, Row[][] slots, String op) {
        int opcode = hex(op, 0);
        String rest = op.substring(2);
        if (rest.startsWith(" /")) {
            int reg = rest.charAt(2) - '0';
            byReg(row, slotByModrm(slots, opcode, row), reg, reg);
        } else if (rest.startsWith(" ")) {
            Row[] slot = slotByModrm(slots, opcode, row);
            int modrm = hex(rest, 1);
            for (int i = 0; i < (rest.endsWith("+") ? 8 : 1); i++) {
                enter(row, slot, 8 + (modrm + i & 0x3F));
            }
        } else if (row.memoryOnly() || row.registerOnly()) {
            byReg(row, slotByModrm(slots, opcode, row), 0, 7);
        } else {
            int count = rest.equals("cc") ? 16 : rest.equals("+") ? 8 : 1;
            for (int i = opcode; i < opcode + count; i++) {
                if (slots[i] != null) {
                    throw new IllegalArgumentException(row + " overlaps other rows of that opcode");
                }
                slots[i] = new Row[] {row};
            }
        }
    }

    private static Row[] slotByModrm(Row[][] slots, int opcode, Row row) {
        if (slots[opcode] == null) {
            slots[opcode] = new Row[BY_MODRM];
        } else if (slots[opcode].length == 1) {
            throw new IllegalArgumentException(row + " overlaps " + slots[opcode][0]);
        }
        return slots[opcode];
    }

    private static void byReg(Row row, Row[] slot, int firstReg, int lastReg) {
        for (int reg = firstReg; reg <= lastReg; reg++) {
            if (!row.registerOnly()) {
                enter(row, slot, reg);
            }
            for (int rm = 0; !row.memoryOnly() && rm < 8; rm++) {
                enter(row, slot, 8 + reg * 8 + rm);
            }
        }
    }

    private static void enter(Row row, Row[] slot, int index) {
        if (slot[index] != null) {
            throw new IllegalArgumentException(row + " overlaps " + slot[index]);
        }
        slot[index] = row;
    }

    private static int hex(String text, int at) {
        return Integer.parseInt(text, at, at + 2, 16);
    }
}
