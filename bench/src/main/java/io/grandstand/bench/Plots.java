package io.grandstand.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The report's plots as SVG: no script, colours by class, sizes that still read on a phone.
///
/// Every plot is 380 units wide. A server keeps its line's look, `s0` to `s4`, in all plots of a
/// run; later servers share the last.
final class Plots {
    /// How many looks `report.css` has.
    private static final int LOOKS = 5;

    private static final int WIDTH = 380;
    private static final int LEFT = 46;
    private static final int RIGHT = 12;
    private static final int TOP = 22;

    /// An axis without data still has a length.
    private static final double SMALLEST_MS = 0.01;

    private Plots() {}

    /// Latency over percentiles, both logarithmic: 90, 99, 99.9 % are equally far apart, for each
    /// has a tenth of the messages of the one before behind it. 100 % stands at the right end.
    static String percentiles(List<RunResult.Server> servers) {
        double nines =
                Math.ceil(
                        servers.stream()
                                        .flatMap(server -> server.percentiles().stream())
                                        .filter(point -> point.percentile() < 100)
                                        .mapToDouble(point -> nines(point.percentile()))
                                        .max()
                                        .orElse(3)
                                - 1e-6);
        List<Double> latencies =
                servers.stream()
                        .flatMap(server -> server.percentiles().stream())
                        .map(point -> Math.max(SMALLEST_MS, point.ms()))
                        .toList();
        List<Double> steps = logSteps(latencies);
        double lowest = Math.log10(steps.getFirst());
        double highest = Math.log10(steps.getLast());
        var panel = new Panel(TOP, 190, nines, lowest, highest);
        var svg = new StringBuilder(text(2, 12, "", "ms"));
        boolean decadesOnly = highest - lowest > 3;
        for (double step : steps) {
            if (!decadesOnly || isDecade(step)) {
                svg.append(panel.horizontal(Math.log10(step), Numbers.number(step)));
            }
        }
        for (int i = 0; i <= nines; i++) {
            String label =
                    i == 0 ? "0" : i == 1 ? "90" : "99" + (i > 2 ? "." + "9".repeat(i - 2) : "");
            svg.append(panel.vertical(i, label + " %"));
        }
        for (int i = 0; i < servers.size(); i++) {
            svg.append(
                    panel.line(
                            i,
                            servers.get(i).name(),
                            servers.get(i).percentiles(),
                            point -> Math.min(nines, nines(point.percentile())),
                            point -> Math.log10(Math.max(SMALLEST_MS, point.ms()))));
        }
        return svg(250, "Latency by percentile", svg);
    }

    /// Deliveries and the highest latency, slot by slot.
    static String timeline(List<RunResult.Server> servers) {
        List<RunResult.Slot> slots =
                servers.stream().flatMap(server -> server.timeline().stream()).toList();
        double seconds = max(slots, RunResult.Slot::seconds);
        List<Double> deliveries = linearSteps(max(slots, RunResult.Slot::deliveries));
        List<Double> latencies = linearSteps(max(slots, RunResult.Slot::maxMs));
        var upper = new Panel(TOP, 78, seconds, 0, deliveries.getLast());
        var lower = new Panel(TOP + 112, 78, seconds, 0, latencies.getLast());
        var svg = new StringBuilder(text(2, 12, "", "deliveries a slot"));
        svg.append(text(2, TOP + 102, "", "highest latency, ms"));
        deliveries.forEach(step -> svg.append(upper.horizontal(step, Numbers.number(step))));
        latencies.forEach(step -> svg.append(lower.horizontal(step, Numbers.number(step))));
        linearSteps(seconds).stream()
                .filter(step -> step <= seconds)
                .forEach(step -> svg.append(lower.vertical(step, Numbers.number(step) + " s")));
        for (int i = 0; i < servers.size(); i++) {
            RunResult.Server server = servers.get(i);
            svg.append(
                    upper.line(
                            i,
                            server.name(),
                            server.timeline(),
                            RunResult.Slot::seconds,
                            RunResult.Slot::deliveries));
            svg.append(
                    lower.line(
                            i,
                            server.name(),
                            server.timeline(),
                            RunResult.Slot::seconds,
                            RunResult.Slot::maxMs));
        }
        return svg(250, "Deliveries and highest latency over time", svg);
    }

    /// What each figure is held against: a full line at the bar, a dashed one at the aim.
    static String bars(List<RunResult.Bar> bars) {
        var svg = new StringBuilder();
        int y = 0;
        for (RunResult.Bar bar : bars) {
            double full = 1.15 * DoubleStream.of(bar.value(), bar.bar(), bar.aim()).max().orElse(1);
            double scale = full > 0 ? WIDTH / full : 0;
            svg.append(text(0, y + 13, "name", bar.name()));
            svg.append(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"name\">%s</text>"
                            .formatted(
                                    WIDTH,
                                    y + 13,
                                    (bar.met() ? "✓ " : "✗ ") + Numbers.number(bar.value())));
            svg.append(rectangle("track", y + 20, WIDTH));
            svg.append(
                    rectangle(bar.met() ? "value" : "value missed", y + 20, bar.value() * scale));
            svg.append(mark("mark", bar.bar() * scale, y));
            svg.append(mark("mark aim", bar.aim() * scale, y));
            svg.append(
                    text(
                            0,
                            y + 48,
                            "",
                            "bar %s, aim %s"
                                    .formatted(
                                            Numbers.number(bar.bar()), Numbers.number(bar.aim()))));
            y += 62;
        }
        return svg(Math.max(1, y - 8), "Figures against their bars", svg);
    }

