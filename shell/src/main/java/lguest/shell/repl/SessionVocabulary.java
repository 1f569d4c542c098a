package lguest.shell.repl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lguest.dsl.FaultName;
import lguest.dsl.HypercallName;
import lguest.dsl.Session;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What a session knows. */
final class SessionVocabulary implements Vocabulary {
    private static final int MOST_SYMBOLS = 200;
    private static final Pattern ACCESSOR = Pattern.compile("(?:get|set|is)([A-Z])(\\w*)");

    private final Session session;
    private final CommandLine commands;

    /** @param commands a command line whose subcommands are those of the prompt */
    SessionVocabulary(Session session, CommandLine commands) {
        this.session = session;
        this.commands = commands;
    }

    @Override
    public Collection<String> commands() {
        return commands.getSubcommands().keySet();
    }

    @Override
    public String argument(String command) {
        return first(command).map(PositionalParamSpec::paramLabel).orElse("");
    }

    @Override
    public Collection<String> choices(String command) {
        List<String> words = new ArrayList<>();
        first(command).map(PositionalParamSpec::completionCandidates).ifPresent(all -> all.forEach(words::add));
        return words;
    }

    private Optional<PositionalParamSpec> first(String command) {
        return Optional.ofNullable(commands.getSubcommands().get(command))
            .flatMap(known -> known.getCommandSpec().positionalParameters().stream().findFirst());
    }

    @Override
    public Collection<String> words(String text) {
        int begin = text.length();
        while (begin > 0 && Character.isJavaIdentifierPart(text.charAt(begin - 1))) {
            begin--;
        }
        String prefix = text.substring(begin);
        List<String> all = session.complete(text.substring(0, begin));
        return all.stream().filter(word -> word.startsWith(prefix) && !accesses(word, all)).toList();
    }

    /** Whether a word is a getter or setter of a property that is there, too, and shorter to type. */
    private static boolean accesses(String word, List<String> all) {
        Matcher accessor = ACCESSOR.matcher(word);
        return accessor.matches() && all.contains(accessor.group(1).toLowerCase(Locale.ROOT) + accessor.group(2));
    }

    @Override
    public Collection<String> guests() {
        return session.getGuests().keySet();
    }

    @Override
    public Collection<String> hypercalls() {
        List<String> names = new ArrayList<>(Arrays.stream(HypercallName.values()).map(Enum::name).toList());
        names.add(FaultName.TS.name());
        return names;
    }

    @Override
    public Collection<String> faults() {
        return Arrays.stream(FaultName.values()).map(Enum::name).toList();
    }

    @Override
    public Collection<String> symbols(String prefix) {
        return session.hasGuest() ? session.getCurrent().getSymbols().names(prefix, MOST_SYMBOLS) : List.of();
    }
}
