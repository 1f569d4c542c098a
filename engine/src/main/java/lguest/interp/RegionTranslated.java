package lguest.interp;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import lguest.translate.Translation;

/** For the JDK's Flight Recorder: a region has been put to use. */
@Name("lguest.RegionTranslated")
@Label("Region translated")
@Category("lguest")
@StackTrace(false)
final class RegionTranslated extends Event {
    @Label("Physical address")
    int physical;
    @Label("Generation")
    int generation;
    @Label("Instructions")
    int instructions;
    @Label("Bytecode, in bytes")
    int codeBytes;

    static void record(Translation translation) {
        RegionTranslated event = new RegionTranslated();
        if (event.isEnabled()) {
            event.physical = translation.source().physicalPage() + translation.source().entry();
            event.generation = translation.source().optimized() ? 2 : 1;
            event.instructions = translation.instructions();
            event.codeBytes = translation.codeBytes();
            event.commit();
        }
    }
}
