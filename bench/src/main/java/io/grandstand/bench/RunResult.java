package io.grandstand.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one run of a scenario found: what `bench/results/*.json` holds.
///
/// Times are milliseconds, sizes bytes, processor times seconds, unless a name says otherwise.
///
/// @param scenario the scenario's name
/// @param parameters the scenario's own settings, as its file spells them
/// @param commit the commit that ran, with `+` after it where files were changed; empty where
///   unknown
/// @param date when it began, ISO 8601
/// @param command what repeats it
/// @param servers what was measured, each in its own windows
/// @param ratios one server's figures to another's, window by window
/// @param bars what the figures are held against
/// @param limits the limits of the machine that the run met or had to heed, as sentences
/// @param problems why the run failed, as sentences; empty for a good run
public record RunResult(
        String scenario,
        Map<String, Object> parameters,
        String commit,
        String date,
        String command,
        Hardware hardware,
        List<Server> servers,
        List<Ratio> ratios,
        List<Bar> bars,
        List<String> limits,
        List<String> problems) {

    static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).findAndRegisterModules();

    public RunResult {
        servers = List.copyOf(servers);
        ratios = List.copyOf(ratios);
        bars = List.copyOf(bars);
        limits = List.copyOf(limits);
        problems = List.copyOf(problems);
    }

    /// The machine.
    public record Hardware(String cpu, int cores, long memoryBytes, String kernel, String jdk) {}

    /// One server under test.
    ///
    /// @param windows in the order they were measured
    /// @param medians the median of each figure over the windows, by the figure's name
    /// @param checks what was wrong with the messages; all 0 in a good run
    /// @param percentiles latency at rising percentiles over all windows: the HDR histogram's curve
    /// @param timeline the last window, slot by slot
    public record Server(
            String name,
            List<Window> windows,
            Map<String, Double> medians,
            Memory memory,
            Checks checks,
            List<Percentile> percentiles,
            List<Slot> timeline) {
        public Server {
            windows = List.copyOf(windows);
            percentiles = List.copyOf(percentiles);
            timeline = List.copyOf(timeline);
        }

        /// The median of a figure of the windows.
        ///
        /// @throws IllegalArgumentException if there is no such figure
        public double median(String figure) {
            Double median = medians.get(figure);
            if (median == null) {
                throw new IllegalArgumentException("%s has no figure %s".formatted(name, figure));
            }
            return median;
        }
    }

    /// One stretch of measurement, from quiet to quiet: everything sent in it was delivered in it.
    ///
    /// @param seconds from the first message's intended time to the last delivery
    /// @param cpuSeconds user and system time of the server's process
    /// @param latency from the intended time of sending; null where nothing was delivered
    /// @param acknowledged from the intended time to the answer of a publish; null where clients
    ///   did not publish
    /// @param gcPauses the server's pauses for garbage collection, milliseconds each
    /// @param kafkaBytes record bytes that the server read from Kafka
    /// @param otherCpuSeconds of the other processes, by name
    public record Window(
            double seconds,
            double cpuSeconds,
            long messages,
            long deliveries,
            double cpuUsPerDelivery,
            double deliveriesPerSecond,
            @Nullable Latency latency,
            @Nullable Latency acknowledged,
            List<Double> gcPauses,
            long kafkaBytes,
            Map<String, Double> otherCpuSeconds) {
        public Window {
            gcPauses = List.copyOf(gcPauses);
            otherCpuSeconds = Map.copyOf(otherCpuSeconds);
        }
    }

    /// Percentiles of a latency in milliseconds.
    public record Latency(double p50, double p90, double p99, double p999, double max) {}

    /// Memory of a server with all of its clients connected. Where few clients are connected before
    /// the others, to load code, "empty" is with those.
    ///
    /// @param rssEmptyBytes resident, when it was empty
    /// @param rssBytes resident, after the last window
    /// @param rssCollectedBytes resident after a full collection; 0 where it was not measured
    /// @param heapBytes live heap after a collection; 0 where it was not measured
    /// @param heapEmptyBytes the same when it was empty; 0 where it was not measured
    /// @param kernelBytes what TCP sockets take in the kernel, both ends; 0 where not measured
    public record Memory(
            long connections,
            long rssEmptyBytes,
            long rssBytes,
            long rssCollectedBytes,
            long heapEmptyBytes,
            long heapBytes,
            long kernelBytes) {}

    /// What was wrong with the messages of all clients together.
    ///
    /// @param lost never came
    /// @param doubled came again
    /// @param reordered came after a later one
    /// @param unexpectedCloses connections that ended on their own
    public record Checks(long lost, long doubled, long reordered, long unexpectedCloses) {
        static final Checks CLEAN = new Checks(0, 0, 0, 0);

        /// Whether nothing was wrong.
        public boolean areClean() {
            return equals(CLEAN);
        }

        Checks plus(Checks other) {
            return new Checks(
                    lost + other.lost,
                    doubled + other.doubled,
                    reordered + other.reordered,
                    unexpectedCloses + other.unexpectedCloses);
        }
    }

    /// A point of the percentile curve.
    ///
    /// @param percentile 0 to 100
    public record Percentile(double percentile, double ms) {}

    /// A slot of the timeline.
    ///
    /// @param seconds since the window's begin
    /// @param maxMs the highest latency of the deliveries in it; 0 without deliveries
    public record Slot(double seconds, long deliveries, double maxMs) {}

    /// One server's figure divided by another's.
    ///
    /// @param figure what is compared, such as `cpuUsPerDelivery`
    /// @param pairs the ratio in each pair of neighbouring windows
    /// @param median of the pairs
    public record Ratio(
            String figure, String server, String to, List<Double> pairs, double median) {
        public Ratio {
            pairs = List.copyOf(pairs);
        }
    }

    /// A figure and what it is held against; lower is better.
    ///
    /// @param met whether the value is at or below the bar
    /// @param aimMet whether it is at or below the aim
    public record Bar(
            String name, double value, double bar, double aim, boolean met, boolean aimMet) {
        static Bar of(String name, double value, double bar, double aim) {
            return new Bar(name, value, bar, aim, value <= bar, value <= aim);
        }
    }

    /// Reads a result's file.
    public static RunResult read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), RunResult.class);
    }

    void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }
}
