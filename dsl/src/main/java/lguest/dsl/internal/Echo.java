package lguest.dsl.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lguest.device.ConsoleTranscript;

/**
 * What a guest prints of a line that is typed: the line and its end. Where lines are edited, by a shell or by readline, there is
 * more between two characters: a wrapped line, and what moves the cursor. Control characters show as {@code ^X}, as blanks, as a
 * character wiped out: backspace, blank, backspace; or not.
 */
public final class Echo {
    /** Who has printed as much since then without an echo is taken for one who does not echo. */
    private static final int LATEST_BYTES = 64 << 10;
    private static final int NONE = -1;
    private static final int UNFINISHED = -2;
    private static final byte ESCAPE = 27;
    private static final byte BACKSPACE = 8;
    private static final byte DELETE = 127;
    private static final byte[] WIPED = {BACKSPACE, ' ', BACKSPACE};

    private final byte[] line;
    private final ConsoleTranscript transcript;
    private final long from;
    private long seen = -1;
    private long start;
    private long end;

    /** @param line about to be typed, without its end: its echo is looked for in what is printed from now on */
    public Echo(String line, ConsoleTranscript transcript) {
        this.line = (line + '\n').getBytes(StandardCharsets.UTF_8);
        this.transcript = transcript;
        from = transcript.end();
    }

    /** Whether it has come, or will not. */
    public boolean over() {
        return end() >= 0 || tooLate();
    }

    /** Position behind it; -1 if it is not complete. */
    public long end() {
        look();
        return end;
    }

    /** Position where it begins, complete or not; {@link Long#MAX_VALUE} if it has not. */
    public long start() {
        look();
        return start < 0 ? Long.MAX_VALUE : start;
    }

    private boolean tooLate() {
        return transcript.end() - from > LATEST_BYTES;
    }

    private void look() {
        long now = transcript.end();
        if (now == seen) {
            return;
        }
        seen = now;
        start = NONE;
        end = NONE;
        if (tooLate()) {
            return;
        }
        long base = Math.max(from, transcript.start());
        byte[] printed = transcript.bytes(from);
        for (int at = 0; at < printed.length && start < 0; at++) {
            int to = match(printed, at);
            if (to != NONE) {
                start = base + at;
                end = to == UNFINISHED ? NONE : base + to;
            }
        }
    }

    /** @return index behind the echo that begins there, {@link #UNFINISHED}, or {@link #NONE} */
    private int match(byte[] printed, int first) {
        int at = first;
        for (int i = 0; i < line.length;) {
            if (at >= printed.length) {
                return UNFINISHED;
            }
            if (wipes(printed, at, line[i])) {
                if (printed.length - at < WIPED.length) {
                    return UNFINISHED;
                }
                at += WIPED.length;
                i++;
            } else if (printed[at] == line[i]) {
                at++;
                i++;
            } else if (line[i] < ' ' && line[i] > 0 && line[i] != '\n' || line[i] == DELETE) {
                at += control(printed, at);
                i++;
            } else {
                int moves = i == 0 ? 0 : moves(printed, at);
                if (moves == 0) {
                    return NONE;
                }
                at += moves;
            }
        }
        return at;
    }

    /** Whether that is what a character shows as that wipes out the one before, or the beginning of that. */
    private static boolean wipes(byte[] printed, int at, byte typed) {
        int length = Math.min(WIPED.length, printed.length - at);
        return (typed == BACKSPACE || typed == DELETE) && Arrays.equals(printed, at, at + length, WIPED, 0, length);
    }

    /** @return how many bytes another control character shows as */
    private static int control(byte[] printed, int at) {
        if (printed[at] == '^') {
            return 2;
        }
        int blanks = 0;
        while (at + blanks < printed.length && printed[at + blanks] == ' ') {
            blanks++;
        }
        return blanks;
    }

    /** @return how many bytes there only move the cursor */
    private static int moves(byte[] printed, int at) {
        switch (printed[at]) {
            case '\r', '\n', BACKSPACE:
                return 1;
            case ' ':
                // How readline gets to the next line.
                return at + 1 < printed.length && printed[at + 1] == '\r' ? 2 : 0;
            case ESCAPE:
                int bytes = 2;
                while (at + bytes < printed.length && (printed[at + bytes] < '@' || printed[at + bytes] > '~')) {
                    bytes++;
                }
                return bytes + 1;
            default:
                return 0;
        }
    }
}
