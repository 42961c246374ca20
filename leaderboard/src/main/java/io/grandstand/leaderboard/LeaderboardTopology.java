package io.grandstand.leaderboard;

import io.grandstand.events.Json;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.Topic;
import io.grandstand.events.Topic.Cleanup;
import io.grandstand.events.Topic.KeyedBy;
import io.grandstand.events.Topic.Timestamps;
import io.grandstand.events.Topics;
import io.grandstand.leaderboard.StandingsProcessor.Own;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

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

    /// Some clients write records without a timestamp (-1), which would end a stream thread.
    private static final TimestampExtractor TIMESTAMP =
            (record, partitionTime) -> Math.max(0, record.timestamp());

    private LeaderboardTopology() {}

    /// The topics of its own, beside those of the catalogue.
    public static List<Topic<?>> topics() {
        return List.of(BOARD_PART, BOARD_COUNTS);
    }

    /// The topology.
    public static Topology build() {
        var topology = new Topology();
        source(topology, "points-source", Topics.POINTS);
        source(topology, "player-source", Topics.PLAYER);
        source(topology, "gettop-source", Topics.GETTOP);
        source(topology, "board-counts-source", BOARD_COUNTS);
        topology.addProcessor(
                STANDINGS_NODE,
                StandingsProcessor::new,
                "points-source",
                "player-source",
                "gettop-source",
                "board-counts-source");
        standingsStores().forEach(store -> topology.addStateStore(store, STANDINGS_NODE));
        sink(topology, TOP_SINK, Topics.TOP, STANDINGS_NODE);
        sink(topology, BOARD_PART_SINK, BOARD_PART, STANDINGS_NODE);
        sink(topology, BOARD_COUNTS_SINK, BOARD_COUNTS, new EveryPartition<>(), STANDINGS_NODE);
        sink(topology, STANDINGS_DEAD_LETTER_SINK, Topics.DEAD_LETTER, STANDINGS_NODE);

        source(topology, "board-part-source", BOARD_PART);
        topology.addProcessor(MERGER_NODE, MergerProcessor::new, "board-part-source");
        mergerStores().forEach(store -> topology.addStateStore(store, MERGER_NODE));
        sink(topology, LEADERBOARD_SINK, Topics.LEADERBOARD, MERGER_NODE);
        sink(topology, MERGER_DEAD_LETTER_SINK, Topics.DEAD_LETTER, MERGER_NODE);
        return topology;
    }

    /// The stores of a partition of players, with their keys.
    static List<StoreBuilder<? extends KeyValueStore<String, ?>>> standingsStores() {
        return List.of(
                store(SCORES, Serdes.Long()), // player, board
                store(STANDINGS, Serdes.String()), // board, score, player
                store(NAMES, Serdes.String()), // player
                store(APPLIED, Serdes.Integer()), // player, board, question
                store(COUNTS, Serdes.Long()), // board, score
                store(CHANGES, Serdes.Long()), // board, score
                store(OWN, json(Own.class)), // board
                store(DIRTY, Serdes.String()), // board
                store(OTHERS, json(BoardPart.class))); // board, partition
    }

    /// The stores of a partition of boards, with their keys.
    static List<StoreBuilder<? extends KeyValueStore<String, ?>>> mergerStores() {
        return List.of(
                store(PARTS, json(BoardPart.class)), // board, partition
                store(UNPUBLISHED, Serdes.String()), // board
                store(PUBLISHED, json(Leaderboard.class))); // board
    }

    private static void source(Topology topology, String name, Topic<?> topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                TIMESTAMP,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.name());
    }

    private static <V> void sink(Topology topology, String name, Topic<V> topic, String parent) {
        topology.addSink(
                name, topic.name(), new StringSerializer(), topic.serde().serializer(), parent);
    }

    private static <V> void sink(
            Topology topology,
            String name,
            Topic<V> topic,
            StreamPartitioner<String, V> partitioner,
            String parent) {
        topology.addSink(
                name,
                topic.name(),
                new StringSerializer(),
                topic.serde().serializer(),
                partitioner,
                parent);
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(
            String name, Serde<V> valueSerde) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.String(), valueSerde);
    }

    private static <V> Serde<V> json(Class<V> type) {
        Serializer<V> serializer = (topic, value) -> value == null ? null : Json.write(value);
        Deserializer<V> deserializer =
                (topic, bytes) -> bytes == null ? null : Json.read(bytes, type);
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
