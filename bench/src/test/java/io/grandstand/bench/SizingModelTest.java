package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.grandstand.bench.Coefficients.Measured;
import io.grandstand.bench.SizingModel.Bound;
import io.grandstand.bench.SizingModel.Comparison;
import io.grandstand.bench.SizingModel.Sizing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/// All figures here are made up, so that the arithmetic can be followed by head.
class SizingModelTest {
    private static final Map<Coefficient, Double> MADE_UP =
            new EnumMap<>(
                    Map.ofEntries(
                            Map.entry(Coefficient.BROADCAST_CPU_US, 4.0),
                            Map.entry(Coefficient.PRIVATE_CPU_US, 10.0),
                            Map.entry(Coefficient.PUBLISH_CPU_US, 20.0),
                            Map.entry(Coefficient.CONNECTION_RSS_BYTES, 5_000.0),
                            Map.entry(Coefficient.GATEWAY_RSS_BYTES, 1e9),
                            Map.entry(Coefficient.CONNECTION_KERNEL_BYTES, 5_000.0),
                            Map.entry(Coefficient.ANSWER_GAMES_CPU_US, 100.0),
                            Map.entry(Coefficient.ANSWER_BROKER_CPU_US, 50.0),
                            Map.entry(Coefficient.ANSWER_WRITTEN_BYTES, 1_000.0),
                            Map.entry(Coefficient.ANSWER_GAMES_READ_BYTES, 600.0),
                            Map.entry(Coefficient.ANSWER_RESULT_BYTES, 400.0),
                            Map.entry(Coefficient.BROADCAST_WIRE_BYTES, 500.0),
                            Map.entry(Coefficient.PRIVATE_WIRE_BYTES, 300.0),
                            Map.entry(Coefficient.PUBLISH_WIRE_BYTES, 250.0)));

    /// A million players; in 20 s each gets 5 messages with all others and answers once.
    private static final Workload MILLION = load(1_000_000, true);

    private final SizingModel model = new SizingModel(coefficients(MADE_UP));

    @Test
    void eachBoundIsItsResourceDividedByWhatAPlayerTakesOfIt() {
        // 10 cores, 17 GB with 70 % of them used, 10 Gbit/s.
        assertThat(model.size(MILLION).bounds())
                .containsExactlyInAnyOrder(
                        // 10 s of 20 × 10 cores; 5 × 4 + 2 × 10 + 1 × 20 µs in a round
                        new Bound("CPU over a round", 1_666_666),
                        // 8 cores; a fifth of the players answers, at 30 µs
                        new Bound("CPU in the busiest second of answers", 1_333_333),
                        // 8 cores; a score for 10 µs costs more than a message to all
                        new Bound("CPU of a wave", 800_000),
                        // 1 GB; a message to all is larger than a score
                        new Bound("network in a wave", 2_000_000),
                        // 11.9 GB less 1 GB; 10 KB each
                        new Bound("memory", 1_090_000));
    }

    @Test
    void theTightestBoundDecidesAndATenthMayBeDown() {
        Sizing sizing = model.size(load(8_000_000, true));
        assertThat(sizing.bounds().getFirst().name()).isEqualTo("CPU of a wave");
        // Ten would do.
        assertThat(sizing.gateways()).isEqualTo(new SizingModel.Gateways(12, 666_667));
    }

    @Test
    void trafficMemoryAndKafkaFollowFromTheRounds() {
        Sizing sizing = model.size(MILLION);
        assertThat(sizing.gateways().nodes()).isEqualTo(3);
        assertThat(sizing.traffic())
                .isEqualTo(
                        new SizingModel.Traffic(50_000, 200_000, 350_000, 1e8, 4e8, 1.24e9, 4e9));
        assertThat(sizing.memory()).isEqualTo(new SizingModel.Memory(8e9, 5e9));
        // 200,000 answers in the busiest second at 100 µs need 25 cores, each with a partition.
        assertThat(sizing.kafka())
                .isEqualTo(new SizingModel.Kafka(25, 1.5e8, 6e8, 5e7, 1.5e8 * 4 * 3600));
        assertThat(sizing.cores().gatewaysUsed()).isCloseTo(3, within(1e-9));
        assertThat(sizing.cores().games()).isCloseTo(25, within(1e-9));
        assertThat(sizing.cores().brokers()).isCloseTo(37.5, within(1e-9));
    }

    @Test
    void withoutPlacementEveryGatewayReadsEveryResult() {
        Sizing placed = model.size(load(8_000_000, true));
        Sizing random = model.size(load(8_000_000, false));
        assertThat(placed.kafka().readPerSecond()).isEqualTo(400_000.0 * (600 + 400));
        assertThat(random.kafka().readPerSecond()).isEqualTo(400_000.0 * (600 + 12 * 400));
    }

    @Property
    void moreAudienceNeverNeedsLess(
            @ForAll @LongRange(min = 1, max = 100_000_000) long players,
            @ForAll @LongRange(min = 0, max = 100_000_000) long more) {
        Sizing small = model.size(load(players, true));
        Sizing large = model.size(load(players + more, true));
        assertThat(large.gateways().nodes()).isGreaterThanOrEqualTo(small.gateways().nodes());
        assertThat(large.kafka().partitions()).isGreaterThanOrEqualTo(small.kafka().partitions());
    }

    @Property
    void noNodeIsAskedForMoreThanItsTightestBound(
            @ForAll @LongRange(min = 1, max = 100_000_000) long players,
            @ForAll @DoubleRange(min = 0.1, max = 10) double dearer) {
        var figures = new EnumMap<>(MADE_UP);
        figures.replaceAll((_, value) -> value * dearer);
        Sizing sizing = new SizingModel(coefficients(figures)).size(load(players, true));
        assertThat(sizing.gateways().playersPerNode())
                .isLessThanOrEqualTo(Math.max(1, sizing.bounds().getFirst().players()));
    }

