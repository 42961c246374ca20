package io.grandstand.cli;

import io.grandstand.bench.Bench;
import io.grandstand.bench.BenchException;
import io.grandstand.bench.RunResult;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `grandstand bench`: measures the gateway on this machine, beside the kernel's limit.
@Command(
        name = "bench",
        description = "Measures the gateway on this machine and checks every message.",
        footer = {
            "",
            "Exit code 1 if a message was lost, doubled or out of order; a missed bar is no"
                    + " failure."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {
    /// The exit code of a program that Ctrl-C ended.
    private static final int STOPPED = 130;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = "What to measure: a name of --list, or a YAML file like those.")
    private List<String> scenarios = List.of();

    @Option(names = "--suite", description = "Measure all scenarios, which takes some minutes.")
    private boolean suite;

    @Option(names = "--list", description = "Tell the scenarios, and measure nothing.")
    private boolean list;

    @Option(
            names = "--smoke",
            description = "Few clients, short windows: checks the counts, measures nothing.")
    private boolean smoke;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".grandstand/bench",
            description = "Folder for the results, by default ${DEFAULT-VALUE}.")
    private Path folder = Path.of(".grandstand/bench");

    @Override
    public Integer call() throws StartException {
        // Before the first logger is made: it tells logback where its file is.
        System.setProperty("grandstand.logs", folder.resolve("logs").toString());
        CommandLine command = commandLine();
        if (list) {
            for (String name : Bench.scenarios()) {
                command.getOut().printf("  %-18s %s%n", name, Bench.description(name));
            }
            return CommandLine.ExitCode.OK;
        }
        if (suite == !scenarios.isEmpty()) {
            throw new ParameterException(
                    command, "Say what to measure: a scenario of --list, a file, or --suite.");
        }
        try {
            var bench = new Bench(command.getOut(), InstantSource.system());
            List<RunResult> results =
                    suite ? bench.suite(folder, smoke) : bench.run(scenarios, folder, smoke);
            boolean areGood = results.stream().allMatch(result -> result.problems().isEmpty());
            return areGood ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (BenchException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return STOPPED;
        }
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }
}
