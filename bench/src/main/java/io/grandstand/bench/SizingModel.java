package io.grandstand.bench;

import static io.grandstand.bench.Coefficient.*;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// How much an audience needs, computed from what was measured for one message, one connection and
/// one answer. `docs/sizing.md` has the formulas in words, and what they leave out.
///
/// @param coefficients none of them missing
public record SizingModel(Coefficients coefficients) {
    /// How much of a node's cores may be busy over a round, so that what comes unevenly finds room.
    static final double MEAN_BUSY = 0.5;

    /// How much of cores and network may be busy in the busiest second.
    static final double PEAK_BUSY = 0.8;

    /// How much of a node's memory may be used.
    static final double MEMORY_USED = 0.7;

    /// How long the largest wave of a round may take: a question to everybody, or the scores.
    static final double WAVE_SECONDS = 1;

    /// The share of the gateways that may be down at the peak.
    static final double SPARE = 0.1;

    /// Partitions a gateway, where players are placed by partition: enough to be even.
    static final int PARTITIONS_PER_GATEWAY = 4;

    private static final double US = 1e6;

    public SizingModel {
        if (!coefficients.missing().isEmpty()) {
            throw new IllegalArgumentException(
                    "not measured yet: "
                            + coefficients.missing().stream().map(Coefficient::key).toList());
        }
    }

    /// What an audience needs.
    ///
    /// @param bounds what limits the players of a gateway, the tightest first
    public record Sizing(
            Gateways gateways,
            List<Bound> bounds,
            Traffic traffic,
            Memory memory,
            Kafka kafka,
            Cores cores) {
        public Sizing {
            bounds = List.copyOf(bounds);
        }
    }

    /// How many gateways, and how full.
    ///
    /// @param nodes with those that may be down
    /// @param playersPerNode while none is down
    public record Gateways(long nodes, long playersPerNode) {}

    /// How many players a gateway could hold if nothing else limited it.
    public record Bound(String name, long players) {}

    /// Of all gateways together.
    ///
    /// @param peakOutBits a second, in the largest wave
    public record Traffic(
            double publishesPerSecond,
            double peakPublishesPerSecond,
            double deliveriesPerSecond,
            double inBits,
            double peakInBits,
            double outBits,
            double peakOutBits) {}

    /// Of all gateways together, bytes.
    public record Memory(double gatewayRss, double kernelSockets) {}

    /// What the brokers have to carry.
    ///
    /// @param partitions of each topic that is keyed by player
    /// @param writtenPerSecond bytes the brokers write together at the mean, all replicas
    /// @param readPerSecond bytes the brokers send to gateways and services at the mean
    /// @param storagePerDay bytes on all disks together, before retention deletes any
    public record Kafka(
            long partitions,
            double writtenPerSecond,
            double peakWrittenPerSecond,
            double readPerSecond,
            double storagePerDay) {}

    /// Processor cores, so that the mean keeps to [#MEAN_BUSY] and the peak to [#PEAK_BUSY].
    public record Cores(double gatewaysUsed, double games, double brokers) {}

    /// What a run would need by the model and what it took.
    ///
    /// @param difference of prediction to measurement, 0.1 for a tenth too much
    public record Comparison(String figure, double predicted, double measured, double difference) {
        static Comparison of(String figure, double predicted, double measured) {
            return new Comparison(figure, predicted, measured, predicted / measured - 1);
        }
    }

    public Sizing size(Workload load) {
        List<Bound> bounds = bounds(load);
        long playersAtMost = Math.max(1, bounds.getFirst().players());
        long needed = Math.ceilDiv(load.players(), playersAtMost);
        long nodes = (long) Math.ceil(needed / (1 - SPARE));
        return new Sizing(
                new Gateways(nodes, Math.ceilDiv(load.players(), nodes)),
                bounds,
                traffic(load),
                new Memory(
                        nodes * value(GATEWAY_RSS_BYTES)
                                + load.players() * value(CONNECTION_RSS_BYTES),
                        load.players() * value(CONNECTION_KERNEL_BYTES)),
                kafka(load, nodes),
                cores(load));
    }

