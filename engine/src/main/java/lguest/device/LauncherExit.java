package lguest.device;

import java.io.IOException;

/**
 * The launcher gives up on its guest: what it prints after {@code lguest: } before it exits with status 1. Most often the guest
 * asked a device for something impossible.
 */
public class LauncherExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param format as for {@link String#format}; the result is the launcher's message, byte for byte */
    public LauncherExit(String format, Object... arguments) {
        super(arguments.length == 0 ? format : String.format(format, arguments));
    }

    /** What failed says it in the launcher's words already. */
    public LauncherExit(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** A message that ends in the text of a system error: {@code <message>: <text of the cause>}. */
    public LauncherExit(Throwable cause, String format, Object... arguments) {
        super(String.format(format, arguments) + ": " + SystemError.text(cause), cause);
    }
}