    @Test
    void aRunOfTheGameIsPredictedFromItsOwnParameters() {
        // 15,000 players at 60 µs in a window of 5 s, a quarter of a round: 0.225 s.
        RunResult run =
                ExampleRuns.with(
                        ExampleRuns.run(
                                "game",
                                List.of(ExampleRuns.server("gateway", 1, 2)),
                                List.of(),
                                List.of(),
                                List.of()),
                        Map.of("players", 15_000, "round-seconds", 20, "answer-share", 1.0));
        List<Comparison> comparisons = model.compare(run, MILLION);
        assertThat(comparisons)
                .extracting(Comparison::figure)
                .containsExactly(
                        "gateway CPU seconds in a window",
                        "bytes the gateway reads from Kafka in a window",
                        "resident bytes of the gateway");
        assertThat(comparisons.getFirst().predicted()).isCloseTo(0.225, within(1e-9));
        assertThat(comparisons.getFirst().measured()).isEqualTo(0.25);
        assertThat(comparisons.getFirst().difference()).isCloseTo(-0.1, within(1e-9));
        assertThat(comparisons.get(1).predicted()).isCloseTo(15_000 / 4.0 * 400, within(1e-6));
        assertThat(comparisons.get(2).predicted()).isEqualTo(1e9 + 5_000 * 5_000.0);
        assertThat(SizingText.comparisons(run, comparisons))
                .contains("-10 %  within 20 %", "NOT within 20 %");
    }

    @Test
    void aRunToEverybodyIsPredictedFromItsDeliveries() {
        RunResult run = ExampleRuns.with(ExampleRuns.fanout(), Map.of("spread", "everyone"));
        Comparison cpu = model.compare(run, MILLION).getFirst();
        assertThat(cpu.predicted()).isEqualTo(250_000 * 4 / 1e6);
        assertThat(cpu.measured()).isEqualTo(6.9 * 250_000 / 1e6);
    }

    @Test
    void aRunThatTheModelKnowsNothingOfIsRefused() {
        assertThatThrownBy(() -> model.compare(ExampleRuns.fanout(), MILLION))
                .isInstanceOf(BenchException.class)
                .hasMessage("the model predicts no run like fanout");
    }

    @Test
    void theTextHasTheAnswerAndWhatItRestsOn() {
        assertThat(SizingText.sizing(MILLION, model.size(MILLION), model.coefficients()))
                .startsWith("1,000,000 players at once\n")
                .contains(
                        "gateways     3 nodes of 10 cores, 17 GB, 10 Gbit/s; 333,334 players each")
                .contains("a question every 20 s, open for 10 s; 100 % of the players answer")
                .contains("broadcast-cpu-us", "made up for BROADCAST_CPU_US");
    }

    @Test
    void whatIsNotMeasuredIsNamedAndNotGuessed() {
        var figures = new EnumMap<>(MADE_UP);
        figures.remove(Coefficient.ANSWER_BROKER_CPU_US);
        Coefficients incomplete = coefficients(figures);
        assertThat(SizingText.missing(incomplete))
                .contains("answer-broker-cpu-us", "made up for ANSWER_BROKER_CPU_US")
                .doesNotContain("private-cpu-us");
        assertThatThrownBy(() -> new SizingModel(incomplete))
                .hasMessage("not measured yet: [answer-broker-cpu-us]");
    }

    @Test
    void theCommittedFileHasEveryCoefficientWithItsSource() throws Exception {
        Coefficients committed = Coefficients.committed();
        assertThat(Coefficient.values())
                .allSatisfy(coefficient -> assertThat(committed.source(coefficient)).isNotBlank());
    }

    @Test
    void aFileWithAnUnknownKeyOrWithoutOneIsRefused() throws Exception {
        String all =
                Arrays.stream(Coefficient.values())
                        .map(c -> c.key() + ": {value: 1, source: here}\n")
                        .reduce("", String::concat);
        assertThat(read(all).missing()).isEmpty();
        assertThatThrownBy(() -> read(all + "speed: {value: 1, source: here}"))
                .hasMessage("sizing.yaml has unknown keys: [speed]");
        assertThatThrownBy(() -> read(all.replace("private-cpu-us", "private-cpu")))
                .hasMessage("sizing.yaml lacks private-cpu-us");
        assertThatThrownBy(() -> read(all.replace("value: 1", "value: -1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("value is -1.0: must be 0 or more");
    }

    @Test
    void aWorkloadThatCannotBeIsRefused() {
        assertThatThrownBy(() -> load(0, true)).hasMessage("players is 0: must be 1 or more");
        assertThatThrownBy(() -> new Workload.Node(0, 1, 1))
                .hasMessage("node-cores is 0: must be 1 or more");
    }

    private static Workload load(long players, boolean placed) {
        return new Workload(
                players, 20, 10, 1, 0, 5, 2, 4, placed, 3, new Workload.Node(10, 17, 10));
    }

    private static Coefficients coefficients(Map<Coefficient, Double> figures) {
        var all = new EnumMap<Coefficient, Measured>(Coefficient.class);
        for (Coefficient coefficient : Coefficient.values()) {
            all.put(
                    coefficient,
                    new Measured(figures.get(coefficient), "made up for " + coefficient));
        }
        return new Coefficients(all);
    }

    private static Coefficients read(String yaml) throws IOException {
        return Coefficients.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }
}
