package lguest.shell.command;

import java.util.List;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :ignore NUMBER COUNT}. */
@Command(name = "ignore", description = "Lets a probe of :probes pass so many times before it acts.")
final class Ignore implements Runnable {
    private final Desk desk;

    @Parameters(index = "0", paramLabel = "NUMBER")
    private int number;

    @Parameters(index = "1", paramLabel = "COUNT")
    private long count;

    Ignore(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (count < 0) {
            throw new ScriptFailure("ignore: " + count + " times: must be 0 or more");
        }
        desk.show(Probes.numbered(desk, "ignore", List.of(number)).get(0).ignore(count));
    }
}
