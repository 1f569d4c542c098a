package lguest.net;

/** What may happen to frames on a wire. */
@FunctionalInterface
public interface Hazard {
    /** A frame has set out. On the guest's thread; the same frames come in the same order in every run under virtual time. */
    void frame(Passage passage);
}
