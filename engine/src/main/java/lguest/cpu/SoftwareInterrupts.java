package lguest.cpu;

/** The way of INT n through a gate that needs nobody but the processor. */
public interface SoftwareInterrupts {
    /** Every INT n is for whoever runs the processor. */
    SoftwareInterrupts LEAVE = vector -> false;

    /**
     * Takes the processor from behind an INT n, where EIP is, to the gate's handler.
     *
     * @param vector 0 to 255
     * @return false if that takes more, or would fault: nothing has happened, and the processor is to {@link Leave} instead
     */
    boolean deliver(int vector);
}
