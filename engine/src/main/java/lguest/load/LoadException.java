package lguest.load;

import lguest.device.LauncherExit;

/** A file cannot be loaded: a launcher exit whose message names the file or what is wrong with it. */
public final class LoadException extends LauncherExit {
    private static final long serialVersionUID = 1L;

    /** @param format as for {@link String#format} */
    public LoadException(String format, Object... arguments) {
        super(format, arguments);
    }

    /** A message that ends in the text of a system error. */
    public LoadException(Throwable cause, String format, Object... arguments) {
        super(cause, format, arguments);
    }
}
