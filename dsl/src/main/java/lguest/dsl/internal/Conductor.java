package lguest.dsl.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import lguest.machine.Guest;
import lguest.machine.Limit;
import lguest.machine.Stop;

/** Who runs the guests of a session, and when: {@link Turns} for scripts, {@link Background} for the prompt. */
public interface Conductor extends AutoCloseable {
    /** How a wait ended. */
    enum Outcome {
        /** The condition holds. */
        TRUE,
        TIMED_OUT,
        /** No guest can run, or all sleep for ever: nothing will change any more. */
        NOTHING_RUNS
    }

    /** Told of what becomes of guests. What it throws reaches the script that waits. */
    interface Listener {
        /** The guest came back, for whatever reason. */
        void stopped(Guest guest, Stop stop);

        /** The guest died, and nobody had waited for that. */
        void died(Guest guest);
    }

    /** The guest may run from now on. */
    void boot(Guest guest);

    /** Whether the guest may run, now or when its turn comes. */
    boolean runs(Guest guest);

    /** The guest stays where it is until it is booted or run again. */
    void pause(Guest guest);

    /**
     * Runs a guest until the limit or something else stops it, and leaves it there. Others that may run do so meanwhile.
     *
     * @return null if it goes on in the background: with no limit, at the prompt
     */
    Stop run(Guest guest, Limit limit);

    /** Runs this guest alone, until it has executed so many or sleeps for ever. */
    Stop step(Guest guest, long instructions);

    /**
     * Lets guests run until a condition holds.
     *
     * @param timeout of guest time; null for none: then guests that sleep for ever end the wait
     */
    Outcome await(BooleanSupplier condition, Duration timeout);

    /** Whether the caller is within a guest's run, in a hook: there nobody can wait. */
    boolean inRun();

    /** Looks at a guest while it does not run, or changes it. */
    <T> T look(Guest guest, Supplier<T> work);

    /** The guest is nobody's here any more, and stands still. */
    void forget(Guest guest);

    /** Any thread: whoever waits here comes back soon. */
    void interrupt();

    @Override
    void close();
}
