package lguest.shell.command;

import java.util.ArrayList;
import java.util.List;
import lguest.dsl.Hook;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :trace WHAT...}. */
@Command(name = "trace", description = "A line for each time something happens: hypercalls, faults, dma KEY, at ADDRESS; off ends it.")
final class Trace implements Runnable {
    private final Desk desk;

    private final List<Hook> tracing = new ArrayList<>();

    private static final List<String> EVENTS = List.of("hypercalls", "faults", "dma", "at", "read", "write", "interrupt", "off");

    static final class Known extends Choices {
        Known() {
            super(EVENTS);
        }
    }

    @Parameters(arity = "1..*", paramLabel = "WHAT", completionCandidates = Known.class,
        description = "hypercalls [NAME...], faults [NAME...], dma KEY, at ADDRESS, read ADDRESS, write ADDRESS, interrupt LINE, or off")
    private List<String> words;

    Trace(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        String what = words.get(0);
        List<String> which = words.subList(1, words.size());
        if (what.equals("off")) {
            tracing.forEach(Hook::remove);
            tracing.clear();
            return;
        }
        String event = switch (what) {
            case "hypercalls", "hypercall" -> "hypercalls(" + String.join(", ", which) + ")";
            case "faults", "fault" -> "faults(" + String.join(", ", which) + ")";
            case "at", "dma", "read", "write" -> String.format("%s(0x%08xL)", what, desk.address(one(what, which)));
            case "interrupt" -> "interrupt(" + one(what, which) + ")";
            default -> throw new ScriptFailure("trace " + what + ": there is " + String.join(", ", EVENTS));
        };
        Hook hook = (Hook) desk.eval("before " + event + " run { log \"${symbol it.eip}  $it\" }");
        tracing.add(hook);
        desk.show(hook);
    }

    private static String one(String what, List<String> which) {
        if (which.size() != 1) {
            throw new ScriptFailure("trace " + what + ": expected one word behind it");
        }
        return which.get(0);
    }
}
