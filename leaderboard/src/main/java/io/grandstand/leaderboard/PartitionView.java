package io.grandstand.leaderboard;

import io.grandstand.events.RankAt;
import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// One partition of players as any thread may read it, while the thread that owns it goes on.
///
/// What is read is of that moment: a player whose score is changing just then stands at the old or
/// the new place, at one of them. Nothing is kept; a store that has moved elsewhere throws
/// `InvalidStateStoreException`.
final class PartitionView {
    /// How many players of one score may be gone through for one page, about a second's work.
    static final int MARKED_MAX = 1_000_000;

    private static final StringSerializer TEXT = new StringSerializer();

    private final int partition;
    private final ReadOnlyKeyValueStore<String, Long> scores;
    private final ReadOnlyKeyValueStore<String, String> standings;
    private final ReadOnlyKeyValueStore<String, String> statuses;
    private final ReadOnlyKeyValueStore<String, String> names;
    private final ReadOnlyKeyValueStore<String, String> countries;
    private final ReadOnlyKeyValueStore<String, Long> counts;
    private final ReadOnlyKeyValueStore<String, RankAt> history;

    /// A partition's stores by their names.
    interface Stores {
        <V> ReadOnlyKeyValueStore<String, V> store(String name);
    }

    private PartitionView(
            int partition,
            ReadOnlyKeyValueStore<String, Long> scores,
            ReadOnlyKeyValueStore<String, String> standings,
            ReadOnlyKeyValueStore<String, String> statuses,
            ReadOnlyKeyValueStore<String, String> names,
            ReadOnlyKeyValueStore<String, String> countries,
            ReadOnlyKeyValueStore<String, Long> counts,
            ReadOnlyKeyValueStore<String, RankAt> history) {
        this.partition = partition;
        this.scores = scores;
        this.standings = standings;
        this.statuses = statuses;
        this.names = names;
        this.countries = countries;
        this.counts = counts;
        this.history = history;
    }

    static PartitionView of(int partition, Stores stores) {
        return new PartitionView(
                partition,
                stores.store(LeaderboardTopology.SCORES),
                stores.store(LeaderboardTopology.STANDINGS),
                stores.store(LeaderboardTopology.STATUSES),
                stores.store(LeaderboardTopology.NAMES),
                stores.store(LeaderboardTopology.COUNTRIES),
                stores.store(LeaderboardTopology.COUNTS),
                stores.store(LeaderboardTopology.RANK_HISTORY));
    }

    int partition() {
        return partition;
    }

    /// What this partition answers; null where the query is about others alone.
    @Nullable PartAnswer answer(PartQuery query) {
        return switch (query) {
            case PartQuery.Find(String board, Map<Integer, List<String>> players) -> {
                List<String> own = players.get(partition);
                yield own == null ? null : find(board, own);
            }
            case PartQuery.Near(String board, long score, String player, int k) ->
                    near(board, score, player, k);
            case PartQuery.Rows(String board, long score, String player, int limit) ->
                    rows(board, score, player, limit);
            case PartQuery.Ids(String board, long score, Map<Integer, String> from, int limit) ->
                    ids(board, score, from.get(partition), limit);
            case PartQuery.Marks(String board, long score, int step) -> marks(board, score, step);
            case PartQuery.Counts(String board) -> counts(board);
            case PartQuery.History(String board, String player, int of) ->
                    of == partition ? history(board, player) : null;
            case PartQuery.Members _ -> null;
        };
    }

    /// Those of these players who are on the board.
    PartAnswer.Rows find(String board, List<String> players) {
        var found = new ArrayList<Standing>();
        for (String player : players) {
            Long score = Standings.shown(scores, standings, statuses, player, board);
            if (score != null) {
                found.add(Faces.of(names, countries, player, score));
            }
        }
        return new PartAnswer.Rows(partition, found);
    }

    /// The players before and after a place, who need not be this partition's, nor be there.
    PartAnswer.Near near(String board, long score, String player, int k) {
        String key = Order.key(board, score, player);
        List<Standing> above;
        try (KeyValueIterator<String, String> entries =
                standings.reverseRange(Order.begin(board), key)) {
            above = rows(board, entries, player, k);
        }
        Collections.reverse(above);
        List<Standing> below;
        try (KeyValueIterator<String, String> entries = standings.range(key, Order.end(board))) {
            below = rows(board, entries, player, k);
        }
        return new PartAnswer.Near(partition, above, below);
    }

    /// Players from a place on.
    PartAnswer.Rows rows(String board, long score, @Nullable String player, int limit) {
        String from = Order.from(board, score, player);
        try (KeyValueIterator<String, String> entries = standings.range(from, Order.end(board))) {
            return new PartAnswer.Rows(partition, rows(board, entries, null, limit));
        }
    }

    private List<Standing> rows(
            String board,
            KeyValueIterator<String, String> entries,
            @Nullable String except,
            int limit) {
        Map<String, Long> found = new LinkedHashMap<>();
        while (entries.hasNext() && found.size() < limit) {
            Order.Place place = Order.place(entries.next().key);
            if (place.player().equals(except)) {
                continue;
            }
            Long other = found.putIfAbsent(place.player(), place.score());
            Long now = other == null ? null : scores.get(StoreKeys.of(place.player(), board));
            if (now != null && now == place.score()) {
                // Moved within these rows just now.
                found.remove(place.player());
                found.put(place.player(), place.score());
            }
        }
        var rows = new ArrayList<Standing>(found.size());
        found.forEach((player, score) -> rows.add(Faces.of(names, countries, player, score)));
        return rows;
    }

    /// Who has just this score, from an id on.
    PartAnswer.Ids ids(String board, long score, @Nullable String from, int limit) {
        var ids = new ArrayList<String>();
        try (KeyValueIterator<String, String> entries =
                standings.range(Order.from(board, score, from), Order.end(board, score))) {
            while (entries.hasNext() && ids.size() < limit) {
                ids.add(Order.place(entries.next().key).player());
            }
        }
        return new PartAnswer.Ids(partition, ids);
    }

    /// The ids at places 0, `step`, 2 × `step`… of those who have just this score, of at most
    /// `MARKED_MAX` of them.
    PartAnswer.Ids marks(String board, long score, int step) {
        var ids = new ArrayList<String>();
        try (KeyValueIterator<String, String> entries =
                standings.range(Order.from(board, score, null), Order.end(board, score))) {
            for (int place = 0; entries.hasNext() && place < MARKED_MAX; place++) {
                String key = entries.next().key;
                if (place % step == 0) {
                    ids.add(Order.place(key).player());
                }
            }
        }
        return new PartAnswer.Ids(partition, ids);
    }

    /// How many players of all partitions stand at each score, as they told.
    PartAnswer.Counts counts(String board) {
        var players = new LinkedHashMap<Long, Long>();
        String prefix = StoreKeys.prefix(board);
        try (KeyValueIterator<String, Long> entries = counts.prefixScan(prefix, TEXT)) {
            while (entries.hasNext()) {
                KeyValue<String, Long> entry = entries.next();
                players.put(StoreKeys.score(entry.key.substring(prefix.length())), entry.value);
            }
        }
        return new PartAnswer.Counts(partition, players);
    }

    /// The ranks that a player had, oldest first; none of a player who is not on the board now.
    PartAnswer.History history(String board, String player) {
        Long score = Standings.shown(scores, standings, statuses, player, board);
        List<RankAt> ranks = score == null ? List.of() : RankHistory.of(history, player, board);
        return new PartAnswer.History(partition, ranks);
    }
}
