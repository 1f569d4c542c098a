package lguest.shell.command;

import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.shell.render.RegisterGrid;
import lguest.shell.render.Shown;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :regs [NAME...]}. */
@Command(name = "regs", aliases = "r", description = "The processor's registers.")
final class Regs implements Runnable {
    private final Desk desk;

    Regs(Desk desk) {
        this.desk = desk;
    }

    @Parameters(arity = "0..*", paramLabel = "NAME", completionCandidates = Registers.Known.class,
        description = "All of them if not given.")
    private List<String> names = List.of();

    @Override
    public void run() {
        if (names.isEmpty()) {
            desk.out().println(desk.look(() -> RegisterGrid.of(desk.guest().cpu())));
        }
        for (String name : names) {
            String register = Registers.of(name.matches("[$%].*") ? name : "$" + name);
            if (register == null) {
                throw new ScriptFailure("regs " + name + ": no such register");
            }
            desk.out().printf("%-6s %s%n", register, Shown.of(desk.eval("cpu." + register)));
        }
    }
}
