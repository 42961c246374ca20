package io.grandstand.leaderboard;

import io.grandstand.events.BoardRow;
import io.grandstand.events.Leaderboard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The rule of the head of a board.
final class Ranking {
    private Ranking() {}

    /// The best of all parts with their ranks: 1 + the number of players with a higher score, so
    /// that equals share a rank (1, 2, 2, 4).
    ///
    /// Each part holds its own best, as many as the result has rows, so nobody who belongs into the
    /// result is missing, and all who stand above one of its rows are rows themselves.
    static List<BoardRow> head(Collection<List<Standing>> parts) {
        List<Standing> best =
                parts.stream()
                        .flatMap(List::stream)
                        .sorted(Standing.BEST_FIRST)
                        .limit(Leaderboard.ROWS)
                        .toList();
        var rows = new ArrayList<BoardRow>(best.size());
        for (Standing standing : best) {
            boolean isTied = !rows.isEmpty() && rows.getLast().score() == standing.score();
            long rank = isTied ? rows.getLast().rank() : rows.size() + 1;
            rows.add(standing.row(rank));
        }
        return rows;
    }
}
