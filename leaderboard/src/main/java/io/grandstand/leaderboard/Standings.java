package io.grandstand.leaderboard;

import io.grandstand.events.LateEntry;
import io.grandstand.events.PlayerStatus.Status;
import io.grandstand.events.Points;
import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// The scores of a partition's players on all their boards, and the players in the order of each
/// board.
///
/// An entry of `points` has a name: player, board, question, version. One whose name was applied
/// before is ignored; the others are added in whatever order they come, corrections too.
///
/// A board is read by other threads meanwhile. So a player whose score changes is entered at the
/// new place before being taken from the old one, and is on the board at every moment.
final class Standings {
    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, Long> scores;
    private final KeyValueStore<String, String> standings;
    private final KeyValueStore<String, Integer> applied;
    private final KeyValueStore<String, String> statuses;
    private final Tally tally;
    private final Seasons seasons;
    private final Consumer<String> onChange;

    /// @param onChange told each board that something changes on
    Standings(
            ProcessorContext<?, ?> context,
            Tally tally,
            Seasons seasons,
            Consumer<String> onChange) {
        scores = context.getStateStore(LeaderboardTopology.SCORES);
        standings = context.getStateStore(LeaderboardTopology.STANDINGS);
        applied = context.getStateStore(LeaderboardTopology.APPLIED);
        statuses = context.getStateStore(LeaderboardTopology.STATUSES);
        this.tally = tally;
        this.seasons = seasons;
        this.onChange = onChange;
    }

    /// Adds an entry to its boards; what it was too late for, or null.
    ///
    /// @param timestamp of the entry's record, ms since the epoch
    /// @throws IllegalArgumentException if it has no boards, or a score would overflow; nothing is
    ///   changed then
    @Nullable LateEntry add(String player, Points entry, long timestamp) {
        List<String> boards = Boards.of(entry);
        Status status = status(player);
        String name =
                StoreKeys.of(
                        player, entry.board(), entry.question(), Integer.toString(entry.version()));
        if (status == Status.ERASED || applied.get(name) != null) {
            return null;
        }
        String season = entry.season();
        Seasons.Close missed = season == null ? null : seasons.missed(season, timestamp);
        if (season != null && missed != null) {
            boards.remove(Boards.season(season));
        }
        List<@Nullable Long> before = boards.stream().map(board -> score(player, board)).toList();
        List<Long> after = before.stream().map(score -> sum(score, entry.delta())).toList();
        applied.put(name, entry.version());
        for (int i = 0; i < boards.size(); i++) {
            String board = boards.get(i);
            if (status == Status.ACTIVE) {
                place(board, player, before.get(i), after.get(i));
            }
            scores.put(StoreKeys.of(player, board), after.get(i));
            if (status == Status.ACTIVE) {
                displace(board, player, before.get(i), after.get(i));
            }
        }
        return missed == null ? null : new LateEntry(player, entry, timestamp, missed.closedAt());
    }

    /// The score of a player who is on the board; null for everybody else.
    @Nullable Long shown(String player, String board) {
        return shown(scores, standings, statuses, player, board);
    }

    /// The same, from any thread.
    ///
    /// A player has a score and no place while banned, and on a final table for good who was banned
    /// when it was frozen. Elsewhere the score is enough. Where the place is looked for, it may be
    /// missing because the score has just changed; then it is another when it is read again.
    static @Nullable Long shown(
            ReadOnlyKeyValueStore<String, Long> scores,
            ReadOnlyKeyValueStore<String, String> standings,
            ReadOnlyKeyValueStore<String, String> statuses,
            String player,
            String board) {
        String key = StoreKeys.of(player, board);
        Long score = scores.get(key);
        if (score == null || (Boards.seasonOf(board) == null && statuses.get(player) == null)) {
            return score;
        }
        Long before = null;
        while (score != null && !score.equals(before)) {
            if (standings.get(Order.key(board, score, player)) != null) {
                return score;
            }
            before = score;
            score = scores.get(key);
        }
        return null;
    }

    /// Lets a player take part, or not. Final tables stay as they are.
    void change(String player, Status status) {
        Status before = status(player);
        if (before == Status.ERASED || before == status) {
            return;
        }
        Map<String, Long> boards = boards(player);
        boards.keySet().removeIf(seasons::isFrozen);
        switch (status) {
            case ACTIVE -> {
                statuses.delete(player);
                boards.forEach((board, score) -> show(board, player, score));
            }
            case BANNED -> {
                statuses.put(player, status.name());
                boards.forEach((board, score) -> hide(board, player, score));
            }
            case ERASED -> {
                statuses.put(player, status.name());
                if (before == Status.ACTIVE) {
                    boards.forEach((board, score) -> hide(board, player, score));
                }
                boards.keySet().forEach(board -> scores.delete(StoreKeys.of(player, board)));
                forget(player);
            }
        }
    }

    /// Whether nothing of this player may be kept.
    boolean isErased(String player) {
        return status(player) == Status.ERASED;
    }

    /// The best of this partition, at most so many.
    List<Order.Place> head(String board, int max) {
        var head = new ArrayList<Order.Place>();
        try (KeyValueIterator<String, String> best =
                standings.prefixScan(StoreKeys.prefix(board), TEXT)) {
            while (best.hasNext() && head.size() < max) {
                head.add(Order.place(best.next().key));
            }
        }
        return head;
    }

    /// A player's scores by board.
    Map<String, Long> boards(String player) {
        var boards = new TreeMap<String, Long>();
        String prefix = StoreKeys.prefix(player);
        try (KeyValueIterator<String, Long> all = scores.prefixScan(prefix, TEXT)) {
            while (all.hasNext()) {
                KeyValue<String, Long> entry = all.next();
                boards.put(entry.key.substring(prefix.length()), entry.value);
            }
        }
        return boards;
    }

    private Status status(String player) {
        String status = statuses.get(player);
        return status == null ? Status.ACTIVE : Status.valueOf(status);
    }

    private @Nullable Long score(String player, String board) {
        return scores.get(StoreKeys.of(player, board));
    }

    private static long sum(@Nullable Long before, int delta) {
        try {
            return Math.addExact(before == null ? 0 : before, delta);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "score is %d: adding %d would overflow".formatted(before, delta), e);
        }
    }

    private void place(String board, String player, @Nullable Long before, long after) {
        if (before == null || before != after) {
            standings.put(Order.key(board, after, player), "");
        }
    }

    private void displace(String board, String player, @Nullable Long before, long after) {
        if (before == null) {
            tally.enter(board, after);
        } else if (before != after) {
            leave(board, player, before);
            tally.move(board, before, after);
        } else {
            return;
        }
        onChange.accept(board);
    }

    private void show(String board, String player, long score) {
        standings.put(Order.key(board, score, player), "");
        tally.enter(board, score);
        onChange.accept(board);
    }

    private void hide(String board, String player, long score) {
        leave(board, player, score);
        tally.leave(board, score);
        onChange.accept(board);
    }

    private void leave(String board, String player, long score) {
        // delete would read the old value first.
        standings.put(Order.key(board, score, player), null);
    }

    /// The names of what was applied are no score, but they tell what the player answered.
    private void forget(String player) {
        try (KeyValueIterator<String, Integer> entries =
                applied.prefixScan(StoreKeys.prefix(player), TEXT)) {
            while (entries.hasNext()) {
                applied.delete(entries.next().key);
            }
        }
    }
}
