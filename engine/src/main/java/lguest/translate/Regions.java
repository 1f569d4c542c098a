package lguest.translate;

/** Knows all regions. */
public interface Regions {
    /** Without any. */
    Regions NONE = new Regions() {
        @Override
        public Region atEip() {
            return null;
        }

        @Override
        public int mode() {
            return 0;
        }

        @Override
        public void worthwhile(Region region) {
            // Nobody runs any.
        }
    };

    /** The region that begins at EIP in the {@link #mode} of late; null if there is none, or if finding out might fault. */
    Region atEip();

    /** What the meaning of code depends on besides its bytes, looked at anew: equal numbers, equal meaning. */
    int mode();

    /** A region has been executed so often that translating it has paid. On the thread that runs it. */
    void worthwhile(Region region);
}
