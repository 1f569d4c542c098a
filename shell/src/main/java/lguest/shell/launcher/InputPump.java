package lguest.shell.launcher;

import java.io.IOException;
import java.io.InputStream;
import lguest.device.Console;

/** Carries standard input to the guest's console, read by read, on a thread of its own. */
final class InputPump {
    private static final int READ_BYTES = 1024;

    private final InputStream in;
    private final Console console;
    private final Runnable lastWords;
    private final Runnable onEnd;
    private final Runnable onLeave;

    /**
     * @param lastWords called when there is no more: the guest is told, if nobody else can type
     * @param onEnd called then, too: the terminal is given back
     * @param onLeave called when Ctrl-] is struck: nothing is read after it; null if that is a key like others
     */
    InputPump(InputStream in, Console console, Runnable lastWords, Runnable onEnd, Runnable onLeave) {
        this.in = in;
        this.console = console;
        this.lastWords = lastWords;
        this.onEnd = onEnd;
        this.onLeave = onLeave;
    }

    void start() {
        Thread thread = new Thread(this::pump, "console input");
        thread.setDaemon(true);
        thread.start();
    }

    private void pump() {
        byte[] buffer = new byte[READ_BYTES];
        try {
            int bytes;
            while ((bytes = in.read(buffer)) > 0) {
                int typed = onLeave == null ? bytes : LeaveKey.before(buffer, bytes);
                if (typed > 0) {
                    console.offer(buffer, 0, typed);
                }
                if (typed < bytes) {
                    onLeave.run();
                    return;
                }
                console.awaitRoom();
            }
        } catch (IOException unreadable) {
            // The same as its end: the guest is told, the launcher's warning follows.
            lastWords.run();
            onEnd.run();
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        lastWords.run();
        onEnd.run();
    }
}
