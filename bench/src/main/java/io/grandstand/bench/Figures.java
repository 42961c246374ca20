package io.grandstand.bench;

import io.grandstand.bench.RunResult.Bar;
import io.grandstand.bench.RunResult.Latency;
import io.grandstand.bench.RunResult.Memory;
import io.grandstand.bench.RunResult.Ratio;
import io.grandstand.bench.RunResult.Server;
import io.grandstand.bench.RunResult.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Medians, ratios, bars: what the windows come to.
final class Figures {
    static final String CPU = "cpuUsPerDelivery";

    private Figures() {}

    /// All figures of one window by name. Lower is better in all that goals are set for.
    static Map<String, Double> of(Window window) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put(CPU, window.cpuUsPerDelivery());
        figures.put("deliveriesPerSecond", window.deliveriesPerSecond());
        put(figures, "", window.latency());
        put(figures, "acknowledged.", window.acknowledged());
        figures.put(
                "gcPauseMaxMs",
                window.gcPauses().stream().mapToDouble(Double::doubleValue).max().orElse(0));
        window.otherCpuSeconds()
                .forEach((name, seconds) ->
                        figures.put(
                                name + ".cpuUsPerDelivery",
                                seconds * 1e6 / Math.max(1, window.deliveries())));
        return figures;
    }

    private static void put(Map<String, Double> figures, String prefix, @Nullable Latency latency) {
        if (latency != null) {
            figures.put(prefix + "p50Ms", latency.p50());
            figures.put(prefix + "p90Ms", latency.p90());
            figures.put(prefix + "p99Ms", latency.p99());
            figures.put(prefix + "p999Ms", latency.p999());
            figures.put(prefix + "maxMs", latency.max());
        }
    }

    /// What each connection takes of a server's memory.
    static Map<String, Double> of(Memory memory) {
        var figures = new LinkedHashMap<String, Double>();
        double connections = memory.connections();
        figures.put(
                "rssBytesPerConnection",
                (memory.rssBytes() - memory.rssEmptyBytes()) / connections);
        figures.put(
                "rssCollectedBytesPerConnection",
                (memory.rssCollectedBytes() - memory.rssEmptyBytes()) / connections);
        figures.put(
                "heapBytesPerConnection",
                (memory.heapBytes() - memory.heapEmptyBytes()) / connections);
        figures.put("kernelBytesPerConnection", memory.kernelBytes() / connections);
        return figures;
    }

    /// The median of each figure over windows or runs.
    static Map<String, Double> medians(Stream<Map<String, Double>> runs) {
        var values = new LinkedHashMap<String, List<Double>>();
        runs.forEach(figures ->
                figures.forEach((name, value) ->
                        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value)));
        var medians = new LinkedHashMap<String, Double>();
        values.forEach((name, list) -> medians.put(name, median(list)));
        return medians;
    }

    /// The middle value; between the two middle ones of an even number.
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values have no median");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /// One server's figure to another's, in each pair of windows of the same turn. Empty where none
    /// of them has the figure above 0.
    static Optional<Ratio> ratio(String figure, Server server, Server to) {
        var pairs = new ArrayList<Double>();
        for (int i = 0; i < Math.min(server.windows().size(), to.windows().size()); i++) {
            Double over = of(server.windows().get(i)).get(figure);
            Double under = of(to.windows().get(i)).get(figure);
            if (over != null && under != null && under > 0) {
                pairs.add(over / under);
            }
        }
        return pairs.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ratio(figure, server.name(), to.name(), pairs, median(pairs)));
    }

    /// The processor time of every server to that of each raw one.
    static List<Ratio> ratios(List<Server> servers) {
        var ratios = new ArrayList<Ratio>();
        for (Server to : servers) {
            for (Server server : servers) {
                if (to.name().startsWith("raw-") && !server.name().equals(to.name())) {
                    ratio(CPU, server, to).ifPresent(ratios::add);
                }
            }
        }
        return ratios;
    }

    /// What has become of the goals. One whose servers were not measured is left out.
    static List<Bar> bars(List<Scenario.Goal> goals, List<Server> servers) {
        var bars = new ArrayList<Bar>();
        for (Scenario.Goal goal : goals) {
            value(goal, servers)
                    .ifPresent(
                            value -> bars.add(Bar.of(goal.name(), value, goal.bar(), goal.aim())));
        }
        return bars;
    }

    private static Optional<Double> value(Scenario.Goal goal, List<Server> servers) {
        Optional<Server> server = named(goal.server().label(), servers);
        if (goal.to().isEmpty()) {
            return server.map(found -> found.medians().get(goal.figure()));
        }
        Optional<Server> to = named(goal.to(), servers);
        return server.flatMap(
                over -> to.flatMap(under -> ratio(goal.figure(), over, under)).map(Ratio::median));
    }

    private static Optional<Server> named(String name, List<Server> servers) {
        return servers.stream().filter(server -> server.name().equals(name)).findFirst();
    }
}
