package lguest.machine

import java.time.Duration
import java.util.regex.Pattern

/** Somebody at the console of a guest, who types and reads. Runs the guest while reading. */
class Session {
    final Guest guest
    final Duration patience
    private long read

    Session(Guest guest, Duration patience) {
        this.guest = guest
        this.patience = patience
    }

    Session type(String text) {
        guest.console().offer(text.bytes)
        return this
    }

    /** Reads up to something that was not read yet. @return the match and its groups */
    List<String> expect(String pattern) {
        def sought = Pattern.compile(pattern)
        long from = read
        def stop = guest.run(Limit.hostTime(patience).until { guest.transcript().find(sought, from) != null })
        def found = guest.transcript().find(sought, from)
        assert found != null: "no $pattern in '${guest.transcript().text(from)}': ${stop.kind()} ${stop.reason()}"
        read = found.to()
        return found.groups()
    }

    /** Lets the guest have some time to itself. */
    Session idle(Duration guestTime) {
        guest.run(Limit.guestTime(guestTime).andHostTime(patience))
        return this
    }
}
