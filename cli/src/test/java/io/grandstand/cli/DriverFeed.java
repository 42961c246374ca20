package io.grandstand.cli;

import io.grandstand.events.Answer;
import io.grandstand.events.Json;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.Points;
import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.events.Waiting;
import io.grandstand.protocol.TrustedHeaders;
import io.grandstand.quiz.QuizTopology;
import io.grandstand.streams.StreamsService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/// A match's feed straight into the quiz, without a broker, on a clock that moves only when the
/// feed waits. Players answer each question on their own time, some too late.
final class DriverFeed implements MatchFeed, InstantSource, Waiting {
    /// A player's answer and when it comes.
    record Given(long at, String player, Answer answer) {}

    final List<QuestionCommand> commands = new ArrayList<>();
    final List<Given> answers = new ArrayList<>();

    private final String match;
    private final int players;
    private final SplittableRandom random;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> commandTopic;
    private final TestInputTopic<byte[], byte[]> answerTopic;
    private final PriorityQueue<Given> toCome =
            new PriorityQueue<>(Comparator.comparingLong(Given::at).thenComparing(Given::player));
    private final Map<String, Question.State> states = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    DriverFeed(String match, int players, long seed, Path stateDir) {
        this.match = match;
        this.players = players;
        this.random = new SplittableRandom(seed);
        var config = new Properties();
        config.putAll(
                StreamsService.config(
                        "quiz", Map.of("bootstrap.servers", "unused:9092"), stateDir, 1));
        driver = new TopologyTestDriver(QuizTopology.build(), config, now);
        commandTopic = in(Topics.QUESTION_COMMAND);
        answerTopic = in(Topics.ANSWER);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void until(Instant moment) {
        while (!toCome.isEmpty() && toCome.element().at() <= moment.toEpochMilli()) {
            give(toCome.remove());
        }
        now = moment.isAfter(now) ? moment : now;
    }

    @Override
    public String match() {
        return match;
    }

    @Override
    public void sendAll(List<Message<?>> messages) {
        for (Message<?> message : messages) {
            if (message.value() instanceof QuestionCommand command) {
                commands.add(command);
                commandTopic.pipeInput(Topic.key(match), Json.write(command), now.toEpochMilli());
                if (command instanceof Ask ask) {
                    plan(ask);
                }
            }
        }
        for (TestRecord<byte[], byte[]> record : out(Topics.QUESTION)) {
            Question question = Json.read(record.value(), Question.class);
            states.put(question.id(), question.state());
        }
    }

    @Override
    public boolean awaitState(String question, Question.State atLeast, Duration timeout) {
        Question.State state = states.get(question);
        if (state == null || state.compareTo(atLeast) < 0) {
            throw new AssertionError("%s is %s".formatted(question, state));
        }
        return true;
    }

    @Override
    public <V> List<V> history(Topic<V> topic) {
        return List.of();
    }

    @Override
    public void close() {
        driver.close();
    }

    /// The match is over: answers that are still under way come in.
    void finish() {
        until(now.plus(Duration.ofMinutes(1)));
    }

    /// The sum of each player's entries.
    Map<String, Long> points() {
        var points = new TreeMap<String, Long>();
        for (TestRecord<byte[], byte[]> record : out(Topics.POINTS)) {
            points.merge(
                    new String(record.key(), StandardCharsets.UTF_8),
                    (long) Json.read(record.value(), Points.class).delta(),
                    Long::sum);
        }
        return points;
    }

    int deadLetters() {
        return out(Topics.DEAD_LETTER).size();
    }

    /// Two in three players answer, up to two seconds after the deadline.
    private void plan(Ask ask) {
        for (int player = 0; player < players; player++) {
            if (random.nextInt(3) > 0) {
                Option option = ask.options().get(random.nextInt(ask.options().size()));
                long at = ask.opensAt() + random.nextLong(ask.locksAt() - ask.opensAt() + 2_000);
                toCome.add(
                        new Given(
                                at, "p" + player, new Answer(match, ask.question(), option.id())));
            }
        }
    }

    private void give(Given given) {
        answers.add(given);
        byte[] receivedUs = String.valueOf(given.at() * 1000).getBytes(StandardCharsets.UTF_8);
        answerTopic.pipeInput(
                new TestRecord<>(
                        Topic.key(given.player()),
                        Json.write(given.answer()),
                        new RecordHeaders().add(TrustedHeaders.RECEIVED_US, receivedUs),
                        given.at()));
    }

    private TestInputTopic<byte[], byte[]> in(Topic<?> topic) {
        return driver.createInputTopic(
                topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private List<TestRecord<byte[], byte[]>> out(Topic<?> topic) {
        return driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }
}
