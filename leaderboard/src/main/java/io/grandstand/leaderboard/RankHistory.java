package io.grandstand.leaderboard;

import io.grandstand.events.RankAt;
import io.grandstand.streams.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/// The ranks that a partition's players were told, by player and board, in order of time.
final class RankHistory {
    /// Ranks of a player on a board; the oldest go first.
    static final int RANKS_MAX = 50;

    private static final StringSerializer TEXT = new StringSerializer();

    private final KeyValueStore<String, RankAt> ranks;

    RankHistory(ProcessorContext<?, ?> context) {
        ranks = context.getStateStore(LeaderboardTopology.RANK_HISTORY);
    }

    /// Keeps a rank, unless it and the score are those kept last. A clock that was set back does
    /// not change the order: the rank then counts as had right after the last one.
    void add(String player, String board, RankAt rank) {
        long at = rank.at();
        // Newest first: where nothing changed, which is often, one entry is read.
        try (KeyValueIterator<String, RankAt> kept =
                ranks.reverseRange(StoreKeys.prefix(player, board), StoreKeys.end(player, board))) {
            if (kept.hasNext()) {
                RankAt last = kept.next().value;
                if (isSame(last, rank)) {
                    return;
                }
                at = Math.max(at, last.at() + 1);
            }
            for (int i = 2; kept.hasNext(); i++) {
                String key = kept.next().key;
                if (i >= RANKS_MAX) {
                    ranks.delete(key);
                }
            }
        }
        ranks.put(
                StoreKeys.of(player, board, StoreKeys.time(at)),
                new RankAt(at, rank.rank(), rank.score(), rank.players()));
    }

    /// Deletes all of a player.
    void forget(String player) {
        try (KeyValueIterator<String, RankAt> all =
                ranks.prefixScan(StoreKeys.prefix(player), TEXT)) {
            while (all.hasNext()) {
                ranks.delete(all.next().key);
            }
        }
    }

    /// A player's ranks on a board, oldest first, from any thread.
    static List<RankAt> of(
            ReadOnlyKeyValueStore<String, RankAt> ranks, String player, String board) {
        var history = new ArrayList<RankAt>();
        try (KeyValueIterator<String, RankAt> kept =
                ranks.prefixScan(StoreKeys.prefix(player, board), TEXT)) {
            while (kept.hasNext()) {
                history.add(kept.next().value);
            }
        }
        return history;
    }

    private static boolean isSame(RankAt before, RankAt after) {
        return before.rank() == after.rank() && before.score() == after.score();
    }
}
