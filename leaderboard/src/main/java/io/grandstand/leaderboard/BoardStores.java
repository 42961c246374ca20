package io.grandstand.leaderboard;

import static io.grandstand.streams.Wiring.json;

import io.grandstand.events.Leaderboard;
import io.grandstand.events.League;
import io.grandstand.events.RankAt;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The state stores of the topology, by what they are part of; comments say what their keys are
/// made of.
///
/// A hot store has few keys that change with almost every record. It has a cache, in which the
/// changes of a key between two commits become one, for the store and for its changelog.
///
/// @param supplier makes the store of a name
record BoardStores(Function<String, KeyValueBytesStoreSupplier> supplier) {
    /// As it runs. Tests keep state in memory where they do not test the disk.
    static final BoardStores ON_DISK = new BoardStores(Stores::persistentKeyValueStore);

    /// Of a partition of players.
    List<StoreBuilder<? extends KeyValueStore<String, ?>>> ofStandings() {
        return List.of(
                store(LeaderboardTopology.SCORES, Serdes.Long()), // player, board
                store(LeaderboardTopology.STANDINGS, Serdes.String()), // board, score, player
                store(LeaderboardTopology.NAMES, Serdes.String()), // player
                store(LeaderboardTopology.COUNTRIES, Serdes.String()), // player
                store(LeaderboardTopology.STATUSES, Serdes.String()), // player
                // player, board, question, version
                store(LeaderboardTopology.APPLIED, Serdes.Integer()),
                store(LeaderboardTopology.COUNTS, Serdes.Long()), // board, score
                hot(LeaderboardTopology.CHANGES, Serdes.Long()), // board, score
                hot(LeaderboardTopology.OWN, json(Tally.Own.class)), // board
                hot(LeaderboardTopology.DIRTY, Serdes.String()), // board
                store(LeaderboardTopology.CLOSES, json(Seasons.Close.class)), // season
                // player, board, time
                store(LeaderboardTopology.RANK_HISTORY, json(RankAt.class)),
                store(LeaderboardTopology.OTHERS, json(BoardPart.class)), // board, partition
                store(LeaderboardTopology.ASKED, Serdes.Long())); // board, player
    }

    /// Of a partition of boards.
    List<StoreBuilder<? extends KeyValueStore<String, ?>>> ofMerger() {
        return List.of(
                store(LeaderboardTopology.PARTS, json(BoardPart.class)), // board, partition
                store(LeaderboardTopology.UNPUBLISHED, Serdes.String()), // board
                store(LeaderboardTopology.PUBLISHED, json(Leaderboard.class))); // board
    }

    /// Of a partition of season commands.
    List<StoreBuilder<? extends KeyValueStore<String, ?>>> ofSeasonDesk() {
        return List.of(
                store(LeaderboardTopology.CLOSINGS, json(SeasonDesk.Closing.class))); // season
    }

    /// Of a partition of season parts.
    List<StoreBuilder<? extends KeyValueStore<String, ?>>> ofSeasonClerk() {
        return List.of(
                // season, partition, chunk
                store(LeaderboardTopology.SEASON_PIECES, json(SeasonPart.class)),
                // season
                store(LeaderboardTopology.SEASON_PROGRESS, json(SeasonClerk.Progress.class)));
    }

    /// Of a partition of leagues.
    List<StoreBuilder<? extends KeyValueStore<String, ?>>> ofLeagues() {
        return List.of(store(LeaderboardTopology.LEAGUES, json(League.class))); // league
    }

    private <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(supplier.apply(name), Serdes.String(), values);
    }

    private <V> StoreBuilder<KeyValueStore<String, V>> hot(String name, Serde<V> values) {
        return store(name, values).withCachingEnabled();
    }
}
