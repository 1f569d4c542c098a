package lguest.net;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Sends frames on their way past a {@link Hazard}. On the guest's thread. */
public final class Hazards {
    /** Frames that may be late at the same time; what comes on top is lost. */
    private static final int MOST_LATE = 4096;
    private static final int MOST_COPIES = 16;
    private static final long SEED = 2_6_23;

    private final Hazard hazard;
    private final Timers timers;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long frames;
    private int late;

    /** @param nanos the guest's time */
    public Hazards(Hazard hazard, LongSupplier nanos) {
        this.hazard = hazard;
        timers = new Timers(nanos);
    }

    /** @param onward gets what becomes of the frame: at once, at some {@link #deadline}, several times, or not at all */
    public void pass(boolean outbound, byte[] frame, Consumer<byte[]> onward) {
        Passage passage = new Passage(outbound, ++frames, timers.now(), random, frame.clone());
        hazard.frame(passage);
        byte[] bytes = passage.getBytes();
        for (int copy = 0; copy < Math.min(passage.copies(), MOST_COPIES); copy++) {
            if (passage.delay() == 0) {
                onward.accept(bytes.clone());
            } else if (late < MOST_LATE) {
                late++;
                timers.timer(() -> {
                    late--;
                    onward.accept(bytes.clone());
                }).in(passage.delay());
            }
        }
    }

    /** The guest's time at which the next late frame arrives; {@link Long#MAX_VALUE} if none does. */
    public long deadline() {
        return timers.first();
    }

    /** Lets those arrive that are due. */
    public void expire() {
        timers.expire();
    }
}
