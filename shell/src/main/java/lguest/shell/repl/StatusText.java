package lguest.shell.repl;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import lguest.dsl.ScriptedGuest;
import lguest.dsl.Session;
import lguest.machine.Guest;

/** What the status line says: of each guest its name, how it is and why, instructions so far, and its time. */
final class StatusText {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Why guests stand still, where there is more to say than that they do. */
    private final Map<ScriptedGuest, String> reasons = new ConcurrentHashMap<>();

    /** @param reason null if there is none worth mentioning */
    void stopped(ScriptedGuest guest, String reason) {
        if (reason == null) {
            reasons.remove(guest);
        } else {
            reasons.put(guest, reason);
        }
    }

    /**
     * Any thread. The current guest comes first, as there may be more than the line has room for; it has a star, unless it is the only
     * one.
     */
    String of(Session session) {
        Collection<ScriptedGuest> guests = session.getGuests().values();
        ScriptedGuest current = guests.size() > 1 ? session.getCurrent() : null;
        return guests.stream().sorted(Comparator.comparing(guest -> guest != current))
            .map(guest -> (guest == current ? "*" : "") + of(guest)).collect(Collectors.joining("  |  "));
    }

    private String of(ScriptedGuest guest) {
        Guest engine = guest.getEngine();
        String state = guest.getState();
        String reason = engine.exitReason() != null ? ": " + engine.exitReason().strip()
            : state.equals("paused") && reasons.containsKey(guest) ? " " + reasons.get(guest) : "";
        return String.format(Locale.ROOT, "%s %s%s, %,d instructions, %.3f s", guest.getName(), state, reason, engine.instructions(),
            engine.nanos() / NANOS_PER_SECOND);
    }
}