    /// Holds the model against a measured run: what it would have predicted for it.
    ///
    /// A run of the game says in its parameters what `fallback` says otherwise; of the others, only
    /// those whose messages all go to everybody, or each to one client, can be predicted.
    ///
    /// @throws BenchException if the run is of another kind, or measured no gateway
    public List<Comparison> compare(RunResult run, Workload fallback) {
        RunResult.Server gateway =
                run.servers().stream()
                        .filter(server -> server.name().equals("gateway"))
                        .filter(server -> !server.windows().isEmpty())
                        .findFirst()
                        .orElseThrow(
                                () -> new BenchException(run.scenario() + " measured no gateway"));
        var comparisons = new ArrayList<Comparison>();
        if (run.parameters().containsKey("players")) {
            Workload load = fallback.of(run);
            double rounds = median(gateway, RunResult.Window::seconds) / load.roundSeconds();
            double answers = rounds * load.players() * load.answerShare();
            comparisons.add(
                    Comparison.of(
                            "gateway CPU seconds in a window",
                            rounds * load.players() * gatewayUsPerPlayerRound(load) / US,
                            median(gateway, RunResult.Window::cpuSeconds)));
            comparisons.add(
                    Comparison.of(
                            "bytes the gateway reads from Kafka in a window",
                            answers * value(ANSWER_RESULT_BYTES),
                            median(gateway, window -> (double) window.kafkaBytes())));
            comparisons.add(
                    Comparison.of(
                            "CPU seconds of the game services in a window",
                            answers * value(ANSWER_GAMES_CPU_US) / US,
                            median(
                                    gateway,
                                    window ->
                                            window.otherCpuSeconds().getOrDefault("games", 0.0))));
        } else {
            double perDelivery =
                    switch (String.valueOf(run.parameters().get("spread"))) {
                        case "everyone" -> value(BROADCAST_CPU_US);
                        case "round-robin" -> value(PRIVATE_CPU_US);
                        default ->
                                throw new BenchException(
                                        "the model predicts no run like %s"
                                                .formatted(run.scenario()));
                    };
            comparisons.add(
                    Comparison.of(
                            "gateway CPU seconds in a window",
                            median(gateway, window -> (double) window.deliveries())
                                    * perDelivery
                                    / US,
                            median(gateway, RunResult.Window::cpuSeconds)));
        }
        comparisons.add(
                Comparison.of(
                        "resident bytes of the gateway",
                        value(GATEWAY_RSS_BYTES)
                                + gateway.memory().connections() * value(CONNECTION_RSS_BYTES),
                        (double) gateway.memory().rssBytes()));
        // What the run did not measure is no comparison.
        return comparisons.stream().filter(comparison -> comparison.measured() > 0).toList();
    }

    private static double median(
            RunResult.Server server, Function<RunResult.Window, Double> figure) {
        return Figures.median(server.windows().stream().map(figure).toList());
    }

    /// Gateway CPU of one player in one round.
    double gatewayUsPerPlayerRound(Workload load) {
        return load.broadcasts() * value(BROADCAST_CPU_US)
                + load.privates() * value(PRIVATE_CPU_US)
                + load.publishes() * value(PUBLISH_CPU_US);
    }

