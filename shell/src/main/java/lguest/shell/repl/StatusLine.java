package lguest.shell.repl;

import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.Status;

/** The last line of the terminal, below the region that scrolls. For {@link Screen}, which sees to it that nobody prints meanwhile. */
final class StatusLine {
    private static final String WIDGET = "lguest-status";
    /** IND: the cursor goes down, and where it cannot, everything goes up. */
    private static final String INDEX = "\033D";

    private final Terminal terminal;
    private final LineReaderImpl reader;
    private final AttributedStyle style;
    /** Null where the terminal has no region that scrolls. */
    private final Status status;
    private final Size size = new Size();
    private Supplier<String> text = () -> "";
    private String shown = "";
    private boolean suspended;

    /** @param colour whether it may look different from the rest */
    StatusLine(Terminal terminal, LineReaderImpl reader, boolean colour) {
        this.terminal = terminal;
        this.reader = reader;
        style = colour ? AttributedStyle.INVERSE : AttributedStyle.DEFAULT;
        boolean possible = !Terminal.TYPE_DUMB.equals(terminal.getType()) && !Terminal.TYPE_DUMB_COLOR.equals(terminal.getType())
            && terminal.getStringCapability(Capability.change_scroll_region) != null;
        status = possible ? Status.getStatus(terminal) : null;
        reader.getWidgets().put(WIDGET, () -> {
            if (refresh()) {
                reader.callWidget(LineReader.REDRAW_LINE);
                reader.callWidget(LineReader.REDISPLAY);
            }
            return true;
        });
    }

    /**
     * @param newText asked several times a second; empty text leaves the line to others
     * @return whether this terminal can show it
     */
    boolean text(Supplier<String> newText) {
        text = newText;
        return status != null;
    }

    /** Shows what is new. The cursor stays where it is. @return whether the terminal has another size: then it is near there */
    boolean refresh() {
        String now = text.get();
        boolean resized = !size.equals(terminal.getSize());
        if (status == null || suspended || now.equals(shown) && !resized) {
            return false;
        }
        if (resized) {
            fit();
        }
        shown = now;
        status.update(now.isEmpty() ? List.of() : List.of(new AttributedString(now, style)));
        return resized;
    }

    /** A terminal that becomes smaller may have put the cursor into the last line. */
    private void fit() {
        size.copy(terminal.getSize());
        status.update(List.of());
        status.resize();
        terminal.writer().write(INDEX);
        terminal.puts(Capability.cursor_up);
    }

    /** As {@link #refresh}, while a line is edited: between two keys. */
    void refreshBetweenKeys() {
        if (reader.isReading()) {
            try {
                reader.callWidget(WIDGET);
            } catch (IllegalStateException notReadingAnyMore) {
                // The line has ended meanwhile; there will be another.
                return;
            }
        }
    }

    /** From now on the whole terminal is somebody else's. */
    void suspend() {
        if (status != null) {
            status.update(List.of());
            shown = "";
        }
        suspended = true;
    }

    /** The opposite of {@link #suspend}. */
    void restore() {
        suspended = false;
    }
}
