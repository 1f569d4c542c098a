package lguest.shell.command;

import java.util.List;
import lguest.dsl.ScriptFailure;
import lguest.dsl.internal.Similar;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands of the prompt. */
@Command(name = "")
public final class PromptCommands {
    private PromptCommands() {
    }

    private static void explain(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Says this.").build());
        spec.usageMessage().synopsisHeading("Usage:");
    }

    /** A command line whose subcommands they are. */
    public static CommandLine of(Desk desk) {
        CommandLine line = new CommandLine(new PromptCommands());
        for (Object command : List.of(new Help(desk), new Guests(desk), new Use(desk), new Boot(desk), new Cont(desk), new Pause(desk),
            new Step(desk), new Next(desk), new Finish(desk), new UntilCommand(desk), new CallCommand(desk),
            new RememberCommand(desk), new ReverseStep(desk), new ReverseContinue(desk), new Regs(desk),
            new Dis(desk), new Mem(desk), new Print(desk), new Bt(desk), new Break(desk), new Tbreak(desk), new Watch(desk),
            new Probes(desk), new Enable(desk), new Disable(desk), new Delete(desk), new Ignore(desk), new Condition(desk),
            new SaveCommand(desk), new LoadCommand(desk), new Trace(desk), new Symbols(desk), new Hypercalls(desk),
            new EngineCommand(desk), new DmaCommand(desk), new Irq(desk), new Idt(desk), new Gdt(desk), new Pt(desk), new MapCommand(desk),
            new Disks(desk), new Info(desk), new Console(desk), new Source(desk), new StatusCommand(desk), new Quit(desk))) {
            line.addSubcommand(command);
        }
        for (String groovy : List.of("break", "watch", "condition", "call", "p", "reverse-continue")) {
            line.getSubcommands().get(groovy).setUnmatchedOptionsArePositionalParams(true);
        }
        line.getSubcommands().values().stream().map(CommandLine::getCommandSpec).distinct().forEach(PromptCommands::explain);
        return line;
    }

    /** Nothing is called so. */
    public static ScriptFailure unknown(String name, CommandLine commands) {
        return new ScriptFailure("no command :" + name + Similar.hint(name, commands.getSubcommands().keySet()));
    }
}
