package lguest.machine;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For the JDK's Flight Recorder: a guest executes its first instruction. */
@Name("lguest.GuestStarted")
@Label("Guest started")
@Category("lguest")
@StackTrace(false)
final class GuestStarted extends Event {
    @Label("Guest")
    String name;
    @Label("Memory, in bytes")
    long memoryBytes;

    static void record(GuestConfig config) {
        GuestStarted event = new GuestStarted();
        if (event.isEnabled()) {
            event.name = config.name();
            event.memoryBytes = config.memoryBytes();
            event.commit();
        }
    }
}
