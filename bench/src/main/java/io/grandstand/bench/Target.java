package io.grandstand.bench;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.bench.RunResult.Latency;
import io.grandstand.bench.RunResult.Memory;
import io.grandstand.bench.RunResult.Percentile;
import io.grandstand.bench.RunResult.Slot;
import io.grandstand.bench.RunResult.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/// One server under test, its clients, and what its windows found. Confined to the orchestrator's
/// thread.
final class Target {
    /// How long messages may take to arrive after the last one was sent.
    private static final Duration ARRIVE_MAX = Duration.ofSeconds(15);

    /// Time for the workers to learn of a window before it begins.
    private static final long BEGIN_NS = 20 * Schedule.TICK_NS;

    /// Points of the percentile curve for each halving of the distance to 100 %.
    private static final int CURVE_TICKS = 5;

    private static final double US_PER_MS = 1_000;
    private static final double NS_PER_SECOND = 1e9;

    private final Stage stage;
    private final Stage.Served served;
    private final Crowd crowd;
    private final long rssEmptyBytes;
    private final List<Window> windows = new ArrayList<>();
    private final Histogram latency = Counts.histogram();
    private List<Slot> timeline = List.of();
    private Checks checks = Checks.CLEAN;
    private List<WorkerEvent.Back> back = List.of();

    /// Messages so far, in all windows and before.
    private long sent;

    /// A server whose clients are connected.
    ///
    /// @param rssEmptyBytes its resident memory before that
    Target(Stage stage, Stage.Served served, Crowd crowd, long rssEmptyBytes) {
        this.stage = stage;
        this.served = served;
        this.crowd = crowd;
        this.rssEmptyBytes = rssEmptyBytes;
    }

    /// Sends the messages of one window; returns how many there were.
    interface Traffic {
        long send(Target target, long first, long startNs) throws InterruptedException;
    }

    String name() {
        return served.name();
    }

    Scenario.Kind kind() {
        return served.kind();
    }

    Crowd crowd() {
        return crowd;
    }

    /// Measures one window, from quiet to quiet.
    ///
    /// @param tellLowest whether the traffic waits for messages to be with everybody
    /// @param isKept false for a warm-up, of which only the checks count
    Window measure(Traffic traffic, boolean tellLowest, boolean isKept)
            throws InterruptedException {
        Map<String, Double> othersBefore = others();
        int pausesBefore = served.gcPauses().size();
        long kafkaBefore = stage.kafkaBytes(served);
        double cpuBefore = served.process().cpuSeconds();
        long startNs = System.nanoTime() + BEGIN_NS;
        crowd.begin(startNs, tellLowest);
        long messages = traffic.send(this, sent, startNs);
        sent += messages;
        Crowd.Ended ended = crowd.end(sent, ARRIVE_MAX);
        double cpuSeconds = served.process().cpuSeconds() - cpuBefore;
        Map<String, Double> othersAfter = others();
        othersAfter.replaceAll((name, seconds) -> seconds - othersBefore.getOrDefault(name, 0.0));
        List<Double> pauses = served.gcPauses();
        double seconds = Math.max(1, ended.lastNs() - startNs) / NS_PER_SECOND;
        checks = ended.checks();
        back = ended.back();
        var window =
                new Window(
                        seconds,
                        cpuSeconds,
                        messages,
                        ended.deliveries(),
                        cpuSeconds * 1e6 / Math.max(1, ended.deliveries()),
                        ended.deliveries() / seconds,
                        latency(ended.latency()),
                        latency(ended.acknowledged()),
                        pauses.subList(Math.min(pausesBefore, pauses.size()), pauses.size()),
                        stage.kafkaBytes(served) - kafkaBefore,
                        othersAfter);
        if (isKept) {
            windows.add(window);
            latency.add(ended.latency());
            timeline = timeline(ended.slots(), ended.slotMaxUs());
        }
        return window;
    }

    /// How clients came back in the last window, worker by worker; empty where none had to.
    List<WorkerEvent.Back> back() {
        return back;
    }

    RunResult.Server result() {
        if (!checks.areClean()) {
            stage.problem(
                    "%s: %d lost, %d doubled, %d reordered, %d unexpected closes"
                            .formatted(
                                    name(),
                                    checks.lost(),
                                    checks.doubled(),
                                    checks.reordered(),
                                    checks.unexpectedCloses()));
        }
        return new RunResult.Server(
                name(),
                windows,
                Figures.medians(windows.stream().map(Figures::of)),
                new Memory(
                        crowd.setup().clients(),
                        rssEmptyBytes,
                        Procfs.rssBytes(served.process().pid()),
                        0,
                        0,
                        0,
                        0),
                checks,
                curve(latency),
                timeline);
    }

    private Map<String, Double> others() {
        var others = new LinkedHashMap<String, Double>();
        if (kind().isGateway()) {
            stage.brokerProcess().ifPresent(broker -> others.put("broker", broker.cpuSeconds()));
        }
        others.put("clients", crowd.cpuSeconds());
        others.put("driver", Procfs.cpuSeconds(ProcessHandle.current().pid()));
        return others;
    }

    static @Nullable Latency latency(@Nullable Histogram histogram) {
        if (histogram == null || histogram.getTotalCount() == 0) {
            return null;
        }
        return new Latency(
                histogram.getValueAtPercentile(50) / US_PER_MS,
                histogram.getValueAtPercentile(90) / US_PER_MS,
                histogram.getValueAtPercentile(99) / US_PER_MS,
                histogram.getValueAtPercentile(99.9) / US_PER_MS,
                histogram.getMaxValue() / US_PER_MS);
    }

    static List<Percentile> curve(Histogram histogram) {
        var curve = new ArrayList<Percentile>();
        for (HistogramIterationValue value : histogram.percentiles(CURVE_TICKS)) {
            curve.add(
                    new Percentile(
                            value.getPercentileLevelIteratedTo(),
                            value.getValueIteratedTo() / US_PER_MS));
        }
        return curve;
    }

    /// The timeline from what was counted in each of its slots.
    static List<Slot> timeline(long[] deliveries, long[] maxUs) {
        var slots = new ArrayList<Slot>();
        for (int i = 0; i < deliveries.length; i++) {
            slots.add(
                    new Slot(
                            i * Counts.SLOT_NS / NS_PER_SECOND,
                            deliveries[i],
                            maxUs[i] / US_PER_MS));
        }
        return slots;
    }
}
