package lguest.shell.repl;

import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;

/**
 * A row about all guests, below the one with the cursor. It has no place of its own on the screen: it is drawn from where the
 * cursor is, and erased from there, so it is right in a window that changes its size, whatever the terminal does with its rows then.
 */
final class StatusLine {
    /** IND: the cursor goes down, and where it cannot, everything goes up. */
    static final String INDEX = "\033D";
    private static final Capability[] NEEDED = {
        Capability.save_cursor, Capability.restore_cursor, Capability.cursor_up, Capability.clr_eos};

    private final Terminal terminal;
    private final AttributedStyle style;
    private volatile Supplier<String> text = () -> "";
    /** The text of the last {@link #row}. */
    private volatile String known = "";
    /** Whether {@link #show} drew a row that is still there. */
    private boolean drawn;

    /** @param colour whether it may look different from the rest */
    StatusLine(Terminal terminal, boolean colour) {
        this.terminal = terminal;
        style = colour ? AttributedStyle.INVERSE : AttributedStyle.DEFAULT;
    }

    /**
     * @param newText asked several times a second; empty for no row
     * @return whether this terminal can show it
     */
    boolean text(Supplier<String> newText) {
        text = newText;
        return possible();
    }

    private boolean possible() {
        boolean dumb = Terminal.TYPE_DUMB.equals(terminal.getType()) || Terminal.TYPE_DUMB_COLOR.equals(terminal.getType());
        for (Capability each : NEEDED) {
            dumb |= terminal.getStringCapability(each) == null;
        }
        return !dumb;
    }

    /** Whether there is something else to show than the last {@link #row}. */
    boolean changed() {
        return !text.get().equals(known);
    }

    /** As much of the text as a row has room for, without its last column, where cursors do strange things; empty for no row. */
    AttributedString row(int columns) {
        known = possible() ? text.get() : "";
        AttributedString all = new AttributedString(known, style);
        if (all.columnLength() < columns) {
            return all;
        }
        AttributedString begin = all.columnSubSequence(0, Math.max(0, columns - 2));
        return AttributedString.join(AttributedString.EMPTY, begin, new AttributedString("…", style));
    }

    /** Draws it below a row that nobody edits, and where keys may leave marks, as they are echoed there. The cursor stays where it is. */
    void show() {
        hide();
        Size size = terminal.getSize();
        AttributedString row = row(size.getColumns());
        if (row.length() > 0 && size.getRows() > 1) {
            terminal.writer().write(INDEX);
            terminal.puts(Capability.cursor_up);
            terminal.puts(Capability.save_cursor);
            terminal.writer().write(INDEX + "\r" + row.toAnsi(terminal));
            terminal.puts(Capability.restore_cursor);
            drawn = true;
        }
        terminal.flush();
    }

    /** Erases what {@link #show} has drawn. */
    void hide() {
        if (drawn) {
            terminal.puts(Capability.clr_eos);
            drawn = false;
        }
    }
}
