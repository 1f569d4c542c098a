package lguest.cpu;

/**
 * The guest broke its contract with the Host and will never run again (lguest {@code kill_guest}). The message is the kill
 * reason that the launcher prints.
 */
public final class GuestKilled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param format as for {@link String#format}; the result is the kill reason, byte for byte */
    public GuestKilled(String format, Object... arguments) {
        super(arguments.length == 0 ? format : String.format(format, arguments), null, false, false);
    }
}