    private List<Bound> bounds(Workload load) {
        double coresUs = load.node().cores() * US;
        double answersPerSecond = load.answerShare() / load.answerSeconds() * load.burst();
        double wireBytes = load.node().gigabitsPerSecond() * 1e9 / 8;
        var bounds =
                List.of(
                        bound(
                                "CPU over a round",
                                coresUs * MEAN_BUSY * load.roundSeconds(),
                                gatewayUsPerPlayerRound(load)),
                        bound(
                                "CPU in the busiest second of answers",
                                coresUs * PEAK_BUSY,
                                answersPerSecond * (value(PUBLISH_CPU_US) + value(PRIVATE_CPU_US))),
                        bound(
                                "CPU of a wave",
                                coresUs * PEAK_BUSY * WAVE_SECONDS,
                                wave(load, BROADCAST_CPU_US, PRIVATE_CPU_US)),
                        bound(
                                "network in a wave",
                                wireBytes * PEAK_BUSY * WAVE_SECONDS,
                                wave(load, BROADCAST_WIRE_BYTES, PRIVATE_WIRE_BYTES)),
                        bound(
                                "memory",
                                load.node().memoryGb() * 1e9 * MEMORY_USED
                                        - value(GATEWAY_RSS_BYTES),
                                value(CONNECTION_RSS_BYTES) + value(CONNECTION_KERNEL_BYTES)));
        return bounds.stream().sorted(Comparator.comparingLong(Bound::players)).toList();
    }

    /// What the larger of a round's waves costs for each player: a message to all, or the scores.
    private double wave(Workload load, Coefficient broadcast, Coefficient one) {
        return Math.max(
                load.broadcasts() > 0 ? value(broadcast) : 0, load.answerShare() * value(one));
    }

    private static Bound bound(String name, double available, double perPlayer) {
        return new Bound(
                name, perPlayer > 0 ? (long) Math.max(0, available / perPlayer) : Long.MAX_VALUE);
    }

    private Traffic traffic(Workload load) {
        double publishes = load.perSecond(load.publishes());
        double peakPublishes = load.peakAnswersPerSecond() + load.perSecond(load.topShare());
        double outBytes =
                load.perSecond(load.broadcasts()) * value(BROADCAST_WIRE_BYTES)
                        + load.perSecond(load.privates()) * value(PRIVATE_WIRE_BYTES);
        return new Traffic(
                publishes,
                peakPublishes,
                load.perSecond(load.broadcasts() + load.privates()),
                8 * publishes * value(PUBLISH_WIRE_BYTES),
                8 * peakPublishes * value(PUBLISH_WIRE_BYTES),
                8 * outBytes,
                8
                        * load.players()
                        * wave(load, BROADCAST_WIRE_BYTES, PRIVATE_WIRE_BYTES)
                        / WAVE_SECONDS);
    }

    private Kafka kafka(Workload load, long gateways) {
        double answers = load.perSecond(load.answerShare());
        double written = answers * value(ANSWER_WRITTEN_BYTES) * load.replication();
        double readers = load.placed() ? 1 : gateways;
        double read =
                answers * (value(ANSWER_GAMES_READ_BYTES) + readers * value(ANSWER_RESULT_BYTES));
        // A partition is served by one thread of the services, which is one core at most.
        long forServices = (long) Math.ceil(gamesCores(load));
        long forPlacement = load.placed() ? PARTITIONS_PER_GATEWAY * gateways : 1;
        return new Kafka(
                Math.max(1, Math.max(forServices, forPlacement)),
                written,
                load.peakAnswersPerSecond() * value(ANSWER_WRITTEN_BYTES) * load.replication(),
                read,
                written * load.hoursPerDay() * 3600);
    }

    private Cores cores(Workload load) {
        return new Cores(
                load.perSecond(gatewayUsPerPlayerRound(load)) / US,
                gamesCores(load),
                load.peakAnswersPerSecond()
                        * value(ANSWER_BROKER_CPU_US)
                        * load.replication()
                        / US
                        / PEAK_BUSY);
    }

    private double gamesCores(Workload load) {
        return load.peakAnswersPerSecond() * value(ANSWER_GAMES_CPU_US) / US / PEAK_BUSY;
    }

    private double value(Coefficient coefficient) {
        return coefficients.value(coefficient);
    }
}
