package lguest.shell.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :break ADDRESS [if CONDITION]}: short for {@code stop at(...) when { ... }}. */
@Command(name = "break", aliases = "b", description = "Stops the current guest before the instruction at an address.")
final class Break implements Runnable {
    private static final Pattern LINE = Pattern.compile(":?\\s*\\w+\\s+(\\S+)(?:\\s+(?:if|when)\\s+(.+))?");

    private final Desk desk;

    @Parameters(arity = "1..*", paramLabel = "ADDRESS [if CONDITION]",
        description = "A number, a symbol or a register; the condition is Groovy: break do_page_fault if cpu.cr2 < 4.KB")
    private List<String> words;

    Break(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Matcher line = LINE.matcher(desk.typed().strip());
        if (!line.matches()) {
            throw new ScriptFailure("break: expected ADDRESS [if CONDITION] in '" + desk.typed().strip() + "'");
        }
        String address = String.format("0x%08x", desk.address(words.get(0)));
        desk.show(desk.eval("stop at(" + address + ")" + (line.group(2) == null ? "" : " when { " + line.group(2) + " }")));
    }
}
