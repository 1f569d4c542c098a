package lguest.probe;

/** What a probe does. It runs on the guest's thread between two instructions and may look at and change everything. */
@FunctionalInterface
public interface Action {
    void run(Occurrence occurrence) throws Exception;
}
