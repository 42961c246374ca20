package io.grandstand.leaderboard;

import java.util.Map;

/// What the other partitions need to know of one partition to tell ranks: its part of the head, and
/// how many more or fewer of its players stand at each score than in its summary before. Topic
/// `board-counts`, a copy in every partition.
///
/// @param changes score to number of players; only scores where the number changed
record BoardCounts(BoardPart part, Map<Long, Long> changes) {
    BoardCounts {
        changes = Map.copyOf(changes);
    }
}
