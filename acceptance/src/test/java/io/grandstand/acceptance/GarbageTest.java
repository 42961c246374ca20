package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.events.Answer;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.leaderboard.LeaderboardTopology;
import io.grandstand.protocol.TrustedHeaders;
import io.grandstand.quiz.QuizTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What no service can read goes to `dead-letter`, with its place and the reason, and the game goes
/// on.
class GarbageTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final byte[] NO_TEXT = {(byte) 0xc3, (byte) 0x28, 0, (byte) 0xff};

    @Test
    void everyInputTopicTakesGarbageAndTheGameGoesOn(@TempDir Path data) throws Exception {
        try (var game = new GameStack(data)) {
            Set<String> inputs = inputTopics();
            assertThat(inputs).contains("answer", "question-command", "points", "gettop", "league");
            var written = new TreeSet<String>();
            try (var producer =
                    new KafkaProducer<>(
                            game.cluster.client(),
                            new ByteArraySerializer(),
                            new ByteArraySerializer())) {
                for (String topic : inputs) {
                    written.add(write(producer, topic, NO_TEXT, NO_TEXT));
                    written.add(write(producer, topic, "p1".getBytes(UTF_8), NO_TEXT));
                    written.add(
                            write(producer, topic, "p1".getBytes(UTF_8), "[1]".getBytes(UTF_8)));
                    written.add(write(producer, topic, "p1".getBytes(UTF_8), new byte[200_000]));
                }
            }
            Map<String, JsonNode> letters = awaitLetters(game.cluster, written.size());
            assertThat(letters.keySet()).isEqualTo(written);
            assertThat(letters.values())
                    .allSatisfy(letter -> assertThat(letter.path("reason").asText()).isNotBlank());

            play(game.cluster);
        }
    }

    private static String write(
            KafkaProducer<byte[], byte[]> producer, String topic, byte[] key, byte[] value)
            throws ExecutionException, InterruptedException {
        RecordMetadata place = producer.send(new ProducerRecord<>(topic, key, value)).get();
        return place.topic() + "-" + place.partition() + "@" + place.offset();
    }

    /// Every topic that a part of a service reads.
    private static Set<String> inputTopics() {
        var topics = new TreeSet<String>();
        Stream.of(QuizTopology.build(), LeaderboardTopology.build())
                .flatMap(topology -> topology.describe().subtopologies().stream())
                .flatMap(part -> part.nodes().stream())
                .filter(TopologyDescription.Source.class::isInstance)
                .forEach(node -> topics.addAll(((TopologyDescription.Source) node).topicSet()));
        return topics;
    }

    private static Map<String, JsonNode> awaitLetters(TestCluster cluster, int atLeast)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var letters = new HashMap<String, JsonNode>();
        while (letters.size() < atLeast && System.nanoTime() < deadline) {
            for (var record : cluster.readAll("dead-letter")) {
                JsonNode letter = JSON.readTree(record.value());
                letters.put(
                        "%s-%d@%d"
                                .formatted(
                                        letter.path("topic").asText(),
                                        letter.path("partition").asInt(),
                                        letter.path("offset").asLong()),
                        letter);
            }
        }
        return letters;
    }

    /// A question is asked, answered and scored.
    private static void play(TestCluster cluster) throws Exception {
        long now = Instant.now().toEpochMilli();
        List<Question.Option> options =
                List.of(new Question.Option("a", "Yes"), new Question.Option("b", "No"));
        command(
                cluster,
                new QuestionCommand.Ask("m1", "q1", "Rain?", options, 10, now - 5_000, now, null));
        cluster.write(
                "answer",
                "asha",
                new String(Json.write(new Answer("m1", "q1", "a")), UTF_8),
                TrustedHeaders.RECEIVED_US,
                Long.toString((now - 1_000) * 1_000));
        command(cluster, new QuestionCommand.Resolve("m1", "q1", "a", now));
        cluster.flush();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (scoreOf(cluster, "asha") == null) {
            assertThat(System.nanoTime()).as("no score came").isLessThan(deadline);
        }
        assertThat(scoreOf(cluster, "asha")).isEqualTo(10);
    }

    private static @Nullable Integer scoreOf(TestCluster cluster, String player) throws Exception {
        for (var record : cluster.readAll("result")) {
            JsonNode result = JSON.readTree(record.value());
            if (player.equals(record.key()) && result.path("kind").asText().equals("score")) {
                return result.path("total").asInt();
            }
        }
        return null;
    }

    private static void command(TestCluster cluster, QuestionCommand command) {
        cluster.write("question-command", command.match(), new String(Json.write(command), UTF_8));
    }
}
