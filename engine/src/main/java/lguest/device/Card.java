package lguest.device;

/** A network card, whose frames can be looked at. */
public interface Card {
    /** What it is connected to. */
    String name();

    /** Shows every frame of the guest to somebody, instead of whoever saw them before. */
    void tap(FrameTap watcher);
}
