package lguest.translate;

/**
 * Why C2 assumes nothing about which ways through translated code are taken. By itself it would leave out every one that has not been
 * taken while it was counted, and throw the code away when it is. Where it finds in a method, or in what it makes part of it, that such
 * assumptions have been wrong {@code PerMethodTrapLimit} times, it makes no more of them: the start script says that once is enough. So
 * one of each kind is wrong here, once, and regions of the second generation begin with a call of this, of which nothing else is left. So
 * does what interprets: there is always something that a guest does for the first time.
 */
public final class Doubt {
    private Doubt() {
    }

    /** What follows in a method is not left out. */
    public static void nothing() {
        take(0);
        count(0);
    }

    /** @param way 0 while it is counted; 1 is what C2 leaves out */
    static int take(int way) {
        return way == 1 ? 31 : 0;
    }

    /** @param limit small while it is counted; for {@link Integer#MAX_VALUE} the loop is none that C2 can count, which it takes it for */
    static int count(int limit) {
        int sum = 0;
        for (int i = 0; i < limit; i += 2) {
            sum += i;
            if (sum > 1000) {
                break;
            }
        }
        return sum;
    }
}
