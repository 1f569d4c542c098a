package lguest.machine;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

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
    @Label("Time interpreting")
    @Timespan(Timespan.NANOSECONDS)
    long interpreting;
    @Label("Time in regions")
    @Timespan(Timespan.NANOSECONDS)
    long translated;
    @Label("Time in Host and devices")
    @Timespan(Timespan.NANOSECONDS)
    long outside;
    @Label("Time idle")
    @Timespan(Timespan.NANOSECONDS)
    long idle;
    @Label("Time translating")
    @Timespan(Timespan.NANOSECONDS)
    long translating;

    static void record(Guest guest) {
        GuestEnded event = new GuestEnded();
        if (event.isEnabled()) {
            event.name = guest.name();
            event.reason = guest.exitReason();
            event.instructions = guest.instructions();
            Times times = guest.times();
            event.interpreting = times.interpreting();
            event.translated = times.translated();
            event.outside = times.outside();
            event.idle = times.idle();
            event.translating = times.translating();
            event.commit();
        }
    }
}
