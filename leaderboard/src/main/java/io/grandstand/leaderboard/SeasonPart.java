package io.grandstand.leaderboard;

import java.util.List;

/// A piece of one partition's part of a season's final table. Topic `season-part`, keyed by season.
///
/// @param partitions of how many partitions the table is made
/// @param chunk from 0, in each partition
/// @param rows in the order of the board
/// @param last whether it is the partition's last
record SeasonPart(
        String season,
        long closedAt,
        int partition,
        int partitions,
        int chunk,
        List<Row> rows,
        boolean last) {
    /// A player's final score.
    record Row(long score, String player) {}

    SeasonPart {
        rows = List.copyOf(rows);
    }
}
