package lguest.translate;

/**
 * When and how much to translate.
 *
 * @param threshold how often a block is executed before it is found hot
 * @param instructions of a region at most
 * @param everything also what has not been executed yet
 */
public record Tuning(int threshold, int instructions, boolean everything) {
    public static final Tuning DEFAULT = new Tuning(2000, 100, false);
}
