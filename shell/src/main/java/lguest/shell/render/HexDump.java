package lguest.shell.render;

import java.util.Arrays;

/**
 * Bytes as people read them, sixteen to a line:
 *
 * <pre>
 * 0xc0100000  fc b8 00 00 00 00 8e e0  8e e8 89 c4 00 00 00 00  |................|
 * </pre>
 *
 * Lines that repeat the one before are replaced by a single {@code *}.
 */
public final class HexDump {
    private static final int PER_LINE = 16;

    private HexDump() {
    }

    /** @param address of the first byte, 0 to 0xFFFFFFFF; lines do not start at multiples of 16 unless it is one */
    public static String of(long address, byte[] bytes) {
        StringBuilder out = new StringBuilder();
        byte[] before = null;
        boolean starred = false;
        for (int at = 0; at < bytes.length; at += PER_LINE) {
            byte[] line = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PER_LINE));
            boolean last = at + PER_LINE >= bytes.length;
            if (Arrays.equals(line, before) && !last) {
                if (!starred) {
                    out.append("*\n");
                }
                starred = true;
                continue;
            }
            line(out, address + at & 0xFFFFFFFFL, line);
            before = line;
            starred = false;
        }
        if (!out.isEmpty()) {
            out.setLength(out.length() - 1);
        }
        return out.toString();
    }

    private static void line(StringBuilder out, long address, byte[] bytes) {
        out.append(String.format("0x%08x ", address));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < PER_LINE; i++) {
            out.append(i == PER_LINE / 2 ? "  " : " ");
            out.append(i < bytes.length ? String.format("%02x", bytes[i]) : "  ");
            if (i < bytes.length) {
                text.append(bytes[i] >= ' ' && bytes[i] < 0x7F ? (char) bytes[i] : '.');
            }
        }
        out.append("  |").append(text).append("|\n");
    }
}
