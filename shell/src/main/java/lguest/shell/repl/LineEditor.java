package lguest.shell.repl;

import java.io.IOException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;

/** JLine's editor, which does not answer to a new size of the window in the middle of what another thread prints. */
final class LineEditor extends LineReaderImpl {
    LineEditor(Terminal terminal) throws IOException {
        super(terminal, "lguest");
    }

    @Override
    protected void handleSignal(Terminal.Signal signal) {
        lock.lock();
        try {
            super.handleSignal(signal);
        } finally {
            lock.unlock();
        }
    }
}
