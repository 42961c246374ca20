package io.grandstand.quiz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.events.Answer;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.protocol.TrustedHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Players who answer questions, some of them twice, too late or without sense, and what they earn
/// by it, worked out here in one thread.
final class Load implements AutoCloseable {
    private static final String MATCH = "bench";
    private static final List<String> OPTIONS = List.of("a", "b", "c");
    private static final long WINDOW_MS = 10_000;
    private static final int POINTS = 10;

    private final int players;
    private final SplittableRandom random;

    /// When the first question opened: an hour ago, as if the services had been away.
    private final long beganAt;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Integer> totals = new HashMap<>();
    private long sent;

    Load(Map<String, Object> kafka, int players, long seed, long now) {
        this.players = players;
        random = new SplittableRandom(seed);
        beganAt = now - 3_600_000;
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Asks and settles these questions; option a is right.
    void ask(int from, int to) {
        for (int question = from; question < to; question++) {
            long opensAt = opensAt(question);
            List<Question.Option> options =
                    OPTIONS.stream().map(id -> new Question.Option(id, id)).toList();
            command(
                    new QuestionCommand.Ask(
                            MATCH,
                            "q" + question,
                            "What next?",
                            options,
                            POINTS,
                            opensAt,
                            opensAt + WINDOW_MS,
                            null));
            command(
                    new QuestionCommand.Resolve(
                            MATCH, "q" + question, "a", opensAt + WINDOW_MS + 1));
        }
        producer.flush();
    }

    /// Every player answers these questions: 20 % twice, 10 % too late, 5 % one that does not
    /// exist.
    void answer(int from, int to) {
        for (int question = from; question < to; question++) {
            for (int player = 0; player < players; player++) {
                boolean counts = answer(player, question, false);
                if (random.nextInt(100) < 20) {
                    var _ = answer(player, question, counts);
                }
            }
        }
        producer.flush();
    }

    private boolean answer(int player, int question, boolean hasAnswered) {
        String option = OPTIONS.get(random.nextInt(OPTIONS.size()));
        int kind = random.nextInt(100);
        boolean isLate = kind < 10;
        boolean isUnknown = kind >= 95;
        long at = opensAt(question) + (isLate ? WINDOW_MS + 1 : random.nextLong(WINDOW_MS));
        var answer = new Answer(MATCH, (isUnknown ? "x" : "q") + question, option);
        var record =
                new ProducerRecord<>(
                        Topics.ANSWER.name(), Topic.key(name(player)), Json.write(answer));
        record.headers().add(TrustedHeaders.RECEIVED_US, Long.toString(at * 1_000).getBytes(UTF_8));
        var _ = producer.send(record);
        sent++;
        boolean counts = !isLate && !isUnknown;
        if (counts && !hasAnswered) {
            totals.merge(name(player), option.equals("a") ? POINTS : 0, Integer::sum);
        }
        return hasAnswered || counts;
    }

    /// How many answers were sent.
    long sent() {
        return sent;
    }

    /// What each player must have.
    Map<String, Integer> totals() {
        return totals;
    }

    @Override
    public void close() {
        producer.close();
    }

    private void command(QuestionCommand command) {
        var _ =
                producer.send(
                        new ProducerRecord<>(
                                Topics.QUESTION_COMMAND.name(),
                                Topic.key(command.match()),
                                Json.write(command)));
    }

    private long opensAt(int question) {
        return beganAt + question * 20_000L;
    }

    private static String name(int player) {
        return "player-" + player;
    }
}
