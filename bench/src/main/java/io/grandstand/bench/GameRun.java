package io.grandstand.bench;

import io.grandstand.bench.GameCounts.Kind;
import io.grandstand.bench.RunResult.Checks;
import io.grandstand.bench.RunResult.Latency;
import io.grandstand.bench.RunResult.Memory;
import io.grandstand.bench.RunResult.Slot;
import io.grandstand.bench.RunResult.Window;
import io.grandstand.events.Json;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Runs a `Game`: a host asks, locks and resolves by schedule, and every player plays along. A
/// window is a round.
final class GameRun {
    /// How long messages may take to arrive after the last round.
    private static final Duration ARRIVE_MAX = Duration.ofSeconds(30);

    /// Time for the workers to learn of the plan before the first round.
    private static final long BEGIN_NS = 3_000_000_000L;

    private static final long NS_PER_MS = 1_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final String CPU = "cpuUsPerPlayerRound";

    private final Stage stage;
    private final Scenario.Game scenario;
    private final List<Stage.Served> gateways = new ArrayList<>();
    private final List<Window> windows = new ArrayList<>();
    private final Histogram latency = Counts.histogram();
    private final Map<Kind, Histogram> kinds = new EnumMap<>(Kind.class);

    /// What Kafka takes and gives for an answer, by round.
    private final List<Map<String, Double>> answerBytes = new ArrayList<>();

    private List<Slot> timeline = List.of();

    GameRun(Stage stage, Scenario.Game scenario) {
        this.stage = stage;
        this.scenario = scenario;
    }

    List<RunResult.Server> run() throws InterruptedException {
        ChildProcess games = stage.games(scenario.partitions());
        for (int i = 1; i <= scenario.gateways(); i++) {
            gateways.add(
                    stage.gameGateway(
                            scenario.gateways() == 1 ? "gateway" : "gateway-" + i,
                            scenario.gatewayHeapMb()));
        }
        long rssEmptyBytes = rssBytes();
        String match = stage.newMatch();
        PlayerCrowd players =
                stage.connect(
                        new PlayerCrowd.Setup(
                                scenario.players(),
                                gateways.stream().map(gateway -> gateway.server().port()).toList(),
                                stage.gamesPartitions(),
                                scenario.format() == Scenario.Format.PROTOBUF,
                                match,
                                Stage.SECRET));
        int rounds = scenario.warmupRounds() + scenario.rounds();
        var plan =
                new GamePlan(
                        match,
                        scenario.seed(),
                        System.nanoTime() + BEGIN_NS,
                        rounds,
                        scenario.roundSeconds(),
                        scenario.answerSeconds(),
                        scenario.answerShare(),
                        scenario.topShare());
        players.play(plan);
        PlayerCrowd.Ended ended;
        var samples = new ArrayList<Sample>();
        try (var host = new Host(stage, plan);
                var traffic = new BrokerTraffic(stage.broker().process())) {
            Thread hosting = Thread.ofVirtual().name("host").start(host);
            for (int round = 0; round < rounds; round++) {
                await(plan.askNs(round) - GameGroup.ROUND_END_NS);
                samples.add(sample(games, players, traffic));
                if (round > 0) {
                    keep(round - 1, samples, players.round(round - 1));
                }
            }
            await(plan.askNs(rounds) - GameGroup.ROUND_END_NS);
            hosting.join();
            ended = players.end(ARRIVE_MAX);
            samples.add(sample(games, players, traffic));
            keep(rounds - 1, samples, players.round(rounds - 1));
        }
        tellProblems(ended);
        var memory = new Memory(scenario.players(), rssEmptyBytes, rssBytes(), 0, 0, 0, 0);
        return List.of(
                new RunResult.Server(
                        Scenario.Kind.GATEWAY.label(),
                        windows,
                        medians(ended),
                        memory,
                        ended.checks(),
                        Target.curve(latency),
                        timeline));
    }

    /// What processes have used so far.
    private record Sample(
            long atNs,
            double cpuSeconds,
            Map<String, Double> others,
            long kafkaBytes,
            long writtenBytes,
            long readBytes,
            List<Integer> pauses) {}

