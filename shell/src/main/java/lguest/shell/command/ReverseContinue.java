package lguest.shell.command;

import java.util.List;
import lguest.machine.Stop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :reverse-continue [EVENT]}. */
@Command(name = "reverse-continue", aliases = "rc",
    description = "The current guest goes back to where it would have been stopped last; it must be remembered.")
final class ReverseContinue implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..*", paramLabel = "EVENT",
        description = "Where this happened last instead: rc write('jiffies') stands at what wrote there.")
    private List<String> event;

    ReverseContinue(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        String typed = desk.typed();
        Stop stop = (Stop) desk.eval("reverse(" + (event == null ? "" : typed.substring(typed.indexOf(' '))) + ")");
        desk.out().println(stop.reason());
        Place.print(desk);
    }
}
