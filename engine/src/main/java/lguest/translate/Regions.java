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
        public Link interpret(Link way, int next, int stack, int depth) {
            return way;
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

    /**
     * Goes on, also by interpreting, where what a CALL led to has left its regions, so that those that wait for it need not be left, too.
     *
     * @param way the way out of the last of those regions
     * @param next EIP behind the CALL, where this ends
     * @param stack ESP in what was called: with more than that execution has come back elsewhere, and this ends, too
     * @param depth how many regions may be nested
     * @return as {@link Region#run}
     */
    Link interpret(Link way, int next, int stack, int depth);

    /** A region has been executed so often that translating it has paid. On the thread that runs it. */
    void worthwhile(Region region);
}
