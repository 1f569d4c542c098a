package lguest.machine;

import lguest.host.HostClock;

/** A guest's time: either the host's, or made of executed instructions and so the same in every run. */
public interface Clock extends HostClock {
    /** The count of instructions at which {@link #nanos} reaches {@code nanos}; a guess where the host's clock rules. */
    long instructionsAt(long nanos);

    /** Whether time passes while nothing executes. */
    boolean runsByItself();

    /** Nothing is to be done before {@code nanos}: makes it so at once if time does not pass by itself. */
    void skipTo(long nanos);

    /** Starts from a saved {@link #nanos} instead of 0, before the guest runs; its instructions are what they were then. */
    void startFrom(long nanos);

    /** Unix time in nanoseconds at {@link #nanos} 0. */
    long wallStart();
}
