package lguest.probe;

/** Narrows a probe: it counts and acts only where this holds. */
@FunctionalInterface
public interface Condition {
    boolean test(Occurrence occurrence) throws Exception;
}
