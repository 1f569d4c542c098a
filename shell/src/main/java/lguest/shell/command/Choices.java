package lguest.shell.command;

import java.util.Collection;
import java.util.Iterator;

/** The words that a command takes, for completion: picocli makes one of these by itself. */
abstract class Choices implements Iterable<String> {
    private final Collection<String> words;

    Choices(Collection<String> words) {
        this.words = words;
    }

    @Override
    public Iterator<String> iterator() {
        return words.iterator();
    }
}
