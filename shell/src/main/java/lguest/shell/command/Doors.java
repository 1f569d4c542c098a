package lguest.shell.command;

import java.util.List;

/** What the commands of the command line can open. Each returns the exit status. */
public interface Doors {
    /** @param arguments the script, then its arguments */
    int script(List<String> arguments);

    /** @param script run first, in the prompt's own session; null for none */
    int prompt(String script);
}
