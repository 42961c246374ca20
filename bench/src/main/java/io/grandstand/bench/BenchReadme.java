package io.grandstand.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables of `bench/README.md`: the latest result of each scenario in `bench/results`.
///
/// They stand between two comments; what is around them is written by hand.
final class BenchReadme {
    static final String BEGIN = "<!-- The tables are made from results/*.json. -->";
    static final String END = "<!-- Here the tables end. -->";

    private BenchReadme() {}

    /// Rewrites the tables of the README beside the folder of results. Does nothing where there is
    /// none with places for them: results may be written to any folder.
    static void update(Path results) throws IOException {
        Path readme = results.resolveSibling("README.md");
        if (Files.exists(readme)) {
            String text = Files.readString(readme);
            if (text.contains(BEGIN) && text.contains(END)) {
                Files.writeString(readme, withTables(text, latest(results)));
            }
        }
    }

    /// The README's text with these runs' tables.
    static String withTables(String readme, List<RunResult> runs) {
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        return readme.substring(0, begin)
                + "\n\n"
                + tables(runs)
                + "\n"
                + readme.substring(readme.indexOf(END, begin));
    }

    /// The latest run of each scenario, by the scenario's name. Files that are no result of a
    /// scenario are left out.
    static List<RunResult> latest(Path results) throws IOException {
        var latest = new TreeMap<String, RunResult>();
        try (Stream<Path> files = Files.list(results)) {
            for (Path file : files.sorted().toList()) {
                if (isResult(file)) {
                    RunResult run = RunResult.read(file);
                    latest.merge(
                            run.scenario(),
                            run,
                            (a, b) -> a.date().compareTo(b.date()) >= 0 ? a : b);
                }
            }
        }
        return List.copyOf(latest.values());
    }

    private static boolean isResult(Path file) throws IOException {
        if (!file.toString().endsWith(".json")) {
            return false;
        }
        JsonNode json = RunResult.JSON.readTree(file.toFile());
        return json.has("scenario") && json.has("servers");
    }

    private static String tables(List<RunResult> runs) {
        if (runs.isEmpty()) {
            return "No scenario has been measured yet.\n";
        }
        return """
        %s
        Medians of the windows. Latency in milliseconds, from the intended time of sending; CPU is the server's own process.

        %s
        %s\
        """
                .formatted(
                        table(
                                """
                                | scenario | figure | value | bar | aim | |
                                |---|---|--:|--:|--:|---|
                                """,
                                lines(runs, BenchReadme::bars)),
                        table(
                                """
                                | scenario | server | CPU µs a delivery | to raw, plain | to raw, joined | deliveries/s | p50 | p99 | max |
                                |---|---|--:|--:|--:|--:|--:|--:|--:|
                                """,
                                lines(runs, BenchReadme::medians)),
                        table(
                                """
                                | scenario | how to repeat it | commit | date | hardware |
                                |---|---|---|---|---|
                                """,
                                lines(runs, BenchReadme::conditions)));
    }

    /// Nothing without rows.
    private static String table(String head, String rows) {
        return rows.isEmpty() ? "" : head + rows;
    }

    private static String bars(RunResult run) {
        return lines(
                run.bars(),
                bar ->
                        row(
                                run.scenario(),
                                bar.name(),
                                Numbers.number(bar.value()),
                                Numbers.number(bar.bar()),
                                Numbers.number(bar.aim()),
                                verdict(run, bar)));
    }

    private static String verdict(RunResult run, RunResult.Bar bar) {
        if (!HtmlReport.isGood(run)) {
            return "the run failed";
        }
        return !bar.met() ? "missed" : bar.aimMet() ? "aim met" : "bar met";
    }

    private static String medians(RunResult run) {
        return lines(
                run.servers(),
                server ->
                        row(
                                run.scenario(),
                                server.name(),
                                figure(server, Figures.CPU),
                                ratio(run, server, "raw-plain"),
                                ratio(run, server, "raw-joined"),
                                figure(server, "deliveriesPerSecond"),
                                figure(server, "p50Ms"),
                                figure(server, "p99Ms"),
                                figure(server, "maxMs")));
    }

    private static String conditions(RunResult run) {
        return row(
                run.scenario(),
                "`" + run.command() + "`",
                run.commit(),
                run.date(),
                HtmlReport.hardware(run.hardware()));
    }

    private static String figure(RunResult.Server server, String name) {
        @Nullable Double value = server.medians().get(name);
        return value == null ? "–" : Numbers.number(value);
    }

    private static String ratio(RunResult run, RunResult.Server server, String to) {
        Optional<RunResult.Ratio> ratio =
                run.ratios().stream()
                        .filter(r -> r.figure().equals(Figures.CPU))
                        .filter(r -> r.server().equals(server.name()) && r.to().equals(to))
                        .findFirst();
        return ratio.map(r -> Numbers.number(r.median())).orElse("–");
    }

    private static String row(String... cells) {
        return Stream.of(cells)
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static <T> String lines(List<T> items, Function<T, String> line) {
        return items.stream().map(line).collect(Collectors.joining());
    }
}
