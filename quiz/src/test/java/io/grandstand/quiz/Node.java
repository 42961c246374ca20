package io.grandstand.quiz;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.TallyPart;
import io.grandstand.events.Topic;
import io.grandstand.protocol.TrustedHeaders;
import io.grandstand.quiz.HeldAnswers.Held;
import io.grandstand.quiz.Passes.Pass;
import io.grandstand.streams.StreamsService;
import io.grandstand.streams.Wiring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/// One process of the quiz that may die: it works on the topology and now and then commits. Killed,
/// it loses its stores and all that it said since the last commit; another one takes over from the
/// changelogs as they were committed.
final class Node implements AutoCloseable {
    private static final Map<String, Serde<?>> STORES =
            Map.ofEntries(
                    Map.entry(QuizTopology.QUESTIONS, Wiring.json(DeskEntry.class)),
                    Map.entry(QuizTopology.NEWEST, Serdes.String()),
                    Map.entry(QuizTopology.DESK_TIMERS, Serdes.String()),
                    Map.entry(QuizTopology.RULINGS, Wiring.json(Ruling.class)),
                    Map.entry(QuizTopology.BALLOTS, Wiring.json(Ballot.class)),
                    Map.entry(QuizTopology.CARDS, Wiring.json(Card.class)),
                    Map.entry(QuizTopology.PROFILES, Wiring.json(Profile.class)),
                    Map.entry(QuizTopology.HISTORY, Serdes.Integer()),
                    Map.entry(QuizTopology.HELD, Wiring.json(Held.class)),
                    Map.entry(QuizTopology.DUE, Serdes.String()),
                    Map.entry(QuizTopology.PASSES, Wiring.json(Pass.class)),
                    Map.entry(QuizTopology.SETTLED, Serdes.String()),
                    Map.entry(QuizTopology.TALLIES, Serdes.Long()),
                    Map.entry(QuizTopology.TALLIES_CHANGED, Serdes.String()),
                    Map.entry(QuizTopology.PARTS, Wiring.json(TallyPart.class)),
                    Map.entry(QuizTopology.TIMES, Wiring.json(AnswerTimes.class)),
                    Map.entry(QuizTopology.PARTS_CHANGED, Serdes.Long()));

    private final Path folder;
    private final QuizSettings settings;
    private final Map<String, Map<String, byte[]>> changelogs = new HashMap<>();
    private TopologyTestDriver driver;
    private Duration clock = Duration.ZERO;
    private int lives;

    Node(Path folder, QuizSettings settings) {
        this.folder = folder;
        this.settings = settings;
        this.driver = start();
    }

    void pipe(Topic<?> topic, Raw raw) {
        var headers = new RecordHeaders();
        if (raw.receivedUs() != null) {
            headers.add(
                    TrustedHeaders.RECEIVED_US, raw.receivedUs().getBytes(StandardCharsets.UTF_8));
        }
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(raw.key(), raw.value(), headers, raw.timestamp()));
    }

    void advance(Duration time) {
        driver.advanceWallClockTime(time);
        clock = clock.plus(time);
    }

    Duration clock() {
        return clock;
    }

    /// Takes what was said in a topic since the last call.
    List<Raw> take(Topic<?> topic) {
        var taken = new ArrayList<Raw>();
        driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .forEach(each ->
                        taken.add(new Raw(each.key(), each.value(), null, each.timestamp())));
        return taken;
    }

    /// What was put into stores since the last commit is safe.
    void commit() {
        for (String topic : driver.producedTopicNames()) {
            if (topic.endsWith("-changelog")) {
                var store = changelogs.computeIfAbsent(storeOf(topic), _ -> new LinkedHashMap<>());
                driver.createOutputTopic(
                                topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readRecordsToList()
                        .forEach(change -> {
                            String key = new String(change.key(), StandardCharsets.UTF_8);
                            if (change.value() == null) {
                                store.remove(key);
                            } else {
                                store.put(key, change.value());
                            }
                        });
            }
        }
    }

    /// Kill -9, and another process that takes over.
    void kill() {
        driver.close();
        driver = start();
        changelogs.forEach(this::restore);
    }

    @Override
    public void close() {
        driver.close();
    }

    private TopologyTestDriver start() {
        lives++;
        var config = new Properties();
        try {
            Path life = Files.createDirectories(folder.resolve("life-" + lives));
            config.putAll(
                    StreamsService.config(
                            "quiz", Map.of("bootstrap.servers", "unused:9092"), life, 1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new TopologyTestDriver(
                QuizTopology.build(settings),
                config,
                Instant.ofEpochMilli(History.START).plus(clock));
    }

    private void restore(String name, Map<String, byte[]> entries) {
        restore(name, Objects.requireNonNull(STORES.get(name), name), entries);
    }

    private <V> void restore(String name, Serde<V> serde, Map<String, byte[]> entries) {
        KeyValueStore<String, V> store = driver.getKeyValueStore(name);
        entries.forEach(
                (key, value) -> store.put(key, serde.deserializer().deserialize(name, value)));
    }

    private static String storeOf(String changelog) {
        return changelog.substring("quiz-".length(), changelog.length() - "-changelog".length());
    }
}