    private Sample sample(ChildProcess games, PlayerCrowd players, BrokerTraffic traffic)
            throws InterruptedException {
        var others = new LinkedHashMap<String, Double>();
        stage.brokerProcess().ifPresent(broker -> others.put("broker", broker.cpuSeconds()));
        others.put("games", games.cpuSeconds());
        others.put("clients", players.cpuSeconds());
        others.put("driver", Procfs.cpuSeconds(ProcessHandle.current().pid()));
        double cpuSeconds =
                gateways.stream().mapToDouble(gateway -> gateway.process().cpuSeconds()).sum();
        long kafkaBytes = 0;
        for (Stage.Served gateway : gateways) {
            kafkaBytes += stage.kafkaBytes(gateway);
        }
        List<Integer> pauses = gateways.stream().map(gateway -> gateway.gcPauses().size()).toList();
        return new Sample(
                System.nanoTime(),
                cpuSeconds,
                others,
                kafkaBytes,
                traffic.bytesIn(),
                traffic.bytesOut(),
                pauses);
    }

    /// Keeps what a round was, but for one to warm up.
    private void keep(int round, List<Sample> samples, PlayerCrowd.Round counted) {
        if (round < scenario.warmupRounds()) {
            stage.say("  warmed up by round %d", round + 1);
            return;
        }
        Sample before = samples.get(round);
        Sample after = samples.get(round + 1);
        double seconds = (after.atNs() - before.atNs()) / NS_PER_SECOND;
        double cpuSeconds = after.cpuSeconds() - before.cpuSeconds();
        var others = new LinkedHashMap<>(after.others());
        others.replaceAll((name, used) -> used - before.others().getOrDefault(name, 0.0));
        var window =
                new Window(
                        seconds,
                        cpuSeconds,
                        GamePlan.VERSIONS + counted.published(),
                        counted.deliveries(),
                        cpuSeconds * 1e6 / Math.max(1, counted.deliveries()),
                        counted.deliveries() / seconds,
                        Target.latency(counted.latency()),
                        Target.latency(counted.acknowledged()),
                        pauses(before, after),
                        after.kafkaBytes() - before.kafkaBytes(),
                        others);
        windows.add(window);
        double answers = Math.max(1, scenario.players() * scenario.answerShare());
        answerBytes.add(
                Map.of(
                        "writtenBytesPerAnswer",
                        (after.writtenBytes() - before.writtenBytes()) / answers,
                        // What the gateways do not read, the game's services do.
                        "games.readBytesPerAnswer",
                        (after.readBytes() - before.readBytes() - window.kafkaBytes()) / answers,
                        "gateway.readBytesPerAnswer",
                        window.kafkaBytes() / answers));
        latency.add(counted.latency());
        counted.kinds()
                .forEach((kind, histogram) ->
                        kinds.computeIfAbsent(kind, _ -> Counts.histogram()).add(histogram));
        timeline = Target.timeline(counted.slots(), counted.slotMaxUs());
        stage.say(
                "  round %d of %d  %.2f µs/player-round  %s",
                windows.size(),
                scenario.rounds(),
                perPlayer(cpuSeconds),
                Text.window(Scenario.Kind.GATEWAY.label(), window));
    }

    private List<Double> pauses(Sample before, Sample after) {
        var pauses = new ArrayList<Double>();
        for (int i = 0; i < gateways.size(); i++) {
            List<Double> all = gateways.get(i).gcPauses();
            int to = Math.min(after.pauses().get(i), all.size());
            pauses.addAll(all.subList(Math.min(before.pauses().get(i), to), to));
        }
        return pauses;
    }

