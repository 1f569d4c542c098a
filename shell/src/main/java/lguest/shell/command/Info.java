package lguest.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :info registers|breakpoints|guests|symbol ADDRESS}. */
@Command(name = "info", aliases = "i", description = "What gdb calls so: registers, breakpoints, guests, symbol ADDRESS.")
final class Info implements Callable<Integer> {
    private final Desk desk;

    static final class Known extends Choices {
        Known() {
            super(MEANT.keySet());
        }
    }

    @Parameters(arity = "1..*", paramLabel = "WHAT [ADDRESS]", completionCandidates = Known.class)
    private List<String> words;

    Info(Desk desk) {
        this.desk = desk;
    }

    /** Their commands, by what gdb calls them; the first that begins with what was typed. */
    private static final Map<String, String> MEANT = new TreeMap<>(Map.ofEntries(
        Map.entry("registers", "regs"), Map.entry("all-registers", "regs"), Map.entry("breakpoints", "probes"),
        Map.entry("watchpoints", "probes"), Map.entry("guests", "guests"), Map.entry("inferiors", "guests"), Map.entry("threads", "guests"),
        Map.entry("symbol", "symbols"), Map.entry("address", "symbols"), Map.entry("functions", "symbols"),
        Map.entry("variables", "symbols"), Map.entry("line", "dis"), Map.entry("frame", "bt"), Map.entry("stack", "bt"),
        Map.entry("interrupts", "irq"), Map.entry("mem", "pt")));

    @Override
    public Integer call() {
        String wanted = words.get(0);
        String command = MEANT.entrySet().stream().filter(entry -> entry.getKey().startsWith(wanted)).map(Map.Entry::getValue).findFirst()
            .orElseThrow(() -> new ScriptFailure("info " + wanted + ": there is info " + String.join(", ", MEANT.keySet())));
        List<String> all = new ArrayList<>(words);
        all.set(0, command);
        return desk.commands().execute(all.toArray(String[]::new));
    }
}
