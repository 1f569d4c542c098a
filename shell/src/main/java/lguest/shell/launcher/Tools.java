package lguest.shell.launcher;

import java.util.List;
import lguest.machine.Guest;
import lguest.machine.Stop;

/** The scripts of {@code --script} that work on the launcher's guest; another package's business. */
public interface Tools extends AutoCloseable {
    /** None. */
    Tools NONE = stop -> {
        throw new IllegalStateException("no script, but " + stop);
    };

    /** Starts them. */
    @FunctionalInterface
    interface Attacher {
        /**
         * @param scripts names or files, at least one
         * @throws Ended if one of them fails, or has had enough
         */
        Tools attach(Guest guest, List<String> scripts);
    }

    /** A script ends it all before the guest has run. What there was to say has been said. */
    final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        public Ended(int status) {
            super(null, null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Something that a script attached has failed, and stopped the guest: says so. @return the exit status */
    int failed(Stop stop);

    /** The guest has ended: reports are written. */
    @Override
    default void close() {
    }
}
