package io.grandstand.leaderboard;

import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// How many players stand at each score of each board: what all partitions have told, this one too,
/// and what this one has yet to tell, which is small and changes with every record.
///
/// A store with a cache must not be written while an iterator of it is open: what the cache puts
/// out then would be missing from the iteration.
final class Tally {
    private static final StringSerializer TEXT = new StringSerializer();

    private final HotKeys<Long> counts;
    private final HotKeys<Long> changes;
    private final HotKeys<Own> own;
    private final HotKeys<String> dirty;

    /// This partition's part of a board.
    ///
    /// @param seq number of the last summary sent; 0 before the first
    record Own(long players, long seq) {
        static final Own NONE = new Own(0, 0);
    }

    Tally(ProcessorContext<?, ?> context) {
        counts = new HotKeys<>(context.getStateStore(LeaderboardTopology.COUNTS));
        changes = new HotKeys<>(context.getStateStore(LeaderboardTopology.CHANGES));
        own = new HotKeys<>(context.getStateStore(LeaderboardTopology.OWN));
        dirty = new HotKeys<>(context.getStateStore(LeaderboardTopology.DIRTY));
    }

    /// The ranks of a board with what this partition has yet to tell.
    Ranks ranks(String board) {
        var players = new TreeMap<Long, Long>(Comparator.reverseOrder());
        add(players, counts.store(), board);
        add(players, changes.store(), board);
        var ranks = new Ranks.Builder();
        players.forEach((score, count) -> {
            if (count != 0) {
                ranks.add(score, count);
            }
        });
        return ranks.build();
    }

    private static void add(
            Map<Long, Long> players, KeyValueStore<String, Long> store, String board) {
        String prefix = StoreKeys.prefix(board);
        try (KeyValueIterator<String, Long> entries = store.prefixScan(prefix, TEXT)) {
            while (entries.hasNext()) {
                KeyValue<String, Long> entry = entries.next();
                long score = StoreKeys.score(entry.key.substring(prefix.length()));
                players.merge(score, entry.value, Long::sum);
            }
        }
    }

    /// One of this partition's players is on the board now.
    void enter(String board, long score) {
        Own part = own(board);
        own.put(board, new Own(part.players() + 1, part.seq()));
        count(board, score, 1);
    }

    /// One of this partition's players is on the board no more.
    void leave(String board, long score) {
        Own part = own(board);
        own.put(board, new Own(part.players() - 1, part.seq()));
        count(board, score, -1);
    }

    /// One of this partition's players has another score now.
    void move(String board, long before, long after) {
        count(board, before, -1);
        count(board, after, 1);
    }

    /// Something about the board is to be told, though no count has changed.
    void touch(String board) {
        if (dirty.get(board) == null) {
            dirty.put(board, "");
        }
    }

    /// Takes in what another partition told.
    void merge(String board, Map<Long, Long> told) {
        told.forEach((score, delta) -> increase(counts, key(board, score), delta));
    }

    /// The boards of which something is to be told.
    List<String> dirty() {
        var boards = new ArrayList<String>();
        try (KeyValueIterator<String, String> entries = dirty.store().all()) {
            while (entries.hasNext()) {
                boards.add(entries.next().key);
            }
        }
        return boards;
    }

    /// Takes up to so many changes of counts to tell, which are told by that; where there are
    /// fewer, nothing is left to tell of the board.
    Map<Long, Long> take(String board, int max) {
        var taken = new HashMap<Long, Long>();
        String prefix = StoreKeys.prefix(board);
        try (KeyValueIterator<String, Long> entries = changes.store().prefixScan(prefix, TEXT)) {
            while (entries.hasNext() && taken.size() < max) {
                KeyValue<String, Long> entry = entries.next();
                taken.put(StoreKeys.score(entry.key.substring(prefix.length())), entry.value);
            }
        }
        taken.forEach((score, delta) -> {
            String key = key(board, score);
            changes.delete(key);
            increase(counts, key, delta);
        });
        if (taken.size() < max) {
            dirty.delete(board);
        }
        return taken;
    }

    /// Numbers the next summary of a board.
    Own next(String board) {
        Own before = own(board);
        var after = new Own(before.players(), before.seq() + 1);
        own.put(board, after);
        return after;
    }

    private Own own(String board) {
        Own part = own.get(board);
        return part == null ? Own.NONE : part;
    }

    private void count(String board, long score, long delta) {
        increase(changes, key(board, score), delta);
        touch(board);
    }

    private static String key(String board, long score) {
        return StoreKeys.of(board, StoreKeys.score(score));
    }

    /// Boards where nobody stands at a score any more have no entry for it.
    private static void increase(HotKeys<Long> store, String key, long delta) {
        Long before = store.get(key);
        long sum = (before == null ? 0 : before) + delta;
        if (sum == 0) {
            store.delete(key);
        } else {
            store.put(key, sum);
        }
    }
}
