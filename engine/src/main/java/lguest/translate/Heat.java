package lguest.translate;

import java.util.function.Consumer;

/** Counts how often a region of the first generation is entered or begins a loop anew. */
final class Heat {
    /** So often, and translating it has paid: what its executions were shorter by is as long as that took. */
    static final int WORTHWHILE = 2000;

    private final Consumer<Region> worthwhile;
    private final Consumer<Region> hot;
    private final int promotion;
    private int left;
    private boolean paid;
    private Region region;

    /**
     * @param promotion how often it is executed until it is hot; 0 if it never is
     * @param worthwhile hears of the region, on the thread that runs it, when translating it has paid
     * @param hot hears of it, on that thread, when it is hot
     */
    Heat(int promotion, Consumer<Region> worthwhile, Consumer<Region> hot) {
        this.worthwhile = worthwhile;
        this.hot = hot;
        this.promotion = promotion;
        left = Math.min(promotion, WORTHWHILE);
    }

    void of(Region counted) {
        region = counted;
    }

    /** Called by generated code. */
    void beat() {
        if (--left == 0) {
            reached();
        }
    }

    private void reached() {
        if (!paid) {
            paid = true;
            left = promotion - WORTHWHILE;
            worthwhile.accept(region);
        }
        if (left <= 0) {
            hot.accept(region);
        }
    }
}
