package lguest.shell.command;

import java.nio.file.Path;
import java.util.List;

/** What the commands of the command line can open. Each returns the exit status. */
public interface Doors {
    /** @param arguments the script, then its arguments */
    int script(List<String> arguments);

    /** @param script run first, in the prompt's own session; null for none */
    int prompt(String script);

    /** Prints the reference of the script language. */
    int reference();

    /** Looks for mistakes in scripts without running them. */
    int check(List<Path> scripts);

    /**
     * Runs scripts as tests.
     *
     * @param places folders, or scripts
     * @param filter what names of tests have to contain
     * @param xml where the outcome goes in JUnit's XML; null for nowhere
     * @param verbose whether to show what tests print
     */
    int test(List<Path> places, String filter, Path xml, boolean verbose);
}
