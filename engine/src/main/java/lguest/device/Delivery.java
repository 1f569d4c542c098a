package lguest.device;

/** A parcel on its way to a word of a shared page, until somebody says what became of it. */
final class Delivery {
    private static final int UNDER_WAY = Integer.MIN_VALUE;

    private final int offset;
    private final Parcel parcel;
    private final Runnable done;
    private volatile int outcome = UNDER_WAY;
    private int attempts;

    /**
     * @param offset of the key in the page, 0 to 4092
     * @param done called once there is an outcome, on the thread that brings it
     */
    Delivery(int offset, Parcel parcel, Runnable done) {
        this.offset = offset;
        this.parcel = parcel;
        this.done = done;
    }

    int offset() {
        return offset;
    }

    Parcel parcel() {
        return parcel;
    }

    boolean answered() {
        return outcome != UNDER_WAY;
    }

    /** Bytes transferred, or a constant of {@link Parcel}. */
    int outcome() {
        return outcome;
    }

    /** Says what became of it. The first answer counts: whoever waited too long has gone on. */
    void answer(int what) {
        synchronized (this) {
            if (answered()) {
                return;
            }
            outcome = what;
        }
        done.run();
    }

    /** How often it found no free buffer, with this time. */
    int attempt() {
        return ++attempts;
    }
}
