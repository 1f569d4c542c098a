package lguest.shell.command;

import java.util.List;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code :watch [-r|-a] ADDRESS [BYTES] [if CONDITION]}. */
@Command(name = "watch", description = "Stops the current guest when memory is written.")
final class Watch implements Runnable {
    private final Desk desk;

    @Option(names = "-r", description = "When it is read instead.")
    private boolean read;

    @Option(names = "-a", description = "When it is read or written.")
    private boolean access;

    @Option(names = "-c", description = "When it is changed: written with something else than is there.")
    private boolean change;

    @Parameters(arity = "1..*", paramLabel = "ADDRESS [BYTES] [if CONDITION]",
        description = "4 bytes if not given; in the condition, it.value is what is written: watch jiffies if it.value > 1000")
    private List<String> words;

    Watch(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Conditional line = Conditional.of(desk.typed());
        List<String> place = words.subList(0, line.before(words));
        if (place.isEmpty() || place.size() > 2) {
            throw new ScriptFailure("watch: expected ADDRESS [BYTES] [if CONDITION] in '" + desk.typed() + "'");
        }
        int first = desk.address(place.get(0));
        int bytes = place.size() == 2 ? desk.address(place.get(1)) : Integer.BYTES;
        if (bytes < 1) {
            throw new ScriptFailure("watch: " + place.get(1) + " bytes: must be 1 or more");
        }
        String event = String.format("on(%s(0x%08xL..0x%08xL))", access ? "access" : read ? "read" : change ? "change" : "write", first,
            Integer.toUnsignedLong(first) + bytes - 1);
        line.stop(desk, event);
    }
}
