package io.grandstand.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Results of runs that never were, for tests of what is made of results.
final class ExampleRuns {
    private static final double[] PERCENTILES = {
        0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 100
    };

    private ExampleRuns() {}

    /// Three servers, five windows each, one bar met and one missed.
    static RunResult fanout() {
        return run(
                "fanout",
                List.of(
                        server("gateway", 6.9, 1.8),
                        server("raw-plain", 6.0, 1.2),
                        server("netty in a day", 9.1, 4.4)),
                List.of(
                        new RunResult.Ratio(
                                "cpuUsPerDelivery",
                                "gateway",
                                "raw-plain",
                                List.of(1.14, 1.16, 1.15, 1.17, 1.13),
                                1.15)),
                List.of(
                        RunResult.Bar.of("CPU per delivery / raw-plain", 1.15, 1.25, 1.07),
                        RunResult.Bar.of("p99, ms", 21.4, 15, 8)),
                List.of());
    }

    static RunResult run(
            String scenario,
            List<RunResult.Server> servers,
            List<RunResult.Ratio> ratios,
            List<RunResult.Bar> bars,
            List<String> problems) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("clients", 5000);
        parameters.put("rate", 10);
        parameters.put("payloadBytes", 150);
        return new RunResult(
                scenario,
                parameters,
                "0123abc",
                "2026-01-02T03:04:05Z",
                "./grandstand bench " + scenario,
                new RunResult.Hardware(
                        "Example CPU @ 3 GHz", 2, 24_000_000_000L, "Linux 6.1.0", "25.0.1"),
                servers,
                ratios,
                bars,
                List.of("one process may open 20,000 files: 1 gateway process for 5,000 clients"),
                problems);
    }

    static RunResult dated(RunResult run, String date) {
        return changed(run, run.parameters(), date);
    }

    static RunResult with(RunResult run, Map<String, Object> parameters) {
        return changed(run, parameters, run.date());
    }

    private static RunResult changed(RunResult run, Map<String, Object> parameters, String date) {
        return new RunResult(
                run.scenario(),
                parameters,
                run.commit(),
                date,
                run.command(),
                run.hardware(),
                run.servers(),
                run.ratios(),
                run.bars(),
                run.limits(),
                run.problems());
    }

    /// A server one of whose clients missed a message.
    static RunResult.Server losing(String name) {
        RunResult.Server good = server(name, 5, 2);
        return new RunResult.Server(
                name,
                good.windows(),
                good.medians(),
                good.memory(),
                new RunResult.Checks(1, 0, 0, 0),
                good.percentiles(),
                good.timeline());
    }

    static RunResult.Server server(String name, double cpuUs, double p50) {
        var latency = new RunResult.Latency(p50, p50 * 2, p50 * 5, p50 * 9, p50 * 14);
        var windows = new ArrayList<RunResult.Window>();
        for (int i = 0; i < 5; i++) {
            double cpu = cpuUs * (1 + 0.02 * (i - 2));
            windows.add(
                    new RunResult.Window(
                            5,
                            cpu * 250_000 / 1e6,
                            50,
                            250_000,
                            cpu,
                            50_000,
                            latency,
                            null,
                            List.of(1.2, 0.8),
                            12_000,
                            Map.of("workers", 3.1)));
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        medians.put("cpuUsPerDelivery", cpuUs);
        medians.put("deliveriesPerSecond", 50_000.0);
        medians.put("p50Ms", latency.p50());
        medians.put("p99Ms", latency.p99());
        medians.put("maxMs", latency.max());
        var percentiles = new ArrayList<RunResult.Percentile>();
        for (double percentile : PERCENTILES) {
            double nines = Math.min(5, -Math.log10(Math.max(1e-9, 1 - percentile / 100)));
            percentiles.add(
                    new RunResult.Percentile(percentile, p50 * (0.3 + nines * (1 + nines / 2))));
        }
        List<RunResult.Slot> timeline =
                IntStream.range(0, 50)
                        .mapToObj(i ->
                                new RunResult.Slot(
                                        i / 10.0, 5_000 - i % 7 * 40L, p50 * (3 + (i * 37) % 11)))
                        .toList();
        return new RunResult.Server(
                name,
                windows,
                medians,
                new RunResult.Memory(
                        5_000,
                        90_000_000,
                        130_000_000,
                        120_000_000,
                        20_000_000,
                        31_000_000,
                        40_000_000),
                RunResult.Checks.CLEAN,
                percentiles,
                timeline);
    }
}
