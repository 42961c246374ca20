package io.grandstand.leaderboard;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Time that passed and processor time that this process used.
final class Measure {
    private final long startedNs = System.nanoTime();
    private final long cpuNs = cpuNs();

    double seconds() {
        return (System.nanoTime() - startedNs) / 1e9;
    }

    double cpuSeconds() {
        return (cpuNs() - cpuNs) / 1e9;
    }

    private static long cpuNs() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// Records a second, by the clock and by used processor time.
    Map<String, Object> rate(long records) {
        var rate = new LinkedHashMap<String, Object>();
        rate.put("records", records);
        rate.put("seconds", rounded(seconds()));
        rate.put("cpuSeconds", rounded(cpuSeconds()));
        rate.put("recordsPerSecond", Math.round(records / seconds()));
        rate.put("recordsPerCpuSecond", Math.round(records / cpuSeconds()));
        return rate;
    }

    static Map<String, Object> percentiles(double[] ms) {
        Arrays.sort(ms);
        var percentiles = new LinkedHashMap<String, Object>();
        percentiles.put("count", ms.length);
        percentiles.put("p50Ms", rounded(ms[ms.length / 2]));
        percentiles.put("p95Ms", rounded(ms[(int) (ms.length * 0.95)]));
        percentiles.put("p99Ms", rounded(ms[(int) (ms.length * 0.99)]));
        percentiles.put("maxMs", rounded(ms[ms.length - 1]));
        return percentiles;
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    static long megabytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(Measure::size).sum() >> 20;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException goneMeanwhile) {
            return 0;
        }
    }

    static void say(String format, Object... arguments) {
        System.err.printf(format + "%n", arguments);
    }
}
