package lguest.dsl.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Finds what somebody may have meant to type. */
public final class Similar {
    private Similar() {
    }

    /** {@code ; did you mean SET_PTE?}, or nothing if no word is close. */
    public static String hint(String typed, Collection<String> words) {
        return to(typed, words).map(word -> "; did you mean " + word + "?").orElse("");
    }

    /** The word closest to what was typed: at most one letter in three, and one at least, may be wrong. Case does not count. */
    public static Optional<String> to(String typed, Collection<String> words) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        int tolerance = Math.max(1, wanted.length() / 3);
        ToIntFunction<String> distance = word -> distance(wanted, word.toLowerCase(Locale.ROOT));
        return words.stream().filter(word -> !word.equals(typed)).filter(word -> Math.abs(word.length() - wanted.length()) <= tolerance)
            .filter(word -> distance.applyAsInt(word) <= tolerance)
            .min(Comparator.comparingInt(distance).thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters must be added, dropped, changed or swapped with a neighbour to make one word of the other. */
    static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                rows[i][j] = Math.min(rows[i - 1][j - 1] + change, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    rows[i][j] = Math.min(rows[i][j], 1 + rows[i - 2][j - 2]);
                }
            }
        }
        return rows[a.length()][b.length()];
    }
}
