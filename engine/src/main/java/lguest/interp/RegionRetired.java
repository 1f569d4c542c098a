package lguest.interp;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import lguest.translate.Translation;

/** For the JDK's Flight Recorder: a region is used no more, because its code was overwritten or there is a better one. */
@Name("lguest.RegionRetired")
@Label("Region retired")
@Category("lguest")
@StackTrace(false)
final class RegionRetired extends Event {
    @Label("Physical address")
    int physical;
    @Label("Instructions")
    int instructions;

    static void record(Translation translation) {
        RegionRetired event = new RegionRetired();
        if (event.isEnabled()) {
            event.physical = translation.source().physicalPage() + translation.source().entry();
            event.instructions = translation.instructions();
            event.commit();
        }
    }
}
