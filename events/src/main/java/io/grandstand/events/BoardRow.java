package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One line of a leaderboard. Equal scores share a rank (1, 2, 2, 4).
///
/// @param rank among those that the list is about: all players of the board, or friends, or a
///   league
/// @param name display data, joined late; the player's id where no name is known
/// @param country ISO 3166 alpha-2; absent where the player told none
/// @param boardRank the rank among all players of the board, where `rank` is another
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BoardRow(
        long rank,
        String player,
        String name,
        long score,
        @Nullable String country,
        @Nullable Long boardRank) {
    /// A line of a board, of a player without a country.
    public BoardRow(long rank, String player, String name, long score) {
        this(rank, player, name, score, null, null);
    }
}
