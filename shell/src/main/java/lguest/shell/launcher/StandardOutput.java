package lguest.shell.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Standard output without a buffer. Java ignores SIGPIPE, and a guest or a script would go on for nobody in
 * {@code lguest ... | head}; so a pipe that nobody reads any more ends the process here, with the status of that signal.
 */
final class StandardOutput extends OutputStream {
    /** What a shell reports of a process that SIGPIPE, 13, has ended. */
    private static final int NOBODY_READS = 128 + 13;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private volatile IOException failure;

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
        try {
            out.write(bytes, offset, lengthBytes);
        } catch (IOException failed) {
            if (String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
                System.exit(NOBODY_READS);
            }
            failure = failed;
            throw failed;
        }
    }

    /** Why something could not be written; null if all of it was. */
    IOException failure() {
        return failure;
    }
}
