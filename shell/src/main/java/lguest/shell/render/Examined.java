package lguest.shell.render;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.machine.AddressException;
import lguest.machine.Guest;

/** Memory as gdb's {@code x} shows it: {@code 8xw} is eight words in hexadecimal, {@code 3i} three instructions, {@code s} a text. */
public final class Examined {
    private static final Pattern FORMAT = Pattern.compile("(\\d{0,5})([xduis]?)([bhw]?)|(\\d{0,5})([bhw])([xdu])");
    private static final int ROW_BYTES = 16;
    private static final int MOST_TEXT = 256;

    private Examined() {
    }

    /** @throws IllegalArgumentException if that is no format */
    public static String of(Guest guest, int linear, String format) {
        Matcher parts = FORMAT.matcher(format);
        if (!parts.matches()) {
            throw new IllegalArgumentException("x/" + format + ": expected a number, one of x d u i s, and one of b h w");
        }
        boolean sizeFirst = parts.group(5) != null;
        String number = parts.group(sizeFirst ? 4 : 1);
        String kind = parts.group(sizeFirst ? 6 : 2);
        String size = parts.group(sizeFirst ? 5 : 3);
        int count = number.isEmpty() ? 1 : Math.max(1, Integer.parseInt(number));
        return switch (kind) {
            case "i" -> Listing.of(guest, linear, count, false);
            case "s" -> text(guest, linear);
            default -> numbers(guest, linear, count, size.equals("b") ? 1 : size.equals("h") ? 2 : Integer.BYTES, kind);
        };
    }

    private static String text(Guest guest, int linear) {
        byte[] bytes = read(guest, linear, MOST_TEXT);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return String.format("0x%08x  \"%s\"", linear, new String(bytes, 0, length, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?"));
    }

    private static String numbers(Guest guest, int linear, int count, int bytesEach, String kind) {
        byte[] bytes = read(guest, linear, count * bytesEach);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i + bytesEach <= bytes.length; i += bytesEach) {
            if (i % ROW_BYTES == 0) {
                out.append(i == 0 ? "" : "\n").append(String.format("0x%08x", linear + i));
            }
            long value = 0;
            for (int j = bytesEach - 1; j >= 0; j--) {
                value = value << 8 | bytes[i + j] & 0xFF;
            }
            int unused = Long.SIZE - 8 * bytesEach;
            out.append("  ").append(switch (kind) {
                case "d" -> String.valueOf(value << unused >> unused);
                case "u" -> String.valueOf(value);
                default -> String.format("0x%0" + 2 * bytesEach + "x", value);
            });
        }
        return out.toString();
    }

    /** As many bytes as there are. @throws AddressException if there is none */
    private static byte[] read(Guest guest, int linear, int most) {
        byte[] bytes = new byte[most];
        int got = guest.readLinear(linear, bytes);
        if (got == 0) {
            throw new AddressException(guest.name(), linear);
        }
        return Arrays.copyOf(bytes, got);
    }
}
