package lguest.shell.command;

import java.util.concurrent.Callable;
import lguest.shell.render.ManPage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lguest man}. */
@Command(name = "man", description = "Print the manual page, made from what the commands say of themselves: lguest man | man -l -")
final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this.")
    private boolean help;

    @Override
    public Integer call() {
        CommandLine all = spec.parent().commandLine();
        System.out.print(ManPage.of(all, PromptCommands.of(null)));
        return 0;
    }
}
