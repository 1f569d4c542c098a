package lguest.machine;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the JDK's Flight Recorder: a guest is dead or off. */
@Name("lguest.GuestEnded")
@Label("Guest ended")
@Category("lguest")
@StackTrace(false)
final class GuestEnded extends Event {
    @Label("Guest")
    String name;
    @Label("Reason")
    String reason;
    @Label("Instructions")
    long instructions;

    static void record(Guest guest) {
        GuestEnded event = new GuestEnded();
        if (event.isEnabled()) {
            event.name = guest.name();
            event.reason = guest.exitReason();
            event.instructions = guest.instructions();
            event.commit();
        }
    }
}
