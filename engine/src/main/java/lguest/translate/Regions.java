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
    };

    /** The region that begins at EIP in the {@link #mode} of late; null if there is none, or if finding out might fault. */
    Region atEip();

    /** What the meaning of code depends on besides its bytes, looked at anew: equal numbers, equal meaning. */
    int mode();
}
