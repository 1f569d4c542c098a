package lguest.shell.launcher;

import java.io.IOException;

/**
 * The terminal while a guest has it. Restored when closed and, should the process end otherwise, by a shutdown hook, so by SIGTERM
 * and SIGHUP, too.
 */
final class RawTerminal implements AutoCloseable {
    private final TerminalSettings settings;
    private final Thread hook = new Thread(this::restore, "restore terminal");
    private boolean restored;

    RawTerminal() throws IOException {
        settings = TerminalSettings.now();
        Runtime.getRuntime().addShutdownHook(hook);
        settings.keysOnly();
    }

    private synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        try {
            settings.restore();
        } catch (IOException gone) {
            System.err.println("lguest: terminal: " + gone.getMessage());
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already and does the same.
            return;
        }
    }
}
