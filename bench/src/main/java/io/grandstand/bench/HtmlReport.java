package io.grandstand.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Results as one page that needs nothing else: no script, no font, no picture from anywhere.
final class HtmlReport {
    private HtmlReport() {}

    /// The page.
    ///
    /// @param runs in the order they are shown; at least one
    static String page(List<RunResult> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a report needs a run");
        }
        RunResult first = runs.getFirst();
        return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Grandstand bench</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>Grandstand bench</h1>
        <p class="soft">%s · commit <code>%s</code> · %s</p>
        %s
        %s
        </body>
        </html>
        """
                .formatted(
                        css(),
                        text(first.date()),
                        text(first.commit().isEmpty() ? "unknown" : first.commit()),
                        text(hardware(first.hardware())),
                        overview(runs),
                        join(runs, HtmlReport::section));
    }

    private static String overview(List<RunResult> runs) {
        Function<RunResult, String> rows =
                run ->
                        join(
                                run.bars(),
                                bar ->
                                        row(
                                                text(run.scenario() + ": " + bar.name()),
                                                List.of(
                                                        Numbers.number(bar.value()),
                                                        Numbers.number(bar.bar()),
                                                        Numbers.number(bar.aim()),
                                                        verdict(bar))));
        String failed =
                runs.stream()
                        .filter(run -> !isGood(run))
                        .map(RunResult::scenario)
                        .collect(Collectors.joining(", "));
        String summary =
                failed.isEmpty()
                        ? "<p class=\"good\">✓ Every message of every run arrived once and in"
                                + " order.</p>"
                        : "<p class=\"bad\">✗ Failed: %s.</p>".formatted(text(failed));
        return summary
                + table(
                        "Figures against their bars (lower is better)",
                        List.of("Figure", "Value", "Bar", "Aim", "Verdict"),
                        join(runs, rows));
    }

    private static String verdict(RunResult.Bar bar) {
        return !bar.met()
                ? "<span class=\"bad\">✗ missed</span>"
                : bar.aimMet()
                        ? "<span class=\"good\">✓ aim met</span>"
                        : "<span class=\"good\">✓ bar met</span>";
    }

    private static String section(RunResult run) {
        var plots = new StringBuilder();
        if (!run.bars().isEmpty()) {
            plots.append(card("Against the bars", Plots.bars(run.bars())));
        }
        if (run.servers().stream().anyMatch(server -> !server.percentiles().isEmpty())) {
            plots.append(
                    card(
                            "Latency from the intended send time",
                            Plots.legend(run.servers()) + Plots.percentiles(run.servers())));
        }
        if (run.servers().stream().anyMatch(server -> !server.timeline().isEmpty())) {
            plots.append(
                    card(
                            "The last window",
                            Plots.legend(run.servers()) + Plots.timeline(run.servers())));
        }
        return """
        <section>
        <h2>%s</h2>
        %s
        <div class="grid">
        %s</div>
        %s
        %s
        %s
        %s
        %s
        </section>
        """
                .formatted(
                        text(run.scenario()),
                        problems(run),
                        plots,
                        medians(run.servers()),
                        ratios(run.ratios()),
                        memory(run.servers()),
                        windows(run.servers()),
                        conditions(run));
    }

    /// Whether a run's figures count: nothing went wrong, and every message was checked.
    static boolean isGood(RunResult run) {
        return run.problems().isEmpty()
                && run.servers().stream().allMatch(server -> server.checks().areClean());
    }

    private static String problems(RunResult run) {
        if (isGood(run)) {
            return "<p class=\"good\">✓ Nothing lost, doubled, out of order or closed.</p>";
        }
        return run.problems().isEmpty()
                ? "<p class=\"bad\">✗ Messages were lost, doubled or out of order: see the"
                        + " checks.</p>"
                : join(run.problems(), problem -> "<p class=\"bad\">✗ " + text(problem) + "</p>\n");
    }

    private static String medians(List<RunResult.Server> servers) {
        List<String> figures =
                servers.stream()
                        .flatMap(server -> server.medians().keySet().stream())
                        .distinct()
                        .toList();
        return table(
                "Medians over the windows",
                names("Figure", servers),
                join(
                        figures,
                        figure ->
                                row(
                                        text(figure),
                                        servers.stream()
                                                .map(server ->
                                                        Numbers.number(
                                                                server.medians()
                                                                        .getOrDefault(
                                                                                figure,
                                                                                Double.NaN)))
                                                .toList())));
    }

    private static String ratios(List<RunResult.Ratio> ratios) {
        return table(
                "Ratios, window by window",
                List.of("Compared", "Median", "Pairs"),
                join(
                        ratios,
                        ratio ->
                                row(
                                        text(
                                                "%s of %s to %s"
                                                        .formatted(
                                                                ratio.figure(),
                                                                ratio.server(),
                                                                ratio.to())),
                                        List.of(
                                                Numbers.number(ratio.median()),
                                                ratio.pairs().stream()
                                                        .map(Numbers::number)
                                                        .collect(Collectors.joining(" · "))))));
    }

    private static String memory(List<RunResult.Server> servers) {
        record Row(String name, Function<RunResult.Server, String> cell) {}
        var rows =
                List.of(
                        new Row("connections", s -> Numbers.count(s.memory().connections())),
                        new Row("resident, empty", s -> measured(s.memory().rssEmptyBytes())),
                        new Row("resident, connected", s -> measured(s.memory().rssBytes())),
                        new Row(
                                "resident, after a collection",
                                s -> measured(s.memory().rssCollectedBytes())),
                        new Row("live heap, empty", s -> measured(s.memory().heapEmptyBytes())),
                        new Row("live heap, connected", s -> measured(s.memory().heapBytes())),
                        new Row("sockets, both ends", s -> measured(s.memory().kernelBytes())),
                        new Row("lost", s -> Numbers.count(s.checks().lost())),
                        new Row("doubled", s -> Numbers.count(s.checks().doubled())),
                        new Row("out of order", s -> Numbers.count(s.checks().reordered())),
                        new Row(
                                "unexpected closes",
                                s -> Numbers.count(s.checks().unexpectedCloses())));
        return table(
                "Memory and checks",
                names("", servers),
                join(
                        rows,
                        row -> row(text(row.name()), servers.stream().map(row.cell()).toList())));
    }

    private static String measured(long bytes) {
        return bytes == 0 ? "–" : Numbers.bytes(bytes);
    }

    private static String windows(List<RunResult.Server> servers) {
        Function<RunResult.Server, String> rows =
                server ->
                        IntStream.range(0, server.windows().size())
                                .mapToObj(i -> window(server.name(), i, server.windows().get(i)))
                                .collect(Collectors.joining());
        return "<details><summary>Every window</summary>%s</details>"
                .formatted(
                        table(
                                "",
                                List.of(
                                        "Window",
                                        "s",
                                        "CPU s",
                                        "messages",
                                        "deliveries",
                                        "deliveries/s",
                                        "CPU µs each",
                                        "p50 ms",
                                        "p90",
                                        "p99",
                                        "p99.9",
                                        "max",
                                        "GC pauses, longest ms"),
                                join(servers, rows)));
    }

    private static String window(String server, int index, RunResult.Window window) {
        RunResult.Latency latency = window.latency();
        Stream<String> latencies =
                latency == null
                        ? Stream.generate(() -> "–").limit(5)
                        : Stream.of(
                                        latency.p50(),
                                        latency.p90(),
                                        latency.p99(),
                                        latency.p999(),
                                        latency.max())
                                .map(Numbers::number);
        double longest = window.gcPauses().stream().mapToDouble(ms -> ms).max().orElse(0);
        return row(
                text("%s %d".formatted(server, index + 1)),
                Stream.of(
                                Stream.of(
                                        Numbers.number(window.seconds()),
                                        Numbers.number(window.cpuSeconds()),
                                        Numbers.count(window.messages()),
                                        Numbers.count(window.deliveries()),
                                        Numbers.number(window.deliveriesPerSecond()),
                                        Numbers.number(window.cpuUsPerDelivery())),
                                latencies,
                                Stream.of(
                                        "%d, %s"
                                                .formatted(
                                                        window.gcPauses().size(),
                                                        Numbers.number(longest))))
                        .flatMap(cells -> cells)
                        .toList());
    }

    private static String conditions(RunResult run) {
        return """
        <details><summary>How it was measured</summary>
        <dl>
        <dt>Command</dt><dd><code>%s</code></dd>
        <dt>Hardware</dt><dd>%s</dd>
        <dt>Date, commit</dt><dd>%s, <code>%s</code></dd>
        %s%s</dl>
        </details>
        """
                .formatted(
                        text(run.command()),
                        text(hardware(run.hardware())),
                        text(run.date()),
                        text(run.commit()),
                        join(List.copyOf(run.parameters().entrySet()), HtmlReport::parameter),
                        join(
                                run.limits(),
                                limit -> "<dt>Limit</dt><dd>" + text(limit) + "</dd>\n"));
    }

    private static String parameter(Map.Entry<String, Object> parameter) {
        return "<dt>%s</dt><dd>%s</dd>\n"
                .formatted(text(parameter.getKey()), text(String.valueOf(parameter.getValue())));
    }

    static String hardware(RunResult.Hardware hardware) {
        return "%s, %d cores, %s, %s, JDK %s"
                .formatted(
                        hardware.cpu(),
                        hardware.cores(),
                        Numbers.bytes(hardware.memoryBytes()),
                        hardware.kernel(),
                        hardware.jdk());
    }

    private static List<String> names(String corner, List<RunResult.Server> servers) {
        return Stream.concat(Stream.of(corner), servers.stream().map(RunResult.Server::name))
                .toList();
    }

    /// Nothing without rows.
    private static String table(String caption, List<String> heads, String rows) {
        return rows.isEmpty()
                ? ""
                : """
                <div class="scroll" tabindex="0"><table><caption>%s</caption>
                <thead><tr>%s</tr></thead>
                <tbody>
                %s</tbody></table></div>
                """
                        .formatted(
                                text(caption),
                                join(heads, head -> "<th scope=\"col\">" + text(head) + "</th>"),
                                rows);
    }

    private static String row(String head, List<String> cells) {
        return "<tr><th scope=\"row\">%s</th>%s</tr>\n"
                .formatted(head, join(cells, cell -> "<td>" + cell + "</td>"));
    }

    private static String card(String title, String content) {
        return "<div class=\"card\"><h3>%s</h3>%s</div>\n".formatted(title, content);
    }

    private static <T> String join(List<T> items, Function<T, String> html) {
        return items.stream().map(html).collect(Collectors.joining());
    }

    private static String text(String text) {
        return Numbers.escape(text);
    }

    private static String css() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is not on the class path");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("report.css cannot be read", e);
        }
    }
}
