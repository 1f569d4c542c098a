package lguest.shell.command;

import java.util.List;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :status on|off}. */
@Command(name = "status", description = "Shows guests and how they are below the line being edited, or does so no more.")
final class StatusCommand implements Runnable {
    private final Desk desk;

    static final class Known extends Choices {
        Known() {
            super(List.of("off", "on"));
        }
    }

    @Parameters(paramLabel = "on|off", completionCandidates = Known.class, description = "Whether that line is wanted.")
    private String wanted;

    StatusCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        boolean on = wanted.equals("on");
        if (!on && !wanted.equals("off")) {
            throw new ScriptFailure("status " + wanted + ": on or off");
        }
        if (!desk.status(on) && on) {
            throw new ScriptFailure("status: it takes a terminal that can move its cursor");
        }
    }
}
