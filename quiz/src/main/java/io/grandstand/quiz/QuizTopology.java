package io.grandstand.quiz;

import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.quiz.HeldAnswers.Held;
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

/// Wires the quiz: commands become questions, answers become results and points.
///
/// ```
/// question-command ─▶ desk ─▶ question
///    (by match)        └───▶ ruling (a copy in every partition) ─┐
///                                                                ▼
/// answer (by player) ────────────────────────────────────────▶ scorer ─▶ result, points (by player)
/// ```
///
/// The scorer's task of a partition of `answer` finds every ruling in the partition of the same
/// number, so `ruling` must have as many partitions as `answer`. What is no valid record goes to
/// `dead-letter`. Each half has a sink of its own for that: a shared one would make the two halves
/// one sub-topology, and so bind partitions of matches to partitions of players.
public final class QuizTopology {
    static final String QUESTIONS = "questions";
    static final String NEWEST = "newest-question";
    static final String RULINGS = "rulings";
    static final String BALLOTS = "ballots";
    static final String TOTALS = "totals";
    static final String HELD = "held";
    static final String DUE = "held-due";

    static final String QUESTION_SINK = "question-sink";
    static final String RULING_SINK = "ruling-sink";
    static final String DESK_DEAD_LETTER_SINK = "desk-dead-letter-sink";
    static final String RESULT_SINK = "result-sink";
    static final String POINTS_SINK = "points-sink";
    static final String SCORER_DEAD_LETTER_SINK = "scorer-dead-letter-sink";

    private static final String DESK = "desk";
    private static final String SCORER = "scorer";

    /// Some clients write records without a timestamp (-1), which would end a stream thread.
    private static final TimestampExtractor TIMESTAMP =
            (record, partitionTime) -> Math.max(0, record.timestamp());

    private QuizTopology() {}

    /// The topology. It reads and writes topics of the catalogue alone.
    public static Topology build() {
        var topology = new Topology();
        source(topology, "question-command-source", Topics.QUESTION_COMMAND);
        topology.addProcessor(DESK, DeskProcessor::new, "question-command-source");
        topology.addStateStore(store(QUESTIONS, Topics.QUESTION.serde()), DESK);
        topology.addStateStore(store(NEWEST, Serdes.String()), DESK);
        sink(topology, QUESTION_SINK, Topics.QUESTION, DESK);
        sink(topology, RULING_SINK, Topics.RULING, new EveryPartition<>(), DESK);
        sink(topology, DESK_DEAD_LETTER_SINK, Topics.DEAD_LETTER, DESK);

        source(topology, "answer-source", Topics.ANSWER);
        source(topology, "ruling-source", Topics.RULING);
        topology.addProcessor(SCORER, ScorerProcessor::new, "answer-source", "ruling-source");
        topology.addStateStore(store(RULINGS, json(Question.class)), SCORER);
        topology.addStateStore(store(BALLOTS, json(Ballot.class)), SCORER);
        topology.addStateStore(store(TOTALS, Serdes.Long()), SCORER);
        topology.addStateStore(store(HELD, json(Held.class)), SCORER);
        topology.addStateStore(store(DUE, Serdes.String()), SCORER);
        sink(topology, RESULT_SINK, Topics.RESULT, SCORER);
        sink(topology, POINTS_SINK, Topics.POINTS, SCORER);
        sink(topology, SCORER_DEAD_LETTER_SINK, Topics.DEAD_LETTER, SCORER);
        return topology;
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
