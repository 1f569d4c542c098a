package lguest.machine;

/** What answers at an I/O port of a bare machine. Called on the guest's thread between two instructions. */
public interface PortHandler {
    /** @param bits 8, 16 or 32; @return the value, cut to that. Nothing there: all ones. */
    default int read(int port, int bits) {
        return -1;
    }

    /** @param value zero-extended */
    default void write(int port, int value, int bits) {
    }
}
