package lguest.shell.command;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;

/** {@code lguest} and its commands. Forms without a command's name never get here, and the help of it all is {@code help.txt}. */
@Command(name = "lguest", subcommands = {HelpCommand.class, GenerateCompletion.class})
public final class LguestCommand {
    private LguestCommand() {
    }

    /**
     * The command line with all its commands, ready to be executed.
     *
     * @param terminal whether help may be coloured
     */
    public static CommandLine with(Doors doors, boolean terminal) {
        CommandLine line = new CommandLine(new LguestCommand());
        line.addSubcommand(new RunCommand(doors)).addSubcommand(new ReplCommand(doors)).addSubcommand(new TestCommand(doors))
            .addSubcommand(new CheckCommand(doors)).addSubcommand(new ReferenceCommand(doors)).addSubcommand(new ManCommand());
        line.setColorScheme(Help.defaultColorScheme(terminal && System.getenv("NO_COLOR") == null ? Ansi.AUTO : Ansi.OFF));
        line.getSubcommands().get("run").setStopAtPositional(true);
        line.setParameterExceptionHandler((wrong, arguments) -> {
            line.getErr().println("lguest: " + wrong.getMessage());
            return line.getCommandSpec().exitCodeOnInvalidInput();
        });
        return line;
    }
}