    private Map<String, Double> medians(PlayerCrowd.Ended ended) {
        var medians = new LinkedHashMap<String, Double>();
        medians.put(CPU, median(window -> perPlayer(window.cpuSeconds())));
        for (String name : windows.getFirst().otherCpuSeconds().keySet()) {
            medians.put(
                    name + "." + CPU,
                    median(window -> perPlayer(window.otherCpuSeconds().getOrDefault(name, 0.0))));
        }
        medians.put(
                "kafkaBytesPerDelivery",
                median(window -> (double) window.kafkaBytes() / Math.max(1, window.deliveries())));
        medians.putAll(Figures.medians(answerBytes.stream()));
        medians.put("earlyReceipts", (double) ended.early());
        medians.put("leaderboardsBehind", (double) ended.behind());
        medians.put("leaderboardsPutOff", (double) ended.putOff());
        medians.putAll(Figures.medians(windows.stream().map(Figures::of)));
        kinds.forEach((kind, histogram) -> {
            Latency found = Target.latency(histogram);
            if (found != null) {
                String name = kind.name().toLowerCase(Locale.ROOT);
                medians.put(name + ".p50Ms", found.p50());
                medians.put(name + ".p90Ms", found.p90());
                medians.put(name + ".p99Ms", found.p99());
                medians.put(name + ".p999Ms", found.p999());
                medians.put(name + ".maxMs", found.max());
            }
        });
        return medians;
    }

    private double median(ToDoubleFunction<Window> figure) {
        return Figures.median(windows.stream().mapToDouble(figure).boxed().toList());
    }

    private double perPlayer(double cpuSeconds) {
        return cpuSeconds * 1e6 / scenario.players();
    }

    private void tellProblems(PlayerCrowd.Ended ended) {
        Checks checks = ended.checks();
        if (!checks.areClean() || ended.wrong() > 0) {
            stage.problem(
                    "%d lost, %d doubled, %d reordered, %d wrong, %d unexpected closes"
                            .formatted(
                                    checks.lost(),
                                    checks.doubled(),
                                    checks.reordered(),
                                    ended.wrong(),
                                    checks.unexpectedCloses()));
            ended.examples().forEach(stage::problem);
        }
    }

    private long rssBytes() {
        return gateways.stream()
                .mapToLong(gateway -> Procfs.rssBytes(gateway.process().pid()))
                .sum();
    }

    private static void await(long dueNs) {
        while (System.nanoTime() < dueNs) {
            LockSupport.parkNanos(dueNs - System.nanoTime());
        }
    }

    /// Asks, locks and resolves at the times of the plan, whatever else goes on.
    private static final class Host implements Runnable, AutoCloseable {
        private final Stage stage;
        private final GamePlan plan;
        private final KafkaProducer<byte[], byte[]> producer;

        Host(Stage stage, GamePlan plan) throws InterruptedException {
            this.stage = stage;
            this.plan = plan;
            this.producer =
                    new KafkaProducer<>(
                            Map.of(
                                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                    stage.broker().bootstrapServers(),
                                    ProducerConfig.ACKS_CONFIG,
                                    "all"),
                            new ByteArraySerializer(),
                            new ByteArraySerializer());
            // Now, so that the first question does not wait for it.
            producer.partitionsFor(Topics.QUESTION_COMMAND.name());
        }

        @Override
        public void run() {
            for (int round = 0; round < plan.rounds(); round++) {
                String question = GamePlan.question(round);
                await(plan.askNs(round));
                long opensAt = System.currentTimeMillis();
                long openMs = (plan.lockNs(round) - plan.askNs(round)) / NS_PER_MS;
                say(
                        new QuestionCommand.Ask(
                                plan.match(),
                                question,
                                "What happens on the next ball?",
                                GamePlan.options(),
                                GamePlan.POINTS,
                                opensAt,
                                opensAt + openMs,
                                null));
                await(plan.lockNs(round));
                say(new QuestionCommand.Lock(plan.match(), question, System.currentTimeMillis()));
                await(plan.resolveNs(round));
                say(
                        new QuestionCommand.Resolve(
                                plan.match(),
                                question,
                                plan.right(round),
                                System.currentTimeMillis()));
            }
        }

        // What becomes of a record is told to the callback.
        @SuppressWarnings("FutureReturnValueIgnored")
        private void say(QuestionCommand command) {
            var record =
                    new ProducerRecord<>(
                            Topics.QUESTION_COMMAND.name(),
                            Topic.key(plan.match()),
                            Json.write(command));
            producer.send(
                    record,
                    (_, failure) -> {
                        if (failure != null) {
                            stage.problem("a command of the host is not written: " + failure);
                        }
                    });
        }

        @Override
        public void close() {
            producer.close(Duration.ofSeconds(5));
        }
    }
}
