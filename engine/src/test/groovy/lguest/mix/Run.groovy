package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic
import java.nio.file.Path
import java.time.Duration
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
import lguest.machine.Snapshot
import lguest.machine.SnapshotFile
import lguest.machine.Stop

/** One guest that executes a plan, on some engine. */
@CompileStatic
class Run implements AutoCloseable {
    /** What executes it. */
    static enum How {
        INTERPRETER(GuestConfig.Engine.INTERPRETER),
        TRANSLATOR(GuestConfig.Engine.TRANSLATOR),
        BOTH(GuestConfig.Engine.BOTH),
        /** Interpreted, a few instructions at a time, and what was decoded for the last few is forgotten. */
        FORGETFUL(GuestConfig.Engine.INTERPRETER)

        final GuestConfig.Engine engine

        How(GuestConfig.Engine engine) {
            this.engine = engine
        }

        String toString() {
            name().toLowerCase()
        }
    }

    private static final int FEW = 13

    final Meddler meddler
    private final Plan plan
    private final How how
    private final Path folder
    private final Closure<?> mistake
    private Guest guest

    /** @param mistake made in the guest before it runs */
    Run(Plan plan, How how, Path folder, Closure<?> mistake = { Guest it -> }) {
        this.plan = plan
        this.how = how
        this.folder = folder
        this.mistake = mistake
        meddler = new Meddler(plan)
        def config = new GuestConfig("mix $plan.seed").memoryBytes(MEMORY).kernel(plan.save(folder.resolve('mix.kernel'))).loadAddress(BASE)
        if (plan.bare) {
            config.platform(GuestConfig.Platform.BARE)
        }
        begin(Guest.create(surrounded(config)))
    }

    /** Goes on as the plan says: as the same guest, or as what comes of it. */
    void renew() {
        if (plan.renewal == Plan.Renewal.NONE || !guest.alive()) {
            return
        }
        def former = guest
        if (plan.renewal == Plan.Renewal.FORK) {
            begin(former.fork { Snapshot now -> again(now) })
        } else {
            def file = folder.resolve('mix.saved')
            former.save(file)
            def saved = SnapshotFile.read(file)
            begin(Guest.restore(again(saved), saved))
        }
        former.close()
    }

    private GuestConfig again(Snapshot now) {
        surrounded(now.config("mix $plan.seed", [:], []))
    }

    /** With what does not belong to a guest. */
    private GuestConfig surrounded(GuestConfig config) {
        if (plan.bare) {
            config.port(Acts.DMA_PORT, meddler)
        } else {
            config.device(meddler.device())
        }
        config.engine(how.engine).translates(meddler.translator(), plan.tuning).warnings { String line -> throw new IllegalStateException(line) }
    }

    private void begin(Guest next) {
        guest = next
        meddler.meddle(guest)
        mistake.call(guest)
    }

    Guest getGuest() {
        guest
    }

    /** Whichever comes first. @param count of instructions since the beginning */
    Moment upTo(Duration time, long count = Long.MAX_VALUE) {
        Stop stop = null
        long few = how == How.FORGETFUL ? 1 : Long.MAX_VALUE
        do {
            if (how == How.FORGETFUL) {
                guest.interpreter().forget()
                few = few % FEW + 1
            }
            long left = Math.max(0, count - guest.instructions())
            stop = guest.run(Limit.instructions(Math.min(few, left)).andGuestTime(time.minusNanos(guest.nanos())))
        } while (guest.alive() && guest.instructions() < count && guest.nanos() < time.toNanos())
        new Moment(guest, stop)
    }

    int variable(int linear) {
        guest.physical().read32(linear - KERNEL)
    }

    @Override
    void close() {
        guest.close()
    }
}
