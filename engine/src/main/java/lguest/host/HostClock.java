package lguest.host;

/** The two clocks of a guest. */
public interface HostClock {
    /** Nanoseconds of guest time since its start: what clock events are measured in. */
    long nanos();

    /** Nanoseconds since 1970-01-01 UTC: what {@code lguest_data.time} says. */
    long wallNanos();
}
