package io.grandstand.leaderboard;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/// A player's place among others, without the rank.
///
/// @param name display data; the player's id where no name is known
record Standing(String player, String name, long score) {
    /// Best first; players of equal score in order of their ids' bytes, as in the state stores.
    static final Comparator<Standing> BEST_FIRST =
            Comparator.comparingLong(Standing::score)
                    .reversed()
                    .thenComparing(Standing::player, Standing::compareIds);

    private static int compareIds(String a, String b) {
        return Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
