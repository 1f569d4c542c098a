package lguest.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lguest.mem.PhysicalMemory;

/**
 * The symbols that a Linux kernel built with CONFIG_KALLSYMS carries with it, found in its memory: for one that was stripped, or came
 * as a bzImage. As scripts/kallsyms.c of 2.6.23 writes them, each table aligned to four bytes:
 *
 * <pre>
 * addresses    u32 x count       ascending
 * count        u32
 * names        of each symbol a byte, how many bytes follow, and these: each stands for a token; the first letter is nm's
 * markers      u32 x count/256   where in names each 256th begins
 * tokens       256 texts, a zero behind each
 * token index  u16 x 256         where in tokens each begins
 * </pre>
 *
 * <p>Nothing says where they are. The tokens of the ten digits are the digits themselves, which is rare enough to look for; the rest
 * is proved by the tables fitting each other.
 */
public final class Kallsyms {
    private static final int TOKENS = 256;
    private static final int PER_MARKER = 256;
    private static final int MOST_SYMBOLS = 1 << 20;
    private static final int MOST_TOKEN_TABLE_BYTES = 16 << 10;
    private static final byte[] DIGITS = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009\0".getBytes(StandardCharsets.ISO_8859_1);

    private final ByteBuffer memory;

    private Kallsyms(byte[] memory) {
        this.memory = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Looks through all of memory. @return empty if there are none */
    public static Optional<List<Symbol>> find(PhysicalMemory memory) {
        byte[] bytes = new byte[memory.size()];
        memory.read(0, bytes, 0, bytes.length);
        return new Kallsyms(bytes).find();
    }

    private Optional<List<Symbol>> find() {
        byte[] bytes = memory.array();
        for (int at = 0; at <= bytes.length - DIGITS.length; at++) {
            if (bytes[at] == DIGITS[0] && matches(at)) {
                Optional<List<Symbol>> symbols = around(at);
                if (symbols.isPresent()) {
                    return symbols;
                }
            }
        }
        return Optional.empty();
    }

    private boolean matches(int at) {
        for (int i = 0; i < DIGITS.length; i++) {
            if (memory.get(at + i) != DIGITS[i]) {
                return false;
            }
        }
        return true;
    }

    /** @param digits where the token of 0 is */
    private Optional<List<Symbol>> around(int digits) {
        for (int start = digits & ~3; start >= Math.max(0, digits - MOST_TOKEN_TABLE_BYTES); start -= Integer.BYTES) {
            String[] tokens = tokens(start, digits);
            if (tokens != null) {
                Optional<List<Symbol>> symbols = before(start, tokens);
                if (symbols.isPresent()) {
                    return symbols;
                }
            }
        }
        return Optional.empty();
    }

    /** The tokens of a table that begins there, if its index agrees; else null. */
    private String[] tokens(int start, int digits) {
        String[] tokens = new String[TOKENS];
        int[] offsets = new int[TOKENS];
        int at = start;
        for (int i = 0; i < TOKENS; i++) {
            offsets[i] = at - start;
            if (i == '0' && at != digits) {
                return null;
            }
            int end = at;
            while (end < memory.limit() && memory.get(end) != 0) {
                end++;
            }
            if (end >= memory.limit() || end - start > MOST_TOKEN_TABLE_BYTES) {
                return null;
            }
            tokens[i] = new String(memory.array(), at, end - at, StandardCharsets.ISO_8859_1);
            at = end + 1;
        }
        int index = aligned(at);
        for (int i = 0; i < TOKENS; i++) {
            if (index + 2 * i + 1 >= memory.limit() || Short.toUnsignedInt(memory.getShort(index + 2 * i)) != offsets[i]) {
                return null;
            }
        }
        return tokens;
    }

    private static int aligned(int at) {
        return at + 3 & ~3;
    }

    /** The symbols of the tables before the tokens. */
    private Optional<List<Symbol>> before(int tokenTable, String[] tokens) {
        int markers = tokenTable - Integer.BYTES;
        while (markers > 0 && memory.getInt(markers) != 0) {
            if (Integer.compareUnsigned(memory.getInt(markers - Integer.BYTES), memory.getInt(markers)) >= 0) {
                return Optional.empty();
            }
            markers -= Integer.BYTES;
        }
        int count = (tokenTable - markers) / Integer.BYTES;
        int last = memory.getInt(tokenTable - Integer.BYTES);
        // The names behind the last marker are 1 to 256, of at most 129 bytes.
        for (int names = markers - last - 2 & ~3; names >= Math.max(Integer.BYTES, markers - last - PER_MARKER * 129 - 4); names -= 4) {
            int symbols = memory.getInt(names - Integer.BYTES);
            if (symbols > PER_MARKER * (count - 1) && symbols <= PER_MARKER * count && symbols < MOST_SYMBOLS) {
                List<Symbol> found = read(names, symbols, markers, tokens);
                if (found != null) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }

    /** @return null if the tables do not fit each other */
    private List<Symbol> read(int names, int count, int markers, String[] tokens) {
        int addresses = names - Integer.BYTES - count * Integer.BYTES;
        if (addresses < 0) {
            return null;
        }
        List<Symbol> symbols = new ArrayList<>(count);
        int at = names;
        for (int i = 0; i < count; i++) {
            if (i % PER_MARKER == 0 && memory.getInt(markers + i / PER_MARKER * Integer.BYTES) != at - names) {
                return null;
            }
            int lengthBytes = memory.get(at) & 0xFF;
            if (lengthBytes == 0 || at + lengthBytes >= markers) {
                return null;
            }
            StringBuilder name = new StringBuilder();
            for (int j = 1; j <= lengthBytes; j++) {
                name.append(tokens[memory.get(at + j) & 0xFF]);
            }
            if (name.length() < 2) {
                return null;
            }
            symbols.add(new Symbol(name.substring(1), memory.getInt(addresses + i * Integer.BYTES), 0, name.charAt(0)));
            at += lengthBytes + 1;
        }
        return aligned(at) == markers ? symbols : null;
    }
}
