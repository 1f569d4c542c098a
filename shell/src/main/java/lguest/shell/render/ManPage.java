package lguest.shell.render;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page in roff, for man(1): the overview that {@code --help} prints, then each command as picocli knows it. */
public final class ManPage {
    private ManPage() {
    }

    /**
     * @param line the commands of the command line
     * @param prompt the commands of the prompt
     */
    public static String of(CommandLine line, CommandLine prompt) {
        StringBuilder out = new StringBuilder(".TH LGUEST 1\n.SH NAME\nlguest \\- a scriptable hypervisor for lguest guests\n");
        out.append(".SH SYNOPSIS\n.nf\n").append(escaped(help().lines().takeWhile(text -> !text.isEmpty())
            .map(text -> text.replaceFirst("^(Usage:| {6}) ", "")).collect(Collectors.joining("\n")))).append("\n.fi\n.SH DESCRIPTION\n.nf\n");
        out.append(escaped(help().lines().dropWhile(text -> !text.isEmpty()).skip(1).collect(Collectors.joining("\n")))).append("\n.fi\n");
        out.append(".SH COMMANDS\n");
        commands(line).forEach(command -> command(out, command, "lguest "));
        out.append(".SH COMMANDS OF THE PROMPT\n");
        commands(prompt).forEach(command -> command(out, command, ":"));
        return out.append(".SH FILES\n.TP\n.I $XDG_CONFIG_HOME/lguest/init.lgs\nis run first at every prompt.\n.TP\n")
            .append(".I $XDG_STATE_HOME/lguest/history\nholds what was typed there.\n").toString();
    }

    private static List<CommandSpec> commands(CommandLine line) {
        return line.getSubcommands().values().stream().distinct().map(CommandLine::getCommandSpec).toList();
    }

    private static void command(StringBuilder out, CommandSpec spec, String before) {
        out.append(".SS ").append(escaped(before + spec.name()));
        for (PositionalParamSpec words : spec.positionalParameters()) {
            out.append(' ').append(escaped(words.arity().min() == 0 ? "[" + words.paramLabel() + "]" : words.paramLabel()));
        }
        out.append('\n').append(escaped(String.join(" ", spec.usageMessage().description()))).append('\n');
        if (spec.aliases().length > 0) {
            out.append("Also ").append(escaped(before + String.join(", " + before, spec.aliases()))).append(".\n");
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && !option.usageHelp()) {
                item(out, String.join(", ", option.names()) + (option.arity().max() > 0 ? " " + option.paramLabel() : ""), option);
            }
        }
        for (PositionalParamSpec words : spec.positionalParameters()) {
            if (words.description().length > 0) {
                item(out, words.paramLabel(), words);
            }
        }
    }

    private static void item(StringBuilder out, String name, ArgSpec argument) {
        String text = String.join(" ", argument.description()).replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
        out.append(".TP\n.B ").append(escaped(name)).append('\n').append(escaped(text)).append('\n');
    }

    /** What roff would take for its own is not. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
    }

    private static String help() {
        try (InputStream text = ManPage.class.getResourceAsStream("/lguest/shell/help.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
