package lguest.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :info registers|breakpoints|guests|symbol ADDRESS}. */
@Command(name = "info", aliases = "i", description = "What gdb calls so: registers, breakpoints, guests, symbol ADDRESS.")
final class Info implements Runnable {
    private final Desk desk;

    @Parameters(arity = "1..2", paramLabel = "WHAT [ADDRESS]")
    private List<String> words;

    Info(Desk desk) {
        this.desk = desk;
    }

    /** Their commands, by what gdb calls them; the first that begins with what was typed. */
    private static final Map<String, String> MEANT = new TreeMap<>(Map.of("registers", "regs", "breakpoints", "probes", "watchpoints", "probes",
        "guests", "guests", "inferiors", "guests", "symbol", "symbols", "stack", "bt", "interrupts", "irq", "mem", "pt"));

    @Override
    public void run() {
        String wanted = words.get(0);
        String command = MEANT.entrySet().stream().filter(entry -> entry.getKey().startsWith(wanted)).map(Map.Entry::getValue).findFirst()
            .orElseThrow(() -> new ScriptFailure("info " + wanted + ": there is info " + String.join(", ", MEANT.keySet())));
        List<String> all = new ArrayList<>(words);
        all.set(0, command);
        desk.commands().execute(all.toArray(String[]::new));
    }
}
