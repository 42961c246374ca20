package io.grandstand.quiz;

import io.grandstand.events.Answer;
import io.grandstand.events.AnswerTimes;
import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.Points;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.Result;
import io.grandstand.events.Stats;
import io.grandstand.events.TallyPart;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.events.Votes;
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
import org.apache.kafka.streams.state.KeyValueStore;
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
    private final TestInputTopic<byte[], byte[]> tallyParts;
    private final TestOutputTopic<String, Question> questions;
    private final TestOutputTopic<String, Question> rulings;
    private final TestOutputTopic<String, Result> results;
    private final TestOutputTopic<String, Points> points;
    private final TestOutputTopic<String, DeadLetter> deadLetters;
    private final TestOutputTopic<String, Votes> votes;
    private final TestOutputTopic<String, AnswerTimes> answerTimes;
    private final TestOutputTopic<String, Stats> stats;

    QuizDriver(Path stateDir) {
        this(stateDir, QuizSettings.DEFAULT, 0);
    }

    /// @param now what the clock shows at the start, ms since the epoch
    QuizDriver(Path stateDir, QuizSettings settings, long now) {
        var config = new Properties();
        config.putAll(
                StreamsService.config(
                        "quiz", Map.of("bootstrap.servers", "unused:9092"), stateDir, 1));
        driver =
                new TopologyTestDriver(
                        QuizTopology.build(settings), config, Instant.ofEpochMilli(now));
        commands = in(Topics.QUESTION_COMMAND);
        answers = in(Topics.ANSWER);
        rulingsIn = in(Topics.RULING);
        tallyParts = in(Topics.TALLY_PART);
        questions = out(Topics.QUESTION);
        rulings = out(Topics.RULING);
        results = out(Topics.RESULT);
        points = out(Topics.POINTS);
        deadLetters = out(Topics.DEAD_LETTER);
        votes = out(Topics.VOTES);
        answerTimes = out(Topics.ANSWER_TIMES);
        stats = out(Topics.STATS);
    }

    void command(QuestionCommand command) {
        commandBytes(command.match(), Json.write(command));
    }

    /// A command whose producer's clock shows this.
    void command(QuestionCommand command, long timestamp) {
        commands.pipeInput(bytes(command.match()), Json.write(command), timestamp);
    }

    void commandBytes(@Nullable String key, byte @Nullable [] value) {
        commands.pipeInput(bytes(key), value, 1);
    }

    void ruling(Question question) {
        rulingsIn.pipeInput(null, Json.write(question), 1);
    }

    void tallyPart(TallyPart part) {
        tallyParts.pipeInput(bytes(part.match()), Json.write(part), 1);
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

    /// An answer of a viewer whose client claims to be so far behind.
    void answerBehind(
            String player,
            String match,
            String question,
            String option,
            long receivedAt,
            long delayMs) {
        byte[] receivedUs = bytes(String.valueOf(receivedAt * 1000));
        var headers = new RecordHeaders().add(TrustedHeaders.RECEIVED_US, receivedUs);
        answer(player, new Answer(match, question, option, delayMs), headers, APPENDED_AT);
    }

    void answer(String player, Answer answer, Headers headers, long timestamp) {
        answers.pipeInput(new TestRecord<>(bytes(player), Json.write(answer), headers, timestamp));
    }

    void answerBytes(@Nullable String key, byte @Nullable [] value) {
        answers.pipeInput(bytes(key), value, 1);
    }

    /// A record in the topic of answers that is none, appended at this time.
    void answerTopicReaches(long timestamp) {
        answers.pipeInput((byte[]) null, bytes("tick"), timestamp);
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

    List<Votes> votes() {
        return votes.readValuesToList();
    }

    List<AnswerTimes> answerTimes() {
        return answerTimes.readValuesToList();
    }

    /// The newest of each player since the last call.
    Map<String, Stats> stats() {
        return stats.readKeyValuesToMap();
    }

    /// Passes over what was published until now.
    void drain() {
        questions();
        rulings();
        results();
        points();
        deadLetters();
        votes();
        answerTimes();
        stats();
    }

    /// Entries of a store.
    <V> long count(String store) {
        KeyValueStore<String, V> entries = driver.getKeyValueStore(store);
        try (var all = entries.all()) {
            long count = 0;
            while (all.hasNext()) {
                all.next();
                count++;
            }
            return count;
        }
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
