package io.grandstand.leaderboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.grandstand.events.BoardRow;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A player's place among others, without the rank.
///
/// @param name display data; the player's id where no name is known
/// @param country as in the player's profile
@JsonInclude(JsonInclude.Include.NON_NULL)
record Standing(String player, String name, long score, @Nullable String country) {
    /// Best first; players of equal score in order of their ids' bytes, as in the state stores.
    static final Comparator<Standing> BEST_FIRST =
            Comparator.comparingLong(Standing::score)
                    .reversed()
                    .thenComparing(Standing::player, Standing::compareIds);

    Standing(String player, String name, long score) {
        this(player, name, score, null);
    }

    /// In order of the bytes of UTF-8, which is that of code points: characters written as two
    /// surrogates come after all others.
    static int compareIds(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean isPairX = Character.isSurrogate(x);
                return isPairX == Character.isSurrogate(y) ? x - y : isPairX ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    /// The line of a board that this is.
    BoardRow row(long rank) {
        return new BoardRow(rank, player, name, score, country, null);
    }
}
