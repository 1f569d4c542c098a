package lguest.shell.repl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** JLine's editor, with a tip behind what is typed and a status line below it, in a window that may change its size. */
final class LineEditor extends LineReaderImpl {
    /** With fewer, JLine shows one row of what is edited, and moves it sideways. */
    private static final int LEAST_ROWS = 3;

    private final StatusLine status;
    private final Function<String, String> tips;
    /** Whether what is drawn now is to stay on the screen, so that nothing but what was typed may be in it. */
    private boolean lasting;

    /** @param tips what may follow a line so far, empty if that is not known */
    LineEditor(Terminal terminal, StatusLine status, Function<String, String> tips) throws IOException {
        super(terminal, "lguest");
        this.status = status;
        this.tips = tips;
    }

    /** Shows what is new in the status line, between two keys. */
    void refresh() {
        lock.lock();
        try {
            if (reading && status.changed()) {
                redisplay(true);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever prints may notice a new size before its signal comes. */
    @Override
    public void printAbove(String text) {
        lock.lock();
        try {
            if (reading) {
                fit();
            }
            super.printAbove(text);
        } finally {
            lock.unlock();
        }
    }

    /** Signals have a thread of their own, and wait until another has printed; the line may have ended meanwhile. */
    @Override
    protected void handleSignal(Terminal.Signal signal) {
        lock.lock();
        try {
            if (signal != Terminal.Signal.WINCH) {
                super.handleSignal(signal);
            } else if (reading) {
                fit();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is edited is drawn anew where a window of another size has it, and all that was below it goes. */
    private void fit() {
        if (size.equals(terminal.getBufferSize())) {
            return;
        }
        boolean oneRow = size.getRows() < LEAST_ROWS;
        int columnsBefore = size.getColumns();
        size.copy(terminal.getBufferSize());
        for (int row = oneRow ? 0 : rowsAbove(columnsBefore); row > 0; row--) {
            terminal.puts(Capability.cursor_up);
        }
        terminal.puts(Capability.carriage_return);
        eraseBelow();
        display = new Display(terminal, false);
        display.resize(size.getRows(), size.getColumns());
        redisplay(true);
    }

    /** Row by row: to erase all of the screen at once has some terminals keep what was there among what has scrolled away. */
    private void eraseBelow() {
        terminal.puts(Capability.clr_eol);
        if (size.getRows() > 1) {
            terminal.writer().write(StatusLine.INDEX);
            terminal.puts(Capability.clr_eos);
            terminal.puts(Capability.cursor_up);
        }
    }

    /** How many of the rows being edited are above the cursor's: terminals break and join rows for a new width as they were written. */
    private int rowsAbove(int columnsBefore) {
        List<AttributedString> prompts = new ArrayList<>();
        typed(prompts);
        prompts.add(0, prompt);
        String[] lines = buf.upToCursor().split("\n", -1);
        int rows = 0;
        boolean full = false;
        for (int i = 0; i < lines.length; i++) {
            AttributedString line = AttributedString.join(AttributedString.EMPTY, prompts.get(i), new AttributedString(lines[i]));
            for (AttributedString part : joined(line, columnsBefore)) {
                List<AttributedString> broken = part.columnSplitLength(Math.max(1, size.getColumns()));
                rows += broken.size();
                full = broken.get(broken.size() - 1).columnLength() == size.getColumns();
            }
        }
        return full ? rows : rows - 1;
    }

    /** What a terminal takes for one line: rows up to one that was not full, because a wide character had no room there. */
    private static List<AttributedString> joined(AttributedString line, int columns) {
        List<AttributedString> parts = new ArrayList<>();
        AttributedStringBuilder part = new AttributedStringBuilder();
        for (AttributedString row : line.columnSplitLength(Math.max(1, columns))) {
            part.append(row);
            if (row.columnLength() < columns) {
                parts.add(part.toAttributedString());
                part = new AttributedStringBuilder();
            }
        }
        if (part.length() > 0) {
            parts.add(part.toAttributedString());
        }
        return parts;
    }

    @Override
    public AttributedString getDisplayedBufferWithPrompts(List<AttributedString> secondaryPrompts) {
        AttributedStringBuilder all = new AttributedStringBuilder().append(typed(secondaryPrompts));
        if (post != null) {
            all.append("\n").append(listed());
        } else if (!lasting && buf.cursor() == buf.length()) {
            all.styled(AttributedStyle::faint, tips.apply(buf.toString()));
        }
        AttributedString row = lasting ? AttributedString.EMPTY : status.row(size.getColumns());
        if (row.length() > 0 && all.columnSplitLength(size.getColumns()).size() < size.getRows()) {
            all.append("\n").append(row);
        }
        return all.toAttributedString();
    }

    /** Prompts, and what is typed behind them. */
    private AttributedString typed(List<AttributedString> secondaryPrompts) {
        Supplier<AttributedString> list = post;
        post = null;
        try {
            return super.getDisplayedBufferWithPrompts(secondaryPrompts);
        } finally {
            post = list;
        }
    }

    /** What completion or search have to say. A list that is too long for the window is printed in here, once and for all. */
    private AttributedString listed() {
        lasting = true;
        try {
            return post.get();
        } finally {
            lasting = false;
        }
    }

    @Override
    protected void doCleanup(boolean newLine) {
        lasting = true;
        try {
            super.doCleanup(newLine);
        } finally {
            lasting = false;
        }
    }
}
