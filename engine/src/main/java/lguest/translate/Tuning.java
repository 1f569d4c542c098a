package lguest.translate;

/**
 * When and how much to translate.
 *
 * @param threshold how often a block is executed before it is found hot
 * @param instructions of a region at most, besides those of functions that are followed
 * @param everything also what has not been executed yet
 * @param promotion how often a region of the first generation is entered or begins a loop anew before it is worth the second; 0
 *     means that there is only one generation
 * @param earlier what was worth a translation in earlier runs
 */
public record Tuning(int threshold, int instructions, boolean everything, int promotion, HotPlaces earlier) {
    /** Code is compiled before it is used, and by two compilers in turn. */
    private static final boolean DIRECTED = HotSpot.COMPILERS != null;
    /** Another threshold, for runs of specs: low ones have more translated. */
    private static final String THRESHOLD = "lguest.threshold";

    public static final Tuning DEFAULT = new Tuning(Integer.getInteger(THRESHOLD, DIRECTED ? 500 : 2000), 100, false,
        DIRECTED ? 50_000 : 0, DIRECTED ? HotPlaces.ofUser() : HotPlaces.NONE);

    /** One generation, made at once. */
    public Tuning(int threshold, int instructions, boolean everything) {
        this(threshold, instructions, everything, 0);
    }

    /** Without any memory of earlier runs. */
    public Tuning(int threshold, int instructions, boolean everything, int promotion) {
        this(threshold, instructions, everything, promotion, HotPlaces.NONE);
    }
}
