package lguest.shell.command;

import java.util.List;
import lguest.dsl.ScriptFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code :break ADDRESS [if CONDITION]}: short for {@code stop at(...) when { ... }}. */
@Command(name = "break", aliases = "b", description = "Stops the current guest before the instruction at an address.")
final class Break implements Runnable {
    private final Desk desk;

    @Parameters(arity = "1..*", paramLabel = "ADDRESS [if CONDITION]",
        description = "A number, a symbol or a register; the condition is Groovy: break do_page_fault if cpu.cr2 < 4.KB")
    private List<String> words;

    Break(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        Conditional line = Conditional.of(desk.typed());
        if (line.before(words) != 1) {
            throw new ScriptFailure("break: expected ADDRESS [if CONDITION] in '" + desk.typed() + "'");
        }
        line.stop(desk, String.format("at(0x%08xL)", desk.address(words.get(0))));
    }
}
