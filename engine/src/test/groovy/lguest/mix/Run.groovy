package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic
import java.nio.file.Path
import java.time.Duration
import lguest.machine.Guest
import lguest.machine.GuestConfig
import lguest.machine.Limit
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

    final Guest guest
    final Meddler meddler
    private final How how

    /** @param mistake made in the guest before it runs */
    Run(Plan plan, How how, Path folder, Closure<?> mistake = { Guest it -> }) {
        this.how = how
        meddler = new Meddler(plan)
        def config = new GuestConfig("mix $plan.seed").memoryBytes(MEMORY).kernel(plan.save(folder.resolve('mix.kernel'))).loadAddress(BASE)
            .engine(how.engine).translates(meddler.translator(), plan.tuning)
            .warnings { String line -> throw new IllegalStateException(line) }
        if (plan.bare) {
            config.platform(GuestConfig.Platform.BARE).port(Acts.DMA_PORT, meddler)
        } else {
            config.device(meddler.device())
        }
        guest = Guest.create(config)
        meddler.meddle(guest)
        mistake.call(guest)
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
