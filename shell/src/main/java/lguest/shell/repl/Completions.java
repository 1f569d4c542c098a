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

/** What may stand at the cursor: the words of the language, and of the guests that are there. */
final class Completions {
    private static final Set<String> HYPERCALL_WORDS = Set.of("hypercall", "hypercalls");
    private static final Set<String> FAULT_WORDS = Set.of("fault", "faults");
    private static final Set<String> GUEST_WORDS = Set.of("boot", "use", "guest", "cont", "c", "console", "pause");

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
        return Place.of(text, Set.copyOf(known.commands()));
    }

    private Collection<String> candidates(Place place, String text) {
        return switch (place.kind()) {
            case COMMAND -> known.commands();
            case FIRST -> place.prefix().isEmpty() ? known.commands() : join(known.commands(), known.words(text));
            case ARGUMENT -> argument(place);
            case WORD -> word(place, text);
            case MEMBER -> known.words(text);
            case TEXT -> text(place);
            case FILE -> files(place.before(), place.prefix());
        };
    }

    private Collection<String> argument(Place place) {
        if (GUEST_WORDS.contains(place.before())) {
            return known.guests();
        }
        return place.before().equals("help") ? known.commands() : known.symbols(place.prefix());
    }

    private Collection<String> word(Place place, String text) {
        String function = text.substring(0, text.length() - place.prefix().length()).stripTrailing();
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
