package lguest.shell.repl;

import java.util.Collection;

/** The names that mean something at the prompt now. None of these runs anything of the guest or stops it. */
interface Vocabulary {
    /** What commands there are, with all their other names. */
    Collection<String> commands();

    /** What the script language has to offer where the cursor is at the end of the text: words, members, variables. */
    Collection<String> words(String text);

    Collection<String> guests();

    Collection<String> hypercalls();

    Collection<String> faults();

    /** Symbols of the current guest that begin so, not too many. */
    Collection<String> symbols(String prefix);

    /** What a command takes first, as its help calls it: GUEST, FILE, ADDRESS; empty if that is nothing, or nothing is called so. */
    String argument(String command);

    /** The words that a command takes first, where they are few and known; otherwise none. */
    Collection<String> choices(String command);
}
