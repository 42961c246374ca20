package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.grandstand.bench.RunResult.Bar;
import io.grandstand.bench.RunResult.Checks;
import io.grandstand.bench.RunResult.Latency;
import io.grandstand.bench.RunResult.Memory;
import io.grandstand.bench.RunResult.Server;
import io.grandstand.bench.RunResult.Window;
import io.grandstand.bench.Scenario.Goal;
import io.grandstand.bench.Scenario.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {
    @TempDir private Path folder;

    @Test
    void theMedianIsTheMiddle() {
        assertThat(Figures.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
        assertThat(Figures.median(List.of(9.0, 1.0, 5.0, 6.0))).isEqualTo(5.5);
    }

    /// A machine that was slow for one turn was slow for both: the ratio of each turn counts.
    @Test
    void aRatioIsTakenTurnByTurn() {
        Server gateway = server("gateway", 2, 40, 3);
        Server raw = server("raw-plain", 1, 10, 2);
        var ratio = Figures.ratio("cpuUsPerDelivery", gateway, raw).orElseThrow();
        assertThat(ratio.pairs()).containsExactly(2.0, 4.0, 1.5);
        assertThat(ratio.median()).isEqualTo(2);
    }

    @Test
    void everyServerIsComparedToEachRawOne() {
        List<Server> servers =
                List.of(server("gateway", 2), server("raw-plain", 1), server("netty", 3));
        assertThat(Figures.ratios(servers))
                .extracting(ratio -> ratio.server() + " to " + ratio.to() + " " + ratio.median())
                .containsExactly("gateway to raw-plain 2.0", "netty to raw-plain 3.0");
    }

    @Test
    void aGoalIsMetAtItsBar() {
        List<Goal> goals =
                List.of(
                        new Goal("cpuUsPerDelivery", Kind.GATEWAY, "raw-plain", 2, 1.5),
                        new Goal("p99Ms", Kind.GATEWAY, "", 2.9, 1),
                        new Goal("p99Ms", Kind.NETTY, "", 1, 1));
        List<Bar> bars = Figures.bars(goals, List.of(server("gateway", 2), server("raw-plain", 1)));
        assertThat(bars)
                .extracting(Bar::name, Bar::value, Bar::met, Bar::aimMet)
                .containsExactly(
                        tuple("cpuUsPerDelivery of gateway to raw-plain", 2.0, true, false),
                        tuple("p99Ms of gateway", 3.0, false, false));
    }

    /// What several workers saw is what one would have seen.
    @Test
    void histogramsOfSeveralWorkersMergeIntoOne() {
        var random = new SplittableRandom(7);
        Histogram whole = Counts.histogram();
        List<Counts> workers = IntStream.range(0, 3).mapToObj(_ -> new Counts(0)).toList();
        for (int i = 0; i < 10_000; i++) {
            long us = 1 + (long) Math.exp(random.nextDouble() * 16);
            whole.recordValue(us);
            workers.get(i % 3).delivered(0, us * 1_000);
        }
        Crowd.Ended merged =
                Crowd.merge(
                        workers.stream()
                                .map(counts ->
                                        Lines.read(Lines.write(ended(counts)), WorkerEvent.class))
                                .map(WorkerEvent.Ended.class::cast)
                                .toList());
        assertThat(merged.deliveries()).isEqualTo(10_000);
        assertThat(merged.latency()).isEqualTo(whole);
        assertThat(merged.checks()).isEqualTo(new Checks(3, 6, 9, 0));
        assertThat(Arrays.stream(merged.slots()).sum()).isEqualTo(10_000);
        assertThat(Arrays.stream(merged.slotMaxUs()).max().orElseThrow())
                .isEqualTo(
                        workers.stream()
                                .flatMap(counts -> counts.slotMaxUs().stream())
                                .mapToLong(Long::longValue)
                                .max()
                                .orElseThrow());
    }

    @Test
    void aResultsFileHoldsTheResult() throws Exception {
        var result =
                new RunResult(
                        "fanout",
                        Map.of("clients", 5),
                        "abc",
                        "2026-01-01T00:00:00Z",
                        "./grandstand bench fanout",
                        Procfs.hardware(),
                        List.of(server("gateway", 1.5, 2.5)),
                        List.of(),
                        List.of(Bar.of("a", 1, 2, 0.5)),
                        List.of("a limit"),
                        List.of());
        Path file = folder.resolve("fanout.json");
        result.write(file);
        assertThat(RunResult.read(file)).isEqualTo(result);
        assertThat(RunResult.read(file).servers().getFirst().median("cpuUsPerDelivery"))
                .isEqualTo(2, within(1e-9));
    }

    private static WorkerEvent.Ended ended(Counts counts) {
        return new WorkerEvent.Ended(
                "g",
                counts.deliveries(),
                counts.lastNs(),
                counts.latency(),
                null,
                new Checks(1, 2, 3, 0),
                counts.slots(),
                counts.slotMaxUs(),
                null);
    }

    private static Server server(String name, double... cpuUs) {
        List<Window> windows =
                Arrays.stream(cpuUs)
                        .mapToObj(us ->
                                new Window(
                                        1,
                                        us / 1e6,
                                        1,
                                        1,
                                        us,
                                        1,
                                        new Latency(1, 2, 3, 4, 5),
                                        null,
                                        List.of(),
                                        0,
                                        Map.of()))
                        .toList();
        return new Server(
                name,
                windows,
                Figures.medians(windows.stream().map(Figures::of)),
                new Memory(1, 0, 0, 0, 0, 0, 0),
                Checks.CLEAN,
                List.of(),
                List.of());
    }
}
