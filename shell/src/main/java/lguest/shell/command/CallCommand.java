package lguest.shell.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :call FUNCTION(ARGUMENT, ...)}: short for {@code guest('NAME').call('FUNCTION', ARGUMENT, ...)}. */
@Command(name = "call", description = "Calls a function of the current guest, which stands still, and shows what it returns.")
final class CallCommand implements Runnable {
    private static final Pattern LINE = Pattern.compile(":?\\s*\\w+\\s+([A-Za-z_]\\w*)\\s*(?:\\((.*)\\))?\\s*", Pattern.DOTALL);

    private final Desk desk;

    @Parameters(arity = "1..*", paramLabel = "FUNCTION(ARGUMENT, ...)", description = "Arguments are Groovy, with $eax for cpu.eax.")
    private List<String> words;

    CallCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Matcher line = LINE.matcher(desk.typed());
        if (!line.matches()) {
            throw new ScriptFailure("call: expected FUNCTION(ARGUMENT, ...) in '" + desk.typed() + "'");
        }
        String arguments = line.group(2) == null || line.group(2).isBlank() ? "" : ", " + Registers.inGroovy(line.group(2));
        desk.show(desk.eval("guest('" + desk.guest().name() + "').call('" + line.group(1) + "'" + arguments + ")"));
    }
}
