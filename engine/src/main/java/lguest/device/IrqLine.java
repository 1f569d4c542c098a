package lguest.device;

/** One interrupt line of a guest, as the device at its end sees it. */
@FunctionalInterface
public interface IrqLine {
    IrqLine NONE = () -> { };

    void raise();
}
