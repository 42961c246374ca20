package io.grandstand.leaderboard;

import java.util.List;

/// What one partition of players contributes to the head of a board. Topic `board-part`, keyed by
/// board.
///
/// @param seq 1 for a partition's first summary of a board, one more with each
/// @param players how many of the partition's players are on the board
/// @param top the partition's best, best first, at most as many as a board shows
record BoardPart(String board, int partition, long seq, long players, List<Standing> top) {
    BoardPart {
        top = List.copyOf(top);
    }
}
