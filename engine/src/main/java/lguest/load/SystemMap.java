package lguest.load;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code System.map}: what nm prints about a vmlinux, {@code c0100000 T _text}. */
final class SystemMap {
    private static final Pattern LINE = Pattern.compile("(\\p{XDigit}{1,8}) (\\S) (\\S+).*");
    private static final int MAX_BYTES = 64 << 20;
    private static final int SHOWN = 40;

    private SystemMap() {
    }

    /** @throws LoadException names the file and the line that is none */
    static List<Symbol> read(Path map) {
        List<Symbol> symbols = new ArrayList<>();
        try (ImageFile file = ImageFile.open(map)) {
            if (file.sizeBytes() > MAX_BYTES) {
                throw new LoadException("Reading symbols of %s: %d bytes are too many", map, file.sizeBytes());
            }
            byte[] bytes = file.bytes(0, (int) file.sizeBytes(), "Reading symbols of " + map).array();
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r?\n");
            for (int i = 0; i < lines.length; i++) {
                if (!lines[i].isBlank()) {
                    symbols.add(symbol(lines[i], map, i + 1));
                }
            }
        }
        return symbols;
    }

    private static Symbol symbol(String line, Path map, int number) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new LoadException("%s:%d: no line of a System.map: %s", map, number,
                line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
        }
        return new Symbol(matcher.group(3), Integer.parseUnsignedInt(matcher.group(1), 16), 0, matcher.group(2).charAt(0));
    }
}
