package io.grandstand.cli;

import java.util.Collection;
import java.util.Comparator;

/// How alike two words are.
public final class Nearest {
    private Nearest() {}

    /// The candidate that is most like `word`; of equals the first in the alphabet.
    public static String of(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(
                        Comparator.comparingInt((String candidate) -> distance(word, candidate))
                                .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    /// The edit distance (Levenshtein): how many characters to insert, drop or change.
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
