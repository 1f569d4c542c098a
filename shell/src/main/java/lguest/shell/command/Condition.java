package lguest.shell.command;

import groovy.lang.Closure;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :condition N [EXPRESSION]}. */
@Command(name = "condition", description = "Has a probe act only where an expression holds, or always again.")
final class Condition implements Runnable {
    private static final Pattern LINE = Pattern.compile(":?\\s*\\w+\\s+(\\d+)(?:\\s+(.+))?", Pattern.DOTALL);

    private final Desk desk;

    @Parameters(arity = "1..*", paramLabel = "N [EXPRESSION]", description = "The number that :probes shows; Groovy, with $eax for cpu.eax.")
    private List<String> words;

    Condition(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Matcher line = LINE.matcher(desk.typed());
        if (!line.matches()) {
            throw new ScriptFailure("condition: expected N [EXPRESSION] in '" + desk.typed() + "'");
        }
        Closure<?> condition = desk.closure("{ -> " + (line.group(2) == null ? "true" : Registers.inGroovy(line.group(2))) + " }");
        desk.show(Probes.numbered(desk, "condition", List.of(Integer.valueOf(line.group(1)))).get(0).when(condition));
    }
}
