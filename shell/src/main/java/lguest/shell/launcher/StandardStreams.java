package lguest.shell.launcher;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lguest.device.OutputSink;

/** Standard input and output without buffers in between: one read of ours is one read of the system, as the guest's console wants it. */
public final class StandardStreams {
    private static final StandardOutput TEXT = new StandardOutput();

    private final InputStream in = new FileInputStream(FileDescriptor.in);
    private final StandardOutput out = new StandardOutput();

    InputStream in() {
        return in;
    }

    /** Why some of it could not be written; null if all of it was. */
    IOException failure() {
        return out.failure();
    }

    OutputSink sink() {
        return out::write;
    }

    /** Standard output for text, in UTF-8 whatever the locale. */
    public static PrintStream text() {
        return new PrintStream(TEXT, true, StandardCharsets.UTF_8);
    }

    /** Why some {@link #text} is lost, of which print streams say nothing; null if none is. */
    public static IOException lost() {
        return TEXT.failure();
    }

    void line(String text) {
        try {
            out.write((text + '\n').getBytes(StandardCharsets.UTF_8));
        } catch (IOException full) {
            System.err.println("lguest: standard output: " + full.getMessage());
        }
    }

    /** Whether standard input is a terminal; the start script says so, otherwise Linux is asked. */
    public static boolean inputIsTerminal() {
        return isTerminal("lguest.stdin", 0);
    }

    /** The same of standard output. */
    public static boolean outputIsTerminal() {
        return isTerminal("lguest.stdout", 1);
    }

    private static boolean isTerminal(String property, int descriptor) {
        String told = System.getProperty(property);
        if (told != null) {
            return told.equals("terminal");
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return System.console() != null;
        }
    }
}
