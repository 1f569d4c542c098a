package lguest.shell.repl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import lguest.shell.command.Registers;

/** What may stand at the cursor: the words of the language, and of the guests that are there. */
final class Completions {
    private static final Set<String> HYPERCALL_WORDS = Set.of("hypercall", "hypercalls");
    private static final Set<String> FAULT_WORDS = Set.of("fault", "faults");
    private static final Set<String> GUEST_WORDS = Set.of("boot", "use", "guest");
    private static final Set<String> EVENTS = Set.of("access", "at", "change", "console", "dma", "exit", "fault", "faults", "hypercall",
        "hypercalls", "interrupt", "interrupts", "port", "ports", "read", "write");
    private static final Pattern TAKES_EVENT = Pattern.compile("\\b(on\\s*\\(|(before|after|replace)(\\s*\\()?)$");
    private static final List<String> CLAUSES = List.of("by", "ignore", "once", "run", "top", "when");
    private static final Pattern TAKES_CLAUSE = Pattern.compile(
        "(?s)(.*[=.({;\\s])?(stop|before|after|replace|trace|count|time)\\b[^;\\n]*[\\w)}]\\s+");
    private static final Pattern HYPERCALLS = Pattern.compile(".*\\shypercalls?\\s.*");
    private static final Pattern FAULTS = Pattern.compile(".*\\sfaults?\\s.*");
    private static final Pattern COMMAND = Pattern.compile("\\s*:?\\w+(/\\w+)?\\s+");
    private static final Pattern CONDITION = Pattern.compile(".*\\s(if|when)\\s.*");

    private final Vocabulary known;

    Completions(Vocabulary known) {
        this.known = known;
    }

    /** Words that begin with what is there already, in order. @param text the line up to the cursor */
    List<String> at(String text) {
        Place place = place(text);
        TreeSet<String> words = new TreeSet<>();
        for (String word : candidates(place, text)) {
            if (word.startsWith(place.prefix())) {
                words.add(word);
            }
        }
        return new ArrayList<>(words);
    }

    Place place(String text) {
        Place place = Place.of(text, Set.copyOf(known.commands()));
        if (place.kind() != Place.Kind.ARGUMENT) {
            return place;
        }
        String wanted = known.argument(place.before());
        if (wanted.equals("FILE")) {
            return Place.file(place.prefix());
        }
        boolean code = wanted.contains("EXPRESSION") || CONDITION.matcher(text).matches() || place.prefix().contains("(")
            || place.prefix().contains(".") && known.symbols(place.prefix()).isEmpty();
        // Behind an operator nothing is a command.
        return code && !place.prefix().startsWith("$") ? Place.of("=" + COMMAND.matcher(text).replaceFirst(""), Set.of()) : place;
    }

    private Collection<String> candidates(Place place, String text) {
        return switch (place.kind()) {
            case COMMAND -> known.commands();
            case FIRST -> place.prefix().isEmpty() ? known.commands() : join(known.commands(), known.words(text));
            case ARGUMENT -> argument(place, text);
            case WORD -> word(place, text);
            case MEMBER -> known.words(text);
            case TEXT -> text(place);
            case FILE -> files(place.before(), place.prefix());
        };
    }

    private Collection<String> argument(Place place, String text) {
        if (place.prefix().startsWith("$")) {
            return Registers.NAMES.stream().map(name -> "$" + name).toList();
        }
        if (HYPERCALLS.matcher(text).matches()) {
            return known.hypercalls();
        }
        if (FAULTS.matcher(text).matches()) {
            return known.faults();
        }
        Collection<String> choices = known.choices(place.before());
        boolean first = COMMAND.matcher(text.substring(0, text.length() - place.prefix().length())).matches();
        return first && !choices.isEmpty() ? choices : switch (known.argument(place.before())) {
            case "GUEST" -> known.guests();
            case "NAME" -> choices;
            case "COMMAND" -> known.commands();
            case "N", "NUMBER", "STATUS", "" -> List.of();
            default -> known.symbols(place.prefix());
        };
    }

    private Collection<String> word(Place place, String text) {
        String begin = text.substring(0, text.length() - place.prefix().length());
        if (TAKES_CLAUSE.matcher(begin).matches() && count(begin, '(') == count(begin, ')') && count(begin, '{') == count(begin, '}')) {
            return CLAUSES;
        }
        String function = begin.stripTrailing();
        if (TAKES_EVENT.matcher(function).find()) {
            Collection<String> words = known.words(text);
            List<String> events = words.stream().filter(EVENTS::contains).toList();
            // A guest's, otherwise, that has a variable: before first.console.
            return events.isEmpty() ? words : events;
        }
        for (String word : HYPERCALL_WORDS) {
            if (function.endsWith(word + "(")) {
                return known.hypercalls();
            }
        }
        for (String word : FAULT_WORDS) {
            if (function.endsWith(word + "(")) {
                return known.faults();
            }
        }
        return known.words(text);
    }

    private static long count(String text, char c) {
        return text.chars().filter(each -> each == c).count();
    }

    private Collection<String> text(Place place) {
        if (HYPERCALL_WORDS.contains(place.before())) {
            return known.hypercalls();
        }
        return GUEST_WORDS.contains(place.before()) ? known.guests() : known.symbols(place.prefix());
    }

    private static Collection<String> files(String folder, String prefix) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder.isEmpty() ? "." : folder))) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") || prefix.startsWith(".")) {
                    names.add(Files.isDirectory(file) ? name + "/" : name);
                }
            }
        } catch (IOException | InvalidPathException noFolder) {
            // Nothing to offer there, then.
            return List.of();
        }
        return names;
    }

    private static Collection<String> join(Collection<String> some, Collection<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
