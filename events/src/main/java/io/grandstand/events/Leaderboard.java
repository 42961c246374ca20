package io.grandstand.events;

import java.util.List;

/// The head of a board. Topic `leaderboard`, keyed by board, at most one a second.
///
/// @param asOf when it was put together, ms since the epoch, server clock
/// @param players how many players are on the board
/// @param top the best ten, best first; players of equal score stand in order of their ids
public record Leaderboard(String board, long asOf, long players, List<BoardRow> top) {
    /// How many rows a board shows.
    public static final int ROWS = 10;

    public Leaderboard {
        top = List.copyOf(top);
    }
}
