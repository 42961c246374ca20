package io.grandstand.bench;

import io.grandstand.bench.RunResult.Bar;
import io.grandstand.bench.RunResult.Latency;
import io.grandstand.bench.RunResult.Ratio;
import io.grandstand.bench.RunResult.Server;
import io.grandstand.bench.RunResult.Window;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A run's figures as lines for the console.
final class Text {
    private static final Set<String> IN_TABLE =
            Set.of(
                    Figures.CPU,
                    "deliveriesPerSecond",
                    "p50Ms",
                    "p90Ms",
                    "p99Ms",
                    "p999Ms",
                    "maxMs");

    private Text() {}

    /// One window on one line.
    static String window(String server, Window window) {
        return "%-20s %8.2f µs/delivery %,11.0f/s  %s"
                .formatted(
                        server,
                        window.cpuUsPerDelivery(),
                        window.deliveriesPerSecond(),
                        latency(window.latency()));
    }

    /// What a connection takes, on one line.
    static String memory(RunResult.Memory memory) {
        Map<String, Double> figures = Figures.of(memory);
        return "RSS %,.0f B a connection, %,.0f B after a collection; heap %,.0f B; kernel %,.0f B (both ends)"
                .formatted(
                        figures.get("rssBytesPerConnection"),
                        figures.get("rssCollectedBytesPerConnection"),
                        figures.get("heapBytesPerConnection"),
                        figures.get("kernelBytesPerConnection"));
    }

    /// What came out, in a table.
    static String summary(RunResult result) {
        var text = new StringBuilder();
        text.append(
                "%n%s (medians of the windows; latency in ms from the intended time)%n"
                        .formatted(result.scenario()));
        text.append(
                "  %-20s %12s %12s %8s %8s %8s %8s %8s  %s%n"
                        .formatted(
                                "server",
                                "µs/delivery",
                                "deliveries/s",
                                "p50",
                                "p90",
                                "p99",
                                "p99.9",
                                "max",
                                "lost doubled reordered"));
        for (Server server : result.servers()) {
            Map<String, Double> medians = server.medians();
            text.append(
                    "  %-20s %12s %12s %8s %8s %8s %8s %8s  %d %d %d%n"
                            .formatted(
                                    server.name(),
                                    number(medians.get(Figures.CPU)),
                                    number(medians.get("deliveriesPerSecond")),
                                    number(medians.get("p50Ms")),
                                    number(medians.get("p90Ms")),
                                    number(medians.get("p99Ms")),
                                    number(medians.get("p999Ms")),
                                    number(medians.get("maxMs")),
                                    server.checks().lost(),
                                    server.checks().doubled(),
                                    server.checks().reordered()));
        }
        for (Server server : result.servers()) {
            server.medians().entrySet().stream()
                    .filter(figure -> !IN_TABLE.contains(figure.getKey()))
                    .forEach(figure ->
                            text.append(
                                    "  %s: %s %s%n"
                                            .formatted(
                                                    server.name(),
                                                    figure.getKey(),
                                                    number(figure.getValue()))));
        }
        for (Ratio ratio : result.ratios()) {
            text.append(
                    "  %s: %s is %.2f times %s%n"
                            .formatted(ratio.figure(), ratio.server(), ratio.median(), ratio.to()));
        }
        for (Bar bar : result.bars()) {
            text.append(
                    "  %-50s %s, bar %s %s, aim %s %s%n"
                            .formatted(
                                    bar.name(),
                                    number(bar.value()),
                                    number(bar.bar()),
                                    bar.met() ? "met" : "MISSED",
                                    number(bar.aim()),
                                    bar.aimMet() ? "met" : "missed"));
        }
        result.limits().forEach(limit -> text.append("  limit: %s%n".formatted(limit)));
        result.problems().forEach(problem -> text.append("  FAILED: %s%n".formatted(problem)));
        return text.toString();
    }

    private static String latency(@Nullable Latency latency) {
        return latency == null
                ? "nothing was delivered"
                : "p50 %s  p99 %s  max %s ms"
                        .formatted(
                                number(latency.p50()),
                                number(latency.p99()),
                                number(latency.max()));
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        return value >= 1_000 ? "%,.0f".formatted(value) : "%.2f".formatted(value);
    }
}
