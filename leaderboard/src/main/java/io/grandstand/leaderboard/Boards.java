package io.grandstand.leaderboard;

import io.grandstand.events.Points;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The boards an entry counts on, by their ids:
///
/// | board | id |
/// |---|---|
/// | a match | the match's id |
/// | a day, in UTC, of when the question opened | `day.2026-11-21` |
/// | a season | `season.<id>` |
/// | all time | `all` |
final class Boards {
    static final String ALL = "all";
    private static final String DAY = "day.";
    private static final String SEASON = "season.";

    /// The last moment before years have five digits.
    private static final long LAST_MS =
            LocalDate.of(10_000, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() - 1;

    private Boards() {}

    /// The boards of an entry; the season's, if there is one, comes last.
    ///
    /// @throws IllegalArgumentException if it has none: a match may not be called like a board
    static List<String> of(Points entry) {
        String match = entry.board();
        if (match.equals(ALL) || match.startsWith(DAY) || match.startsWith(SEASON)) {
            throw new IllegalArgumentException(
                    "board is '%s': must be a match, whose id is not all, day.… or season.…"
                            .formatted(match));
        }
        if (entry.at() > LAST_MS) {
            throw new IllegalArgumentException(
                    "at is %d: must not be after the year 9999".formatted(entry.at()));
        }
        var boards = new ArrayList<String>(4);
        boards.add(match);
        boards.add(DAY + Instant.ofEpochMilli(entry.at()).atOffset(ZoneOffset.UTC).toLocalDate());
        boards.add(ALL);
        if (entry.season() != null) {
            boards.add(season(entry.season()));
        }
        return boards;
    }

    /// The board of a season.
    static String season(String season) {
        return SEASON + season;
    }

    /// The season that a board is of; null where it is of none.
    static @Nullable String seasonOf(String board) {
        return board.startsWith(SEASON) ? board.substring(SEASON.length()) : null;
    }
}
