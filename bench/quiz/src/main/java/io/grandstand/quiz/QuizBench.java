package io.grandstand.quiz;

import com.sun.management.OperatingSystemMXBean;
import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.Json;
import io.grandstand.events.Points;
import io.grandstand.events.Topics;
import io.grandstand.streams.StreamsOptions;
import io.grandstand.streams.StreamsService;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Answers a second through the whole quiz, exactly once, on a broker in the same process, against
/// a bare loop on the same answers; and every player's points against a count in one thread.
///
/// DOMAIN 1.1: 10,000 bots, 20 % send twice, 10 % late, 5 % unknown ids.
public final class QuizBench {
    private static final String SERVICE = "bench-quiz";
    private static final long SEED = 7;
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final int players;
    private final int questions;
    private final int warmUp;
    private final Path folder;

    private QuizBench(int players, int questions, Path folder) {
        this.players = players;
        this.questions = questions;
        this.warmUp = Math.max(1, questions / 4);
        this.folder = folder;
    }

    /// Arguments: players, questions, folder. Prints one JSON object.
    public static void main(String[] arguments) throws Exception {
        var bench =
                new QuizBench(
                        Integer.parseInt(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Path.of(arguments[2]));
        System.out.println(new String(Json.write(bench.run()), StandardCharsets.UTF_8));
        System.exit(0);
    }

    private Map<String, Object> run() throws Exception {
        var results = new LinkedHashMap<String, Object>();
        results.put("players", players);
        results.put("questions", questions);
        results.put("seed", SEED);
        results.put("partitions", Topics.ANSWER.partitions());
        results.put("threads", 1);
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(folder.resolve("kafka"), 0, QuizBench::say)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            TopicSetup.apply(kafka, Topics.all(), PATIENCE);
            long now = InstantSource.system().millis();
            try (Admin admin = Admin.create(kafka);
                    var load = new Load(kafka, players, SEED, now)) {
                admin.createTopics(
                                List.of(
                                        new NewTopic(
                                                BareLoop.TOPIC,
                                                Topics.ANSWER.partitions(),
                                                (short) 1)))
                        .all()
                        .get();
                load.ask(0, warmUp + questions);
                load.answer(0, warmUp);
                Map<TopicPartition, Long> beginning = new HashMap<>();
                BareLoop.partitions().forEach(partition -> beginning.put(partition, 0L));
                Map<TopicPartition, Long> warm = ends(kafka);
                say("warming up on " + load.sent() + " answers");
                BareLoop.run(kafka, false, beginning, warm);
                BareLoop.run(kafka, true, beginning, warm);
                try (StreamsService quiz = service(kafka)) {
                    awaitPosition(admin, quiz, warm);
                }
                long before = load.sent();
                load.answer(warmUp, warmUp + questions);
                long answers = load.sent() - before;
                Map<TopicPartition, Long> all = ends(kafka);
                say("measuring on " + answers + " answers");
                results.put("answers", answers);
                var bareClock = new Measure();
                BareLoop.run(kafka, false, warm, all);
                Rate bare = bareClock.rate(answers);
                var transactionalClock = new Measure();
                BareLoop.run(kafka, true, warm, all);
                Rate transactional = transactionalClock.rate(answers);
                Rate whole;
                try (StreamsService quiz = service(kafka)) {
                    // Partitions are assigned and stores opened before the clock starts.
                    long begun = awaitMore(admin, quiz, warm);
                    var measure = new Measure();
                    awaitPosition(admin, quiz, all);
                    whole = measure.rate(answers - begun);
                }
                results.put("bareLoop", bare.rounded());
                results.put("bareLoopWithTransactions", transactional.rounded());
                results.put("quiz", whole.rounded());
                results.put(
                        "quizToBareLoop", QuizBench.rounded(whole.perSecond() / bare.perSecond()));
                results.put(
                        "quizToBareLoopWithTransactions",
                        QuizBench.rounded(whole.perSecond() / transactional.perSecond()));
                results.put("playersWithWrongTotals", wrongTotals(kafka, load.totals()));
            }
        }
        return results;
    }

    private StreamsService service(Map<String, Object> kafka) {
        var quiz =
                new StreamsService(
                        SERVICE,
                        QuizTopology.build(),
                        kafka,
                        folder.resolve("state"),
                        StreamsOptions.of(1),
                        QuizBench::say);
        quiz.start();
        return quiz;
    }

    /// How many answers were processed when the first of them were.
    private static long awaitMore(Admin admin, StreamsService quiz, Map<TopicPartition, Long> than)
            throws Exception {
        long before = than.values().stream().mapToLong(Long::longValue).sum();
        long now = before;
        while (now <= before) {
            now = position(admin, quiz);
        }
        return now - before;
    }

    private static void awaitPosition(
            Admin admin, StreamsService quiz, Map<TopicPartition, Long> ends) throws Exception {
        long end = ends.values().stream().mapToLong(Long::longValue).sum();
        while (position(admin, quiz) < end) {
            Thread.sleep(50);
        }
    }

    private static long position(Admin admin, StreamsService quiz) throws Exception {
        if (!quiz.state().isRunningOrRebalancing()) {
            throw new IllegalStateException("the quiz has stopped");
        }
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(SERVICE).partitionsToOffsetAndMetadata().get();
        return BareLoop.partitions().stream()
                .mapToLong(partition ->
                        Optional.ofNullable(committed.get(partition))
                                .map(OffsetAndMetadata::offset)
                                .orElse(0L))
                .sum();
    }

    private static Map<TopicPartition, Long> ends(Map<String, Object> kafka) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            return Map.copyOf(consumer.endOffsets(BareLoop.partitions()));
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// How many players' entries do not add up to what they must have.
    private static long wrongTotals(Map<String, Object> kafka, Map<String, Integer> expected) {
        var totals = new HashMap<String, Integer>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> partitions =
                    BareLoop.partitions().stream()
                            .map(each -> new TopicPartition(Topics.POINTS.name(), each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    totals.merge(
                            new String(record.key(), StandardCharsets.UTF_8),
                            Json.read(record.value(), Points.class).delta(),
                            Integer::sum);
                }
            }
        }
        long wrong =
                expected.entrySet().stream()
                        .filter(each -> !each.getValue().equals(totals.get(each.getKey())))
                        .count();
        return wrong + totals.keySet().stream().filter(each -> !expected.containsKey(each)).count();
    }

    /// Time that passed and processor time that this process used, the broker's included.
    private static final class Measure {
        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final long startedNs = System.nanoTime();
        private final long startedCpuNs = system.getProcessCpuTime();

        Rate rate(long answers) {
            return new Rate(
                    answers,
                    (System.nanoTime() - startedNs) / 1e9,
                    (system.getProcessCpuTime() - startedCpuNs) / 1e9);
        }
    }

    private record Rate(long answers, double seconds, double cpuSeconds) {
        double perSecond() {
            return answers / seconds;
        }

        Map<String, Object> rounded() {
            var rate = new LinkedHashMap<String, Object>();
            rate.put("answers", answers);
            rate.put("seconds", QuizBench.rounded(seconds));
            rate.put("cpuSeconds", QuizBench.rounded(cpuSeconds));
            rate.put("answersPerSecond", Math.round(perSecond()));
            rate.put("answersPerCpuSecond", Math.round(answers / cpuSeconds));
            return rate;
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static void say(String line) {
        System.err.println(line);
    }
}
