package io.grandstand.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One answer to `GET /metrics`, in Prometheus's text format 0.0.4: collected figure by figure,
/// written family by family. Not thread-safe.
public final class Metrics {
    /// The format's media type.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Map<String, Family> families = new TreeMap<>();

    private record Family(String type, String help, List<String> samples) {}

    /// A figure that goes up and down. `labels` are names and values in turn.
    public void gauge(String name, String help, double value, String... labels) {
        add(name, "gauge", name, help, value, labels);
    }

    /// A count that only rises, until its process or its task moves.
    public void counter(String name, String help, double value, String... labels) {
        add(name, "counter", name, help, value, labels);
    }

    /// A histogram without a sum.
    ///
    /// @param bounds upper bounds of the buckets, rising, inclusive
    /// @param counts how many fell into each bucket, not cumulated; one more for what is above all
    ///   bounds
    public void histogram(
            String name, String help, List<Double> bounds, List<Long> counts, String... labels) {
        long sum = 0;
        for (int i = 0; i < counts.size(); i++) {
            sum += counts.get(i);
            var withBound = new ArrayList<>(List.of(labels));
            withBound.add("le");
            withBound.add(i < bounds.size() ? number(bounds.get(i)) : "+Inf");
            add(
                    name,
                    "histogram",
                    name + "_bucket",
                    help,
                    (double) sum,
                    withBound.toArray(String[]::new));
        }
        add(name, "histogram", name + "_count", help, (double) sum, labels);
    }

    /// All of it.
    public String text() {
        var text = new StringBuilder();
        families.forEach((name, family) -> {
            text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
            family.samples().forEach(sample -> text.append(sample).append('\n'));
        });
        return text.toString();
    }

    private void add(
            String family, String type, String name, String help, double value, String... labels) {
        var sample = new StringBuilder(name);
        for (int i = 0; i < labels.length; i += 2) {
            sample.append(i == 0 ? '{' : ',')
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        }
        if (labels.length > 0) {
            sample.append('}');
        }
        sample.append(' ').append(number(value));
        families.computeIfAbsent(family, _ -> new Family(type, help, new ArrayList<>()))
                .samples()
                .add(sample.toString());
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
