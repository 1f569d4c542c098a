package lguest.cpu;

/** What RDTSC reads. */
@FunctionalInterface
public interface TimeStampCounter {
    long ticks();
}
