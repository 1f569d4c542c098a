package lguest.dsl.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import lguest.dsl.ScriptFailure;
import lguest.machine.Guest;
import lguest.probe.Event;
import lguest.probe.Occurrence;

/**
 * The guest prints: {@code console} for everything, {@code console('login:')} for the moment in which it has printed that.
 *
 * @param pattern text or a regular expression; null for all that is printed
 */
public record ConsoleEvent(Object pattern) implements ScriptEvent {
    public ConsoleEvent {
        if (pattern != null && !(pattern instanceof CharSequence) && !(pattern instanceof Pattern)) {
            throw new ScriptFailure("console(" + pattern + "): give text or a pattern, ~/.../");
        }
    }

    @Override
    public List<Event> on(Names names) {
        names.needHost("a console");
        return List.of(new Event.ConsoleEvent());
    }

    @Override
    public boolean takesTime() {
        return pattern == null;
    }

    @Override
    public Predicate<Happening> narrowing() {
        return pattern == null ? ScriptEvent.super.narrowing() : new ConsoleSearch(pattern);
    }

    @Override
    public Happening happening(Occurrence occurrence, Guest guest) {
        return new Printed(occurrence, guest);
    }

    @Override
    public String toString() {
        return pattern == null ? "console" : "console(" + (pattern instanceof Pattern ? "~/" + pattern + "/" : "'" + pattern + "'") + ")";
    }

    /** Output of the console, one message of the guest's at a time. */
    public static final class Printed extends Happening {
        Printed(Occurrence occurrence, Guest guest) {
            super(occurrence, guest);
        }

        /** As UTF-8; to be set in {@code before} and {@code replace}, which changes what is printed. */
        public String getText() {
            return new String(occurrence().text, StandardCharsets.UTF_8);
        }

        public void setText(Object text) {
            occurrence().text = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
        }

        public byte[] getBytes() {
            return occurrence().text.clone();
        }

        /** @param arguments what to print instead, if there is any */
        @Override
        public void proceed(Object... arguments) {
            if (arguments.length > 1) {
                throw new ScriptFailure("proceed: " + arguments.length + " arguments, console output is one");
            }
            if (arguments.length > 0) {
                setText(arguments[0]);
            }
            goOn();
        }

        @Override
        public String getName() {
            return getText().strip();
        }

        @Override
        public String toString() {
            return "console: " + getName();
        }
    }
}
