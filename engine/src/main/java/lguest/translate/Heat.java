package lguest.translate;

import java.util.function.Consumer;

/** Counts how often a region of the first generation is entered or begins a loop anew. */
final class Heat {
    private final Consumer<Region> hot;
    private int left;
    private Region region;

    /** @param hot hears of the region, on the thread that runs it, when it has been executed {@code left} times */
    Heat(int left, Consumer<Region> hot) {
        this.left = left;
        this.hot = hot;
    }

    void of(Region counted) {
        region = counted;
    }

    /** Called by generated code. */
    void beat() {
        if (--left == 0) {
            hot.accept(region);
        }
    }
}
