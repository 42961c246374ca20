package io.grandstand.leaderboard;

import io.grandstand.events.Leaderboard;
import io.grandstand.events.Topic;
import io.grandstand.events.Topic.Cleanup;
import io.grandstand.events.Topic.KeyedBy;
import io.grandstand.events.Topic.Timestamps;
import io.grandstand.events.Topics;
import io.grandstand.leaderboard.StandingsProcessor.Own;
import io.grandstand.streams.Wiring;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/// Wires the leaderboard: entries become boards, requests become answers.
///
/// ```
/// points, player, gettop ─▶ standings ─▶ top (by player)
///       (by player)          ▲    │ └──▶ board-part (by board) ─▶ merger ─▶ leaderboard (by board)
///                            │    ▼
///                       board-counts (a copy in every partition)
/// ```
///
/// Every partition of players keeps its own standings, and learns from the summaries of the others
/// how many players stand at each score there. That is a few numbers per summary however many
/// players there are, but each goes to each partition, so their traffic grows with the square of
/// the number of partitions; the summary interval is what bounds it. How old the others' counts may
/// be in an answer: the summary interval of 100 ms and a commit interval of 20 ms on either side.
///
/// What is no valid record goes to `dead-letter`; each half has a sink of its own for that, as a
/// shared one would make them one sub-topology.
public final class LeaderboardTopology {
    static final String SCORES = "scores";
    static final String STANDINGS = "standings";
    static final String NAMES = "names";
    static final String APPLIED = "applied";
    static final String COUNTS = "counts";
    static final String CHANGES = "changes";
    static final String OWN = "own-parts";
    static final String DIRTY = "dirty";
    static final String OTHERS = "other-parts";
    static final String ASKED = "asked";
    static final String PARTS = "parts";
    static final String UNPUBLISHED = "unpublished";
    static final String PUBLISHED = "published";

    static final String TOP_SINK = "top-sink";
    static final String BOARD_PART_SINK = "board-part-sink";
    static final String BOARD_COUNTS_SINK = "board-counts-sink";
    static final String STANDINGS_DEAD_LETTER_SINK = "standings-dead-letter-sink";
    static final String LEADERBOARD_SINK = "leaderboard-sink";
    static final String MERGER_DEAD_LETTER_SINK = "merger-dead-letter-sink";

    /// As long as other topics keep what a service that was away has yet to read: a summary that
    /// was never read is missing from the counts for good.
    private static final Duration RETENTION = Duration.ofDays(7);

    /// Private: each partition's part of the head of each board.
    static final Topic<BoardPart> BOARD_PART =
            new Topic<>(
                    "board-part",
                    BoardPart.class,
                    KeyedBy.MATCH,
                    Topics.LEADERBOARD.partitions(),
                    Cleanup.DELETE,
                    RETENTION,
                    Timestamps.CREATE_TIME);

    /// Private: each partition's changes for all others.
    static final Topic<BoardCounts> BOARD_COUNTS =
            new Topic<>(
                    "board-counts",
                    BoardCounts.class,
                    KeyedBy.EVERY_PARTITION,
                    Topics.POINTS.partitions(),
                    Cleanup.DELETE,
                    RETENTION,
                    Timestamps.CREATE_TIME);

    private static final String STANDINGS_NODE = "standings-keeper";
    private static final String MERGER_NODE = "merger";

    private LeaderboardTopology() {}

    /// The topics of its own, beside those of the catalogue.
    public static List<Topic<?>> topics() {
        return List.of(BOARD_PART, BOARD_COUNTS);
    }

    /// The topology.
    public static Topology build() {
        var topology = new Topology();
        Wiring.source(topology, "points-source", Topics.POINTS);
        Wiring.source(topology, "player-source", Topics.PLAYER);
        Wiring.source(topology, "gettop-source", Topics.GETTOP);
        Wiring.source(topology, "board-counts-source", BOARD_COUNTS);
        topology.addProcessor(
                STANDINGS_NODE,
                StandingsProcessor::new,
                "points-source",
                "player-source",
                "gettop-source",
                "board-counts-source");
        standingsStores().forEach(store -> topology.addStateStore(store, STANDINGS_NODE));
        Wiring.sink(topology, TOP_SINK, Topics.TOP, STANDINGS_NODE);
        Wiring.sink(topology, BOARD_PART_SINK, BOARD_PART, STANDINGS_NODE);
        Wiring.sinkToEveryPartition(topology, BOARD_COUNTS_SINK, BOARD_COUNTS, STANDINGS_NODE);
        Wiring.sink(topology, STANDINGS_DEAD_LETTER_SINK, Topics.DEAD_LETTER, STANDINGS_NODE);

        Wiring.source(topology, "board-part-source", BOARD_PART);
        topology.addProcessor(MERGER_NODE, MergerProcessor::new, "board-part-source");
        mergerStores().forEach(store -> topology.addStateStore(store, MERGER_NODE));
        Wiring.sink(topology, LEADERBOARD_SINK, Topics.LEADERBOARD, MERGER_NODE);
        Wiring.sink(topology, MERGER_DEAD_LETTER_SINK, Topics.DEAD_LETTER, MERGER_NODE);
        return topology;
    }

    /// The stores of a partition of players, with their keys.
    static List<StoreBuilder<? extends KeyValueStore<String, ?>>> standingsStores() {
        return List.of(
                Wiring.store(SCORES, Serdes.Long()), // player, board
                Wiring.store(STANDINGS, Serdes.String()), // board, score, player
                Wiring.store(NAMES, Serdes.String()), // player
                Wiring.store(APPLIED, Serdes.Integer()), // player, board, question
                Wiring.store(COUNTS, Serdes.Long()), // board, score
                Wiring.store(CHANGES, Serdes.Long()), // board, score
                Wiring.store(OWN, Wiring.json(Own.class)), // board
                Wiring.store(DIRTY, Serdes.String()), // board
                Wiring.store(OTHERS, Wiring.json(BoardPart.class)), // board, partition
                Wiring.store(ASKED, Serdes.Long())); // board, player
    }

    /// The stores of a partition of boards, with their keys.
    static List<StoreBuilder<? extends KeyValueStore<String, ?>>> mergerStores() {
        return List.of(
                Wiring.store(PARTS, Wiring.json(BoardPart.class)), // board, partition
                Wiring.store(UNPUBLISHED, Serdes.String()), // board
                Wiring.store(PUBLISHED, Wiring.json(Leaderboard.class))); // board
    }
}
