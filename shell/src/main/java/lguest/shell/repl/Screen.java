package lguest.shell.repl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Supplier;
import lguest.shell.render.PlainText;
import org.jline.terminal.Terminal;

/**
 * The terminal's output, shared by everybody. A thread of its own puts text there: above the line being edited, in whole lines;
 * plainly while nothing is edited; untouched while a guest has the terminal. So no guest ever waits for the editor.
 */
final class Screen implements AutoCloseable {
    /** A line that has not ended is shown when nothing has followed for so long. */
    private static final long QUIET_MILLIS = 150;
    /** How often the status line may change. */
    private static final long STATUS_MILLIS = 250;
    private static final long STATUS_NANOS = STATUS_MILLIS * 1_000_000;
    /** Who prints more than this ahead of the terminal waits for it. */
    private static final int ROOM_BYTES = 1 << 18;
    /** What other guests print while one has the terminal; the rest is in their transcripts. */
    private static final int HELD_BYTES = 1 << 16;

    /** @param guest whose console it comes from; null for everything else */
    private record Piece(String guest, byte[] bytes) {
    }

    private final Terminal terminal;
    private final LineEditor reader;
    private final StatusLine status;
    private final Thread thread = new Thread(this::drain, "screen");
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private int waitingBytes;
    /** Who printed last: a guest's name, or null. */
    private String source;
    private boolean busy;
    private boolean closed;
    private boolean atLineStart = true;
    private boolean editing;
    /** {@link System#nanoTime} when the status line is to be seen to. */
    private long statusDue = System.nanoTime();
    private String attached;
    private volatile Supplier<String> prompt = () -> "";

    Screen(Terminal terminal, LineEditor reader, StatusLine status) {
        this.terminal = terminal;
        this.reader = reader;
        this.status = status;
        thread.setDaemon(true);
        thread.start();
    }

    /** @param guest null for everything that is no guest's console */
    OutputStream from(String guest) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                put(new Piece(guest, new byte[] {(byte) b}));
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                byte[] copy = new byte[length];
                System.arraycopy(bytes, offset, copy, 0, length);
                put(new Piece(guest, copy));
            }
        };
    }

    private synchronized void put(Piece piece) {
        boolean interrupted = false;
        while (waitingBytes > ROOM_BYTES && !closed && Thread.currentThread() != thread) {
            interrupted |= !await(0);
        }
        waiting.add(piece);
        waitingBytes += piece.bytes().length;
        notifyAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on one guest has the terminal, or none: null. */
    synchronized void attach(String guest) {
        settle();
        status.hide();
        attached = guest;
        if (guest == null && held.size() > 0) {
            waiting.add(new Piece(null, held.toByteArray()));
            held.reset();
            notifyAll();
        }
    }

    /** @param text of the status line; empty for none. @return whether there can be one */
    synchronized boolean status(Supplier<String> text) {
        settle();
        boolean possible = status.text(text);
        statusDue = System.nanoTime();
        notifyAll();
        return possible;
    }

    /** Waits until everything is on the terminal. */
    synchronized void settle() {
        boolean interrupted = false;
        while (!closed && (busy || !waiting.isEmpty())) {
            interrupted |= !await(0);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on a line is edited, which begins at the left margin. */
    synchronized void beginEditing(Supplier<String> newPrompt) {
        settle();
        status.hide();
        if (!atLineStart) {
            terminal.writer().println();
        }
        terminal.flush();
        prompt = newPrompt;
        editing = true;
    }

    synchronized void endEditing() {
        editing = false;
        atLineStart = true;
        statusDue = System.nanoTime() + STATUS_NANOS;
    }

    private void drain() {
        try {
            while (true) {
                Piece piece = next();
                if (piece == null && isClosed()) {
                    return;
                }
                show(piece);
                if (isStatusDue()) {
                    showStatus();
                }
                shown();
            }
        } catch (IOException gone) {
            // The terminal is no more; nobody is left to be told.
            close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** @return null if nothing has come for a while, or all is over */
    private synchronized Piece next() {
        if (waiting.isEmpty() && !closed) {
            await(line.size() > 0 ? QUIET_MILLIS : STATUS_MILLIS);
        }
        busy = !closed || !waiting.isEmpty();
        Piece piece = waiting.poll();
        waitingBytes -= piece == null ? 0 : piece.bytes().length;
        return piece;
    }

    private synchronized boolean isStatusDue() {
        boolean due = System.nanoTime() - statusDue >= 0;
        if (due) {
            statusDue = System.nanoTime() + STATUS_NANOS;
        }
        return due;
    }

    private void showStatus() {
        if (!plainStatus()) {
            reader.refresh();
        }
    }

    private synchronized boolean plainStatus() {
        if (!editing && attached == null) {
            status.show();
        }
        return !editing;
    }

    private synchronized void shown() {
        busy = false;
        notifyAll();
    }

    private void show(Piece piece) throws IOException {
        if (piece != null && takeRaw(piece)) {
            return;
        }
        if (piece != null) {
            if (!Objects.equals(piece.guest(), source) && midLine()) {
                line.write('\n');
            }
            source = piece.guest();
            line.write(piece.bytes());
        }
        if (!plain()) {
            above(piece == null);
        }
    }

    /** Whether what came last has not ended its line: somebody else must not go on in it. */
    private synchronized boolean midLine() {
        return line.size() > 0 ? line.toByteArray()[line.size() - 1] != '\n' : !editing && !atLineStart;
    }

    /** @return whether a guest has the terminal */
    private synchronized boolean takeRaw(Piece piece) throws IOException {
        if (attached == null) {
            return false;
        }
        if (piece.guest() == null || piece.guest().equals(attached)) {
            terminal.output().write(piece.bytes());
            terminal.output().flush();
            atLineStart = piece.bytes().length > 0 && piece.bytes()[piece.bytes().length - 1] == '\n';
        } else if (held.size() + piece.bytes().length <= HELD_BYTES) {
            held.write(piece.bytes());
        }
        return true;
    }

    /** Prints what there is, line or not, unless a line is being edited. */
    private synchronized boolean plain() {
        if (editing) {
            return false;
        }
        String text = PlainText.of(line.toString(StandardCharsets.UTF_8));
        line.reset();
        if (!text.isEmpty()) {
            status.hide();
            terminal.writer().print(text);
            terminal.flush();
            // It comes back when nothing is printed for a while.
            statusDue = System.nanoTime() + STATUS_NANOS;
            atLineStart = text.endsWith("\n");
        }
        return true;
    }

    /** @param everything the unfinished line, too */
    private void above(boolean everything) {
        String text = line.toString(StandardCharsets.UTF_8);
        int end = everything ? text.length() : text.lastIndexOf('\n') + 1;
        if (end == 0) {
            return;
        }
        line.reset();
        line.writeBytes(text.substring(end).getBytes(StandardCharsets.UTF_8));
        reader.setPrompt(prompt.get());
        reader.printAbove(PlainText.of(text.substring(0, end)));
    }

    /** @return false if interrupted */
    private synchronized boolean await(long millis) {
        try {
            wait(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (Thread.currentThread() != thread) {
            settle();
        }
        synchronized (this) {
            status.hide();
            terminal.flush();
            closed = true;
            notifyAll();
        }
    }
}
