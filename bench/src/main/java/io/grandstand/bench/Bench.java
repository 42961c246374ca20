package io.grandstand.bench;

import io.grandstand.bench.RunResult.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// `grandstand bench`: runs scenarios one after the other and writes what they found.
public final class Bench {
    private static final String COMMAND = "./grandstand bench ";

    private final PrintWriter out;
    private final InstantSource clock;

    /// A bench that tells its progress to `out`.
    public Bench(PrintWriter out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /// Names of the scenarios that come with the product, in the order of the suite.
    public static List<String> scenarios() {
        return ScenarioFile.NAMES;
    }

    /// What a scenario of ours is about, in one sentence.
    public static String description(String scenario) {
        return ScenarioFile.find(scenario).scenario().description();
    }

    /// Runs scenarios and writes the result of each to `folder`, as NAME.json.
    ///
    /// @param scenarios names of ours, or paths of files
    /// @param smoke whether to run them small and short, for the counts alone
    /// @return the results, in order; a run with problems says so in its own
    /// @throws BenchException if a scenario cannot be run at all
    public List<RunResult> run(List<String> scenarios, Path folder, boolean smoke)
            throws InterruptedException {
        return measure(
                scenarios.stream().map(ScenarioFile::find).toList(),
                file -> COMMAND + file.name(),
                folder,
                smoke);
    }

    /// Runs all scenarios of ours, at their length for the suite.
    ///
    /// @see #run
    public List<RunResult> suite(Path folder, boolean smoke) throws InterruptedException {
        return measure(
                ScenarioFile.NAMES.stream()
                        .map(ScenarioFile::find)
                        .map(ScenarioFile::inSuite)
                        .toList(),
                _ -> COMMAND + "--suite",
                folder,
                smoke);
    }

    private List<RunResult> measure(
            List<ScenarioFile> files,
            Function<ScenarioFile, String> command,
            Path folder,
            boolean smoke)
            throws InterruptedException {
        if (!Procfs.isThere()) {
            throw new BenchException(
                    "the benchmark needs Linux: it takes processor times and memory from /proc");
        }
        var results = new ArrayList<RunResult>();
        // What is measured has a broker of its own; a check of the counts is done sooner with one
        // broker for all.
        if (smoke) {
            try (var stage = new Stage(out, true)) {
                for (ScenarioFile file : files) {
                    String smoked = command.apply(file) + " --smoke";
                    results.add(run(stage, file, file.scenario().small(), folder, smoked));
                    stage.clear();
                }
            }
        } else {
            for (ScenarioFile file : files) {
                try (var stage = new Stage(out, false)) {
                    results.add(run(stage, file, file.scenario(), folder, command.apply(file)));
                }
            }
        }
        if (!smoke) {
            report(results, folder);
        }
        return results;
    }

    /// One page with plots of everything that was run, and the tables of the README beside the
    /// folder, where it is the repository's.
    private void report(List<RunResult> results, Path folder) {
        try {
            Path page = folder.resolve("report.html");
            Files.writeString(page, HtmlReport.page(results));
            BenchReadme.update(folder);
            out.println("The report: " + page);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RunResult run(
            Stage stage, ScenarioFile file, Scenario scenario, Path folder, String command)
            throws InterruptedException {
        String date = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        stage.say("%s: %s", file.name(), scenario.description());
        List<Server> servers = servers(stage, scenario);
        var result =
                new RunResult(
                        file.name(),
                        file.parameters(),
                        commit(),
                        date,
                        command,
                        Procfs.hardware(),
                        servers,
                        Figures.ratios(servers),
                        Figures.bars(scenario.goals(), servers),
                        stage.limits(),
                        stage.problems());
        stage.say("%s", Text.summary(result));
        write(result, folder);
        return result;
    }

    private static List<Server> servers(Stage stage, Scenario scenario)
            throws InterruptedException {
        return switch (scenario) {
            case Scenario.Compare compare -> new CompareRun(stage, compare).run();
            case Scenario.Publish publish -> new PublishRun(stage, publish).run();
            case Scenario.Idle idle -> new IdleRun(stage, idle).run();
            case Scenario.Storm storm -> new StormRun(stage, storm).run();
            case Scenario.Game game -> new GameRun(stage, game).run();
        };
    }

    private void write(RunResult result, Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(result.scenario() + ".json");
            result.write(file);
            out.println("  written to " + file);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The commit of the working folder, with a plus where files of it were changed; empty where
    /// that is no git checkout.
    private static String commit() throws InterruptedException {
        String commit = git("rev-parse", "--short=12", "HEAD").strip();
        boolean isChanged = !git("status", "--porcelain", "--untracked-files=no").isBlank();
        return isChanged ? commit + "+" : commit;
    }

    private static String git(String... arguments) throws InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process git =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            return "";
        }
    }
}
