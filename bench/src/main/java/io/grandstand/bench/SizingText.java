package io.grandstand.bench;

import io.grandstand.bench.SizingModel.Bound;
import io.grandstand.bench.SizingModel.Comparison;
import io.grandstand.bench.SizingModel.Sizing;
import java.util.List;
import java.util.Locale;

/// The sizing model's answers as text for the console.
public final class SizingText {
    /// How far a prediction may be off and still be of use.
    private static final double DIFFERENCE_MAX = 0.2;

    private SizingText() {}

    /// What an audience needs, and what that rests on.
    public static String sizing(Workload load, Sizing sizing, Coefficients coefficients) {
        var text = new StringBuilder();
        line(text, "%s players at once", Numbers.count(load.players()));
        line(text, "");
        line(
                text,
                "  gateways     %s nodes of %d cores, %s GB, %s Gbit/s; %s players each",
                Numbers.count(sizing.gateways().nodes()),
                load.node().cores(),
                Numbers.number(load.node().memoryGb()),
                Numbers.number(load.node().gigabitsPerSecond()),
                Numbers.count(sizing.gateways().playersPerNode()));
        line(text, "               a node holds, were there no other limit than");
        for (Bound bound : sizing.bounds()) {
            line(
                    text,
                    "                 %-38s %s players",
                    bound.name(),
                    bound.players() == Long.MAX_VALUE ? "any" : Numbers.count(bound.players()));
        }
        SizingModel.Traffic traffic = sizing.traffic();
        line(
                text,
                "  publishes    %s a second, %s in the busiest",
                Numbers.number(traffic.publishesPerSecond()),
                Numbers.number(traffic.peakPublishesPerSecond()));
        line(text, "  deliveries   %s a second", Numbers.number(traffic.deliveriesPerSecond()));
        line(
                text,
                "  network      in %s Gbit/s, at most %s; out %s Gbit/s, at most %s",
                gigabits(traffic.inBits()),
                gigabits(traffic.peakInBits()),
                gigabits(traffic.outBits()),
                gigabits(traffic.peakOutBits()));
        line(
                text,
                "  memory       %s resident in gateways, %s of sockets in their kernels",
                bytes(sizing.memory().gatewayRss()),
                bytes(sizing.memory().kernelSockets()));
        SizingModel.Kafka kafka = sizing.kafka();
        line(
                text,
                "  Kafka        %s partitions for each topic that is keyed by player",
                Numbers.count(kafka.partitions()));
        line(
                text,
                "               writes %s/s, in the busiest second %s (%d replicas); reads %s/s",
                bytes(kafka.writtenPerSecond()),
                bytes(kafka.peakWrittenPerSecond()),
                load.replication(),
                bytes(kafka.readPerSecond()));
        line(text, "               stores %s a day", bytes(kafka.storagePerDay()));
        line(
                text,
                "  cores        %s busy in gateways; for game services %s, for brokers %s",
                Numbers.number(sizing.cores().gatewaysUsed()),
                Numbers.number(sizing.cores().games()),
                Numbers.number(sizing.cores().brokers()));
        assumptions(text, load, coefficients);
        return text.toString();
    }

    private static void assumptions(StringBuilder text, Workload load, Coefficients coefficients) {
        line(text, "");
        line(text, "This assumes");
        line(
                text,
                "  a question every %s s, open for %s s; %s of the players answer, the busiest"
                        + " second %s times the mean",
                Numbers.number(load.roundSeconds()),
                Numbers.number(load.answerSeconds()),
                percent(load.answerShare()),
                Numbers.number(load.burst()));
        line(
                text,
                "  %s messages to everybody in a round; %s ask for their rank; played %s hours a"
                        + " day",
                Numbers.number(load.broadcasts()),
                percent(load.topShare()),
                Numbers.number(load.hoursPerDay()));
        line(
                text,
                "  players %s",
                load.placed()
                        ? "placed by shard: one gateway reads a partition of results"
                        : "placed at random: every gateway reads every partition of results");
        line(
                text,
                "  gateway cores %s busy over a round, %s in the busiest second; a wave out within"
                        + " %s s",
                percent(SizingModel.MEAN_BUSY),
                percent(SizingModel.PEAK_BUSY),
                Numbers.number(SizingModel.WAVE_SECONDS));
        line(
                text,
                "  %s of a node's memory used; %s of the gateways may be down",
                percent(SizingModel.MEMORY_USED),
                percent(SizingModel.SPARE));
        line(text, "  no TLS, no compression, no reconnect storm; cores like the measured ones:");
        for (Coefficient coefficient : Coefficient.values()) {
            line(
                    text,
                    "    %-24s %10s  %s",
                    coefficient.key(),
                    Numbers.number(coefficients.value(coefficient)),
                    coefficients.source(coefficient));
        }
        line(text, "docs/sizing.md explains the formulas and what they leave out.");
    }

    /// What is not measured yet.
    public static String missing(Coefficients coefficients) {
        var text = new StringBuilder();
        line(text, "The model lacks measurements, and does not guess:");
        for (Coefficient coefficient : coefficients.missing()) {
            line(text, "  %-24s %s", coefficient.key(), coefficients.source(coefficient));
        }
        return text.toString();
    }

    /// Predictions beside what a run measured.
    public static String comparisons(RunResult run, List<Comparison> comparisons) {
        var text = new StringBuilder();
        line(
                text,
                "%s of %s, commit %s: %s",
                run.scenario(),
                run.date(),
                run.commit(),
                run.command());
        line(text, "  %-48s %12s %12s %9s", "", "predicted", "measured", "off by");
        for (Comparison comparison : comparisons) {
            line(
                    text,
                    "  %-48s %12s %12s %+8.0f %%  %s",
                    comparison.figure(),
                    Numbers.number(comparison.predicted()),
                    Numbers.number(comparison.measured()),
                    100 * comparison.difference(),
                    Math.abs(comparison.difference()) <= DIFFERENCE_MAX
                            ? "within 20 %"
                            : "NOT within 20 %");
        }
        return text.toString();
    }

    private static String gigabits(double bits) {
        return Numbers.number(bits / 1e9);
    }

    private static String bytes(double bytes) {
        return Numbers.bytes(Math.round(bytes));
    }

    private static String percent(double share) {
        return Numbers.number(100 * share) + " %";
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
