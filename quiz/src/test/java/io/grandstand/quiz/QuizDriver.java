package io.grandstand.quiz;

import io.grandstand.events.Answer;
import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.Points;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.Result;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.protocol.TrustedHeaders;
import io.grandstand.streams.StreamsService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// The quiz on one partition of everything, in the configuration that it runs with.
final class QuizDriver implements AutoCloseable {
    /// The timestamp that answers have where a test does not say.
    static final long APPENDED_AT = 999_999_999;

    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> commands;
    private final TestInputTopic<byte[], byte[]> answers;
    private final TestInputTopic<byte[], byte[]> rulingsIn;
    private final TestOutputTopic<String, Question> questions;
    private final TestOutputTopic<String, Question> rulings;
    private final TestOutputTopic<String, Result> results;
    private final TestOutputTopic<String, Points> points;
    private final TestOutputTopic<String, DeadLetter> deadLetters;

    QuizDriver(Path stateDir) {
        var config = new Properties();
        config.putAll(
                StreamsService.config(
                        "quiz", Map.of("bootstrap.servers", "unused:9092"), stateDir, 1));
        driver = new TopologyTestDriver(QuizTopology.build(), config, Instant.ofEpochMilli(0));
        commands = in(Topics.QUESTION_COMMAND);
        answers = in(Topics.ANSWER);
        rulingsIn = in(Topics.RULING);
        questions = out(Topics.QUESTION);
        rulings = out(Topics.RULING);
        results = out(Topics.RESULT);
        points = out(Topics.POINTS);
        deadLetters = out(Topics.DEAD_LETTER);
    }

    void command(QuestionCommand command) {
        commandBytes(command.match(), Json.write(command));
    }

    void commandBytes(@Nullable String key, byte @Nullable [] value) {
        commands.pipeInput(bytes(key), value, 1);
    }

    void ruling(Question question) {
        rulingsIn.pipeInput(null, Json.write(question), 1);
    }

    /// An answer to a question of the sample match that the gateway received at this time.
    void answer(String player, String question, String option, long receivedAt) {
        answer(player, Samples.MATCH, question, option, receivedAt);
    }

    void answer(String player, String match, String question, String option, long receivedAt) {
        byte[] receivedUs = bytes(String.valueOf(receivedAt * 1000));
        var headers = new RecordHeaders().add(TrustedHeaders.RECEIVED_US, receivedUs);
        answer(player, new Answer(match, question, option), headers, APPENDED_AT);
    }

    void answer(String player, Answer answer, Headers headers, long timestamp) {
        answers.pipeInput(new TestRecord<>(bytes(player), Json.write(answer), headers, timestamp));
    }

    void answerBytes(@Nullable String key, byte @Nullable [] value) {
        answers.pipeInput(bytes(key), value, 1);
    }

    void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    List<Question> questions() {
        return questions.readValuesToList();
    }

    List<TestRecord<String, Question>> rulings() {
        return rulings.readRecordsToList();
    }

    List<TestRecord<String, Result>> results() {
        return results.readRecordsToList();
    }

    List<TestRecord<String, Points>> points() {
        return points.readRecordsToList();
    }

    List<TestRecord<String, DeadLetter>> deadLetters() {
        return deadLetters.readRecordsToList();
    }

    @Override
    public void close() {
        driver.close();
    }

    private TestInputTopic<byte[], byte[]> in(Topic<?> topic) {
        return driver.createInputTopic(
                topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private <V> TestOutputTopic<String, V> out(Topic<V> topic) {
        return driver.createOutputTopic(
                topic.name(), new StringDeserializer(), topic.serde().deserializer());
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
