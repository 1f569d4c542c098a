package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.nio.file.FileSystemException
import java.nio.file.Path
import lguest.device.LauncherExit
import lguest.device.SystemError
import lguest.dsl.RestoreSpec
import lguest.dsl.internal.Delegation
import lguest.dsl.internal.GuestBlock
import lguest.dsl.internal.Owner
import lguest.dsl.internal.RestoreBlock
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Snapshot
import lguest.machine.SnapshotFile

/** Makes guests of what others were: of a file, or of one that stands still. */
@CompileStatic
@PackageScope
final class Copies {
    private final Session session

    Copies(Session session) {
        this.session = session
    }

    /** A guest that goes on from a file of {@code save}. */
    ScriptedGuest restore(Object file, @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        Path path = session.input('restore', file)
        try {
            Snapshot snapshot = SnapshotFile.read(path)
            RestoreBlock words = restoreBlock(block)
            GuestConfig config = checked(words.config(snapshot))
            ScriptedGuest guest = takeIn(words.whose, config) { GuestConfig made -> Guest.restore(made, snapshot) }
            guest.console.cursor = guest.engine.transcript().end()
            return guest
        } catch (IOException e) {
            throw new ScriptFailure("restore '${file}': ${e instanceof FileSystemException ? SystemError.text(e) : e.message}", e)
        } catch (UncheckedIOException | LauncherExit e) {
            throw new ScriptFailure("restore '${file}': ${(e.cause ?: e).message}", e)
        }
    }

    private RestoreBlock restoreBlock(@DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        RestoreBlock words = new RestoreBlock(session, new Owner())
        if (block != null) {
            Delegation.configure(block, RestoreSpec, words)
        }
        words
    }

    ScriptedGuest fork(ScriptedGuest first, String name,
                       @DelegatesTo(value = RestoreSpec, strategy = Closure.DELEGATE_FIRST) Closure<?> block) {
        RestoreBlock words = restoreBlock(block)
        int number = 2
        while (session.guests.containsKey("${first.name}-${number}" as String)) {
            number++
        }
        words.name(name ?: "${first.name}-${number}")
        words.like(first)
        ScriptedGuest guest = (ScriptedGuest) first.look {
            try {
                GuestConfig config = null
                Guest engine = first.engine.fork { Snapshot now ->
                    now.writtenDisk().ifPresent { String disk ->
                        throw new ScriptFailure("fork of guest ${first.name}: both would write to '${disk}'; " +
                            "give the first one block '...', snapshot")
                    }
                    config = checked(words.config(now))
                }
                takeIn(words.whose, config) { engine }
            } catch (IllegalStateException | LauncherExit e) {
                throw new ScriptFailure("fork: ${e.message}", e)
            }
        }
        guest.console.cursor = first.console.cursor
        guest
    }

    /** No two guests of one name, and consoles that somebody sees. */
    private GuestConfig checked(GuestConfig config) {
        if (session.guests.containsKey(config.name())) {
            throw new ScriptFailure("there is a guest '${config.name()}' already: give this one another, { name 'other' }")
        }
        session.prompt && config.consoles().empty ? config.console(GuestBlock.stream(session.stdout(config.name()))) : config
    }

    private ScriptedGuest takeIn(Owner owner, GuestConfig config, Closure<Guest> make) {
        Guest engine = make.call(config)
        ScriptedGuest guest = session.adopt(engine)
        guest.owner = owner
        owner.guest = guest
        guest
    }
}
