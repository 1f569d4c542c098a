package lguest.shell.command;

import groovy.lang.Closure;
import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import lguest.dsl.Hook;
import lguest.machine.Guest;
import picocli.CommandLine;

/** What the commands of the prompt act on. What goes wrong is a {@link lguest.dsl.ScriptFailure}. */
public interface Desk {
    /** Guests that were made here, in that order. */
    Collection<Guest> guests();

    /** {@code running}, {@code paused} and so on, as scripts see it. */
    String state(Guest guest);

    /** The current guest; a failure if there is none. */
    Guest guest();

    /** What watches the current guest. */
    List<Hook> hooks();

    /** Makes a guest the current one. @param name of the guest, or of a variable that holds one */
    void use(String name);

    /** Looks at the current guest while it does not run. */
    <T> T look(Supplier<T> work);

    /** Evaluates a line of the script language. */
    Object eval(String code);

    /** A closure of the script language, from its text. */
    default Closure<?> closure(String code) {
        return (Closure<?>) eval("(" + code + ")");
    }

    /** Runs a script here: its guests and hooks stay. */
    void source(String file);

    /** Writes all of the current guest to a file. */
    void save(String file);

    /** Makes a guest of such a file the current one. @param name null for the name it had */
    void load(String file, String name);

    /** Prints a value as the prompt shows results. */
    void show(Object value);

    /**
     * @param text {@code 0xc0100000}, a symbol perhaps with an offset, a register, or an expression
     * @return a linear address
     */
    int address(String text);

    /** Stops the current guest where it is. */
    void pause();

    /** Lets the current guest execute so many instructions. */
    void step(long instructions);

    /** The current guest goes on; if it had the terminal, it has it again. */
    void cont();

    /** Gives the terminal to the current guest's console. */
    void attach();

    /** Keeps a line about all guests in sight, or does so no more. @return false if there is no place for one */
    boolean status(boolean wanted);

    /** Ends the prompt after this command. */
    void quit(int status);

    PrintStream out();

    /** The line that the command was typed as. */
    String typed();

    /** All commands. */
    CommandLine commands();
}
