package lguest.device;

import java.io.EOFException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the C library would have said about a failed call ({@code strerror}), where Java says it differently. */
public final class SystemError {
    public static final String NO_SUCH_FILE = "No such file or directory";
    public static final String INVALID_ARGUMENT = "Invalid argument";
    public static final String END_OF_FILE = "Unexpected end of file";

    private SystemError() {
    }

    /** The text of the system error behind an exception: {@code No such file or directory}, {@code Permission denied}, ... */
    public static String text(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return NO_SUCH_FILE;
        }
        if (failure instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (failure instanceof EOFException) {
            return END_OF_FILE;
        }
        if (failure instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return failure.getMessage() != null ? failure.getMessage() : failure.getClass().getSimpleName();
    }
}
