package lguest.shell.command;

import java.util.Arrays;
import lguest.shell.render.Table;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** {@code :help [COMMAND]}. */
@Command(name = "help", aliases = "h", description = "What there is, or one command in full.")
final class Help implements Runnable {
    private final Desk desk;

    @Parameters(arity = "0..1", paramLabel = "COMMAND")
    private String name;

    Help(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void run() {
        if (name == null) {
            overview();
            return;
        }
        String wanted = name.startsWith(":") ? name.substring(1) : name;
        CommandLine command = desk.commands().getSubcommands().get(wanted);
        if (command == null) {
            throw PromptCommands.unknown(wanted, desk.commands());
        }
        desk.out().print(command.getUsageMessage(Ansi.OFF));
    }

    private void overview() {
        Table table = new Table("command", "also", "");
        for (CommandLine command : desk.commands().getSubcommands().values().stream().distinct().toList()) {
            CommandSpec spec = command.getCommandSpec();
            table.row(":" + spec.name(), String.join(" ", Arrays.asList(spec.aliases())), spec.usageMessage().description()[0]);
        }
        desk.out().println(table);
        desk.out().println("""

            The colon may be left out where the rest does not look like Groovy.
            Everything else is Groovy, in the script language:
              guest('tiny') { memory 16.MB; kernel 'samples/hello/hello.elf' }
              boot 'tiny'
              stop at('do_page_fault') when { cpu.cr2 < 4.KB }
              memory[0xC0100000]      cpu.eax = 1      symbols.at(cpu.eip)
              console.send 'ls\\n'    waitFor(5.seconds) { console.text.contains 'login:' }
            Tab completes. Ctrl-C clears the line, ends what is waiting, or pauses the guest; Ctrl-D leaves.""");
    }
}
