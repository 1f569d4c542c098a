package lguest.machine;

/** A linear address that is not mapped was asked for from outside. */
public final class AddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AddressException(String guest, int linear) {
        super(String.format("guest %s: nothing is mapped at linear address 0x%08x", guest, linear));
    }
}
