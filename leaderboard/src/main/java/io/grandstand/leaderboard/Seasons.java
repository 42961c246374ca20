package io.grandstand.leaderboard;

import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What one partition of players knows of closed seasons: which entries came too late for them, and
/// its part of their final tables, which it tells in pieces so that scoring goes on meanwhile.
///
/// An entry is in the final table if its record's timestamp is not after the close: a property of
/// the entry, however the records are interleaved. The table is told once everything up to the
/// close has been read; what should come even later is too late as well.
final class Seasons {
    static final Duration TELL_INTERVAL = Duration.ofMillis(100);

    /// Rows in a piece, of which some are told in each interval.
    static final int ROWS_MAX = 500;

    private static final int PIECES_MAX = 20;

    private final int partition;
    private final KeyValueStore<String, Close> closes;
    private final KeyValueStore<String, String> standings;

    /// A season's close, and how far this partition has told its part of the table.
    ///
    /// @param partitions 0 until the table is frozen
    /// @param chunk the next piece
    /// @param after key of the last row told; null before the first
    record Close(long closedAt, int partitions, int chunk, @Nullable String after, boolean told) {
        boolean isFrozen() {
            return partitions > 0;
        }
    }

    Seasons(ProcessorContext<?, ?> context) {
        partition = context.taskId().partition();
        closes = context.getStateStore(LeaderboardTopology.CLOSES);
        standings = context.getStateStore(LeaderboardTopology.STANDINGS);
    }

    /// Takes in a mark; true where there is a table to tell. A mark said again changes nothing.
    boolean mark(SeasonMark mark) {
        Close known = closes.get(mark.season());
        if (known != null && (known.isFrozen() || !mark.frozen())) {
            return false;
        }
        int partitions = mark.frozen() ? mark.partitions() : 0;
        closes.put(mark.season(), new Close(mark.closedAt(), partitions, 0, null, false));
        return mark.frozen();
    }

    /// The close that an entry of this season and record timestamp has missed; null where it has
    /// not.
    @Nullable Close missed(String season, long timestamp) {
        Close close = closes.get(season);
        boolean isLate = close != null && (close.isFrozen() || timestamp > close.closedAt());
        return isLate ? close : null;
    }

    /// Whether a board is a final table, which nothing changes.
    boolean isFrozen(String board) {
        String season = Boards.seasonOf(board);
        Close close = season == null ? null : closes.get(season);
        return close != null && close.isFrozen();
    }

    /// Tells the next pieces of final tables; false where none is left.
    boolean tell(Consumer<SeasonPart> pieces) {
        boolean isMore = false;
        for (KeyValue<String, Close> entry : untold()) {
            isMore |= tell(entry.key, entry.value, pieces);
        }
        return isMore;
    }

    private List<KeyValue<String, Close>> untold() {
        var untold = new ArrayList<KeyValue<String, Close>>();
        try (KeyValueIterator<String, Close> all = closes.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value.isFrozen() && !entry.value.told()) {
                    untold.add(entry);
                }
            });
        }
        return untold;
    }

    private boolean tell(String season, Close before, Consumer<SeasonPart> pieces) {
        String board = Boards.season(season);
        String prefix = StoreKeys.prefix(board);
        String from = before.after() == null ? prefix : before.after();
        String after = before.after();
        int chunk = before.chunk();
        boolean isLast = false;
        try (KeyValueIterator<String, String> rows = standings.range(from, Order.end(board))) {
            if (before.after() != null && rows.hasNext() && rows.peekNextKey().equals(from)) {
                rows.next();
            }
            for (int i = 0; i < PIECES_MAX && !isLast; i++) {
                var piece = new ArrayList<SeasonPart.Row>();
                while (rows.hasNext() && piece.size() < ROWS_MAX) {
                    after = rows.next().key;
                    Order.Place place = Order.place(after);
                    piece.add(new SeasonPart.Row(place.score(), place.player()));
                }
                isLast = !rows.hasNext();
                pieces.accept(
                        new SeasonPart(
                                season,
                                before.closedAt(),
                                partition,
                                before.partitions(),
                                chunk,
                                piece,
                                isLast));
                chunk++;
            }
        }
        closes.put(season, new Close(before.closedAt(), before.partitions(), chunk, after, isLast));
        return !isLast;
    }
}