    /// Which line is whose.
    static String legend(List<RunResult.Server> servers) {
        return IntStream.range(0, servers.size())
                .mapToObj(i ->
                        """
                        <li><svg viewBox="0 0 28 10" aria-hidden="true"><path class="series s%d" d="M0 5H28"/></svg>%s</li>
                        """
                                .formatted(look(i), Numbers.escape(servers.get(i).name())))
                .collect(Collectors.joining("", "<ul class=\"legend\">", "</ul>"));
    }

    /// A drawing area with its own scales: x from 0, y from `lowest` to `highest`.
    private record Panel(int top, int height, double xMax, double lowest, double highest) {
        double x(double value) {
            return LEFT + (xMax > 0 ? value / xMax : 0) * (WIDTH - LEFT - RIGHT);
        }

        double y(double value) {
            double range = highest - lowest;
            return top + height - (range > 0 ? (value - lowest) / range : 0) * height;
        }

        String horizontal(double value, String label) {
            return format(
                    "<path class=\"grid-line\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\""
                            + " text-anchor=\"end\">%s</text>",
                    LEFT, y(value), WIDTH - RIGHT, LEFT - 6, y(value) + 4, label);
        }

        String vertical(double value, String label) {
            // A label in the middle of its line, unless that would be beyond the plot's edge.
            boolean atEdge = x(value) > WIDTH - RIGHT - 1;
            return format(
                    "<path class=\"grid-line\" d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\""
                            + " text-anchor=\"%s\">%s</text>",
                    x(value),
                    top,
                    top + height,
                    atEdge ? (double) WIDTH : x(value),
                    top + height + 18,
                    atEdge ? "end" : "middle",
                    label);
        }

        <T> String line(
                int index,
                String name,
                List<T> points,
                ToDoubleFunction<T> x,
                ToDoubleFunction<T> y) {
            if (points.isEmpty()) {
                return "";
            }
            String path =
                    points.stream()
                            .map(point ->
                                    format(
                                            "%.1f %.1f",
                                            x(x.applyAsDouble(point)), y(y.applyAsDouble(point))))
                            .collect(Collectors.joining("L", "M", ""));
            return "<path class=\"series s%d\" d=\"%s\"><title>%s</title></path>"
                    .formatted(look(index), path, Numbers.escape(name));
        }
    }

    private static int look(int index) {
        return Math.min(index, LOOKS - 1);
    }

    /// How many nines a percentile has: 0 for 0, 1 for 90, 3 for 99.9.
    private static double nines(double percentile) {
        return -Math.log10(Math.max(1e-9, 1 - percentile / 100));
    }

    /// 1, 2 and 5 of each decade, from at or below the least value to at or above the greatest.
    private static List<Double> logSteps(List<Double> values) {
        double least = values.stream().mapToDouble(v -> v).min().orElse(1);
        double greatest = values.stream().mapToDouble(v -> v).max().orElse(10);
        var steps = new ArrayList<Double>();
        for (int exponent = -2; ; exponent++) {
            for (double digit : new double[] {1, 2, 5}) {
                double step = digit * Math.pow(10, exponent);
                if (step <= least) {
                    steps.clear();
                }
                steps.add(step);
                if (step >= greatest && steps.size() > 1) {
                    return steps;
                }
            }
        }
    }

    private static boolean isDecade(double step) {
        double exponent = Math.log10(step);
        return Math.abs(exponent - Math.rint(exponent)) < 1e-9;
    }

    /// From 0 to at or above `max` in two to five even steps.
    private static List<Double> linearSteps(double max) {
        if (max <= 0) {
            return List.of(0.0, 1.0);
        }
        double decade = Math.pow(10, Math.floor(Math.log10(max)));
        double step = max / decade <= 2 ? decade / 2 : max / decade <= 5 ? decade : 2 * decade;
        return IntStream.rangeClosed(0, (int) Math.ceil(max / step - 1e-9))
                .mapToObj(i -> i * step)
                .toList();
    }

    private static <T> double max(List<T> values, ToDoubleFunction<T> figure) {
        return values.stream().mapToDouble(figure).max().orElse(0);
    }

    private static String rectangle(String type, int y, double width) {
        return format(
                "<rect class=\"%s\" x=\"0\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\"/>",
                type, y, width);
    }

    private static String mark(String type, double x, int y) {
        return format("<path class=\"%s\" d=\"M%.1f %dV%d\"/>", type, x, y + 17, y + 37);
    }

    private static String text(int x, int y, String type, String text) {
        return "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>"
                .formatted(x, y, type, Numbers.escape(text));
    }

    private static String svg(int height, String label, CharSequence content) {
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%s</svg>\n"
                .formatted(WIDTH, height, label, content);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
