package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One entry in a player's account on a board. Topic `points`, keyed by player.
///
/// Points are entries, not a counter: a correction is a further entry. (player, board, question,
/// version) names an entry, so adding it twice can be told from two entries.
///
/// @param board the board it counts on; a match's board is its match id
/// @param question the question it stems from
/// @param version rises with each entry of the player for the question. It is the question's
///   version that the entry follows from, or more where another question's change came in between:
///   one that made a streak bonus another
/// @param delta points to add; negative takes back, 0 puts a player on the board
/// @param at when the question opened, ms since the epoch, server clock
/// @param season the question's season; null where it has none
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Points(
        String board, String question, int version, int delta, long at, @Nullable String season) {
    public Points {
        Check.id("board", board);
        Check.id("question", question);
        Check.range("version", version, 1, Integer.MAX_VALUE);
        Check.range("at", at, 0, Long.MAX_VALUE);
        if (season != null) {
            Check.id("season", season);
        }
    }
}
