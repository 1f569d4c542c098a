package lguest.shell.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code :p EXPRESSION}. */
@Command(name = "p", description = "Evaluates Groovy, with $eax for cpu.eax; p/x shows numbers in hexadecimal.")
final class Print implements Runnable {
    private final Desk desk;

    @Option(names = "--format", paramLabel = "x|d|t|c", hidden = true)
    private String format;

    @Parameters(arity = "1..*", paramLabel = "EXPRESSION")
    private List<String> words;

    Print(Desk desk) {
        this.desk = desk;
    }

    private static final Pattern LINE = Pattern.compile(":?\\s*\\w+(/\\w+)?\\s+(.+)", Pattern.DOTALL);

    @Override
    public void run() {
        Matcher line = LINE.matcher(desk.typed());
        if (!line.matches()) {
            throw new ScriptFailure("p: expected an expression in '" + desk.typed() + "'");
        }
        Object value = desk.eval(Registers.inGroovy(line.group(2)));
        desk.show(format != null && value instanceof Number number ? formatted(number.longValue()) : value);
    }

    private String formatted(long number) {
        return switch (format) {
            case "x" -> "0x" + Long.toHexString(number);
            case "d" -> String.valueOf((int) number);
            case "t" -> "0b" + Long.toBinaryString(number);
            case "c" -> number + " '" + (number >= ' ' && number < 127 ? String.valueOf((char) number) : "?") + "'";
            default -> throw new ScriptFailure("p/" + format + ": formats are x d t c");
        };
    }
}
