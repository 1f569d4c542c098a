package lguest.net;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses of the Internet Protocol, version 4, as numbers: the first byte is the highest. */
public final class Ipv4 {
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    private Ipv4() {
    }

    /** @throws IllegalArgumentException if it is not four numbers of 0 to 255 */
    public static int parse(String text) {
        Matcher parts = ADDRESS.matcher(text);
        int address = 0;
        boolean fine = parts.matches();
        for (int i = 1; fine && i <= 4; i++) {
            int part = Integer.parseInt(parts.group(i));
            fine = part <= 255;
            address = address << 8 | part;
        }
        if (!fine) {
            throw new IllegalArgumentException("'" + text + "' is no address: must be four numbers of 0 to 255, like 10.0.2.15");
        }
        return address;
    }

    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }
}
