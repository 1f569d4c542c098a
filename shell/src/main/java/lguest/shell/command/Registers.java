package lguest.shell.command;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Registers as gdb has them: {@code $eax}, and {@code $pc}, {@code $sp}, {@code $fp} and {@code $ps} for those that stand for it. */
public final class Registers {
    public static final List<String> NAMES = List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags",
        "cr0", "cr2", "cr3", "cr4", "cs", "ds", "es", "fs", "gs", "ss", "pc", "sp", "fp", "ps");

    private static final Pattern NAMED = Pattern.compile("[$%](" + String.join("|", NAMES) + ")\\b");
    private static final Map<String, String> ROLES = Map.of("pc", "eip", "sp", "esp", "fp", "ebp", "ps", "eflags");

    /** {@link #NAMES}, for completion. */
    static final class Known extends Choices {
        Known() {
            super(NAMES);
        }
    }

    private Registers() {
    }

    /** Groovy with {@code cpu.eax} in place of {@code $eax}. */
    public static String inGroovy(String text) {
        return NAMED.matcher(text).replaceAll(found -> "cpu." + named(found.group(1)));
    }

    /** The register that a text names with its {@code $}; null if it names none. */
    public static String of(String text) {
        Matcher named = NAMED.matcher(text);
        return named.matches() ? named(named.group(1)) : null;
    }

    private static String named(String name) {
        return ROLES.getOrDefault(name, name);
    }
}
