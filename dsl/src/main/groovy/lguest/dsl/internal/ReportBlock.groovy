package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import lguest.device.SystemError
import lguest.dsl.EventNoun
import lguest.dsl.ReportSpec
import lguest.dsl.ScriptFailure
import lguest.dsl.ScriptedGuest
import lguest.dsl.Tally
import lguest.dsl.event.Events
import lguest.dsl.event.ScriptEvent

/** A report being gathered. */
@CompileStatic
final class ReportBlock implements ReportSpec {
    private final ScriptedGuest guest
    private final Path file
    private final String place
    private final List<Tally> tallies = []
    private String title

    /** @param place of the report in the script */
    ReportBlock(ScriptedGuest guest, Path file, String place) {
        if (!Files.isDirectory(file.parent) || Files.isDirectory(file)) {
            throw new ScriptFailure("report '${file}': ${Files.isDirectory(file) ? 'is a folder' : "there is no folder ${file.parent}"}")
        }
        this.guest = guest
        this.file = file
        this.place = place
        title = file.fileName.toString()
    }

    @Override
    void title(Object text) { title = text.toString() }

    @Override
    Tally count(ScriptEvent event) { keep(guest.count(event)) }

    @Override
    Tally time(ScriptEvent event) { keep(guest.time(event)) }

    @Override
    Tally count(EventNoun all) { keep(all.guest.count(all)) }

    @Override
    Tally time(EventNoun all) { keep(all.guest.time(all)) }

    private Tally keep(Tally tally) {
        tallies << tally
        tally
    }

    @Override
    ScriptEvent getHypercalls() { Events.hypercalls() }

    @Override
    ScriptEvent hypercalls(Object... names) { Events.hypercalls(names) }

    @Override
    ScriptEvent getFaults() { Events.faults() }

    @Override
    ScriptEvent faults(Object... vectors) { Events.faults(vectors) }

    /**
     * Writes it as it is now.
     *
     * @throws ScriptFailure if the file cannot be written
     */
    void write() {
        StringBuilder out = new StringBuilder("# ${title}\n\nAfter ${guest.instructions} instructions: ${guest}.\n")
        tallies.each {
            out.append("\n## ${it.title}\n\n${it.total == 0 ? 'None.\n' : it.table().markdown()}")
        }
        try {
            Files.writeString(file, out.toString())
        } catch (IOException e) {
            throw PlacedFailure.at(place, "report '${file}': cannot be written: ${SystemError.text(e)}", e)
        }
    }
}
