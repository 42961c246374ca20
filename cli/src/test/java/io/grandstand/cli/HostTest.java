package io.grandstand.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Topics;
import io.grandstand.quiz.QuizTopology;
import io.grandstand.streams.StreamsService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A host against a real broker and a running quiz, by HTTP and at the keyboard.
class HostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "correct horse battery";

    @Test
    void aHostRunsAQuestionFromItsScheduleToItsCorrection(@TempDir Path data) throws Exception {
        try (var broker = EmbeddedBroker.start(data.resolve("kafka"), 0, HostTest::unexpected)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            assertThat(TopicSetup.apply(kafka, Topics.all(), PATIENCE)).isEmpty();
            try (var quiz = quiz(kafka, data);
                    var book = new QuestionBook(kafka);
                    var figures = new AnswerFigures(kafka);
                    var writer = new RecordWriter(kafka);
                    var rulings = new Rulings(kafka)) {
                quiz.start();
                assertThat(quiz.awaitRunning(PATIENCE)).isTrue();
                var api =
                        new HostApi(
                                TOKEN,
                                book,
                                figures,
                                _ -> Optional.empty(),
                                writer::write,
                                QuestionIds::next,
                                InstantSource.system());

                assertThat(
                                post(
                                        api,
                                        "/host/ask",
                                        """
                                        {"match":"m","question":"q","prompt":"Rain?",
                                        "options":["Yes","No"],"windowMs":300,"opens":"scheduled"}
                                        """))
                        .isEqualTo(202);
                rulings.await(State.LOCKED);
                awaitIn(book, State.LOCKED, rulings);
                assertThat(
                                post(
                                        api,
                                        "/host/resolve",
                                        "{\"match\":\"m\",\"question\":\"q\",\"answer\":\"a\"}"))
                        .isEqualTo(202);
                rulings.await(State.RESOLVED);
                assertThat(question("correct", "--answer", "b", broker.bootstrapServers()))
                        .isZero();
                rulings.await(State.CORRECTED);
                assertThat(rulings.seen)
                        .extracting(Question::state)
                        .containsExactly(
                                State.SCHEDULED,
                                State.OPEN,
                                State.LOCKED,
                                State.RESOLVED,
                                State.CORRECTED);
                awaitIn(book, State.CORRECTED, rulings);
                try (var late = new QuestionBook(kafka)) {
                    assertThat(late.latestFirst(10)).containsExactly(rulings.seen.getLast());
                }
            }
        }
    }

    @Test
    void withoutAClusterTheCommandSaysSo() {
        assertThat(question("lock", "--question", "q", "127.0.0.1:1")).isEqualTo(1);
    }

    private static StreamsService quiz(Map<String, Object> kafka, Path data) {
        return new StreamsService(
                "quiz",
                QuizTopology.build(),
                kafka,
                data.resolve("state"),
                1,
                HostTest::unexpected);
    }

    private static int question(String what, String option, String value, String servers) {
        var said = new StringWriter();
        var arguments =
                new ArrayList<>(
                        List.of(
                                "question",
                                what,
                                "--bootstrap-servers",
                                servers,
                                "--match",
                                "m",
                                option,
                                value));
        if (!option.equals("--question")) {
            arguments.addAll(List.of("--question", "q"));
        }
        return Main.commandLine()
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments.toArray(String[]::new));
    }

    private static int post(HostApi api, String path, String body) {
        return api.handle(
                        "POST",
                        path,
                        Map.of("authorization", "Bearer " + TOKEN),
                        body.getBytes(UTF_8))
                .toCompletableFuture()
                .join()
                .status();
    }

    /// The book reads the same topic as the test does, on a thread of its own.
    private static void awaitIn(QuestionBook book, State state, Rulings rulings) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Question question = book.find("m", "q");
            if (question != null && question.state() == state) {
                return;
            }
            assertThat(System.nanoTime())
                    .describedAs("the book shows %s", state)
                    .isLessThan(deadline);
            rulings.poll(Duration.ofMillis(20));
        }
    }

    private static void unexpected(String sentence) {
        throw new AssertionError(sentence);
    }

    /// Every version of every question, as the scorers of the first partition see it.
    private static final class Rulings implements AutoCloseable {
        final List<Question> seen = new ArrayList<>();
        private final KafkaConsumer<byte[], byte[]> consumer;

        Rulings(Map<String, Object> kafka) {
            var config = new java.util.HashMap<>(kafka);
            config.put("isolation.level", "read_committed");
            consumer =
                    new KafkaConsumer<>(
                            config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            var partition = new TopicPartition(Topics.RULING.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }

        void await(State state) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen.stream().noneMatch(question -> question.state() == state)) {
                assertThat(System.nanoTime())
                        .describedAs("%s in %s", state, seen)
                        .isLessThan(deadline);
                poll(Duration.ofMillis(200));
            }
        }

        void poll(Duration time) {
            consumer.poll(time)
                    .forEach(record -> seen.add(Json.read(record.value(), Question.class)));
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
