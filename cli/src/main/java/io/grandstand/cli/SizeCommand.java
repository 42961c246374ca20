package io.grandstand.cli;

import io.grandstand.bench.BenchException;
import io.grandstand.bench.Coefficients;
import io.grandstand.bench.RunResult;
import io.grandstand.bench.SizingModel;
import io.grandstand.bench.SizingText;
import io.grandstand.bench.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand size`: how much an audience needs.
@Command(
        name = "size",
        description = "Computes from measurements what an audience needs: nodes, Kafka, network.",
        footer = {"", "docs/sizing.md explains the formulas and what they leave out."},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class SizeCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--players",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Players connected at once; ${DEFAULT-VALUE} if not said.")
    private long players;

    @Option(
            names = "--round-seconds",
            paramLabel = "S",
            defaultValue = "20",
            description = "From one question to the next; ${DEFAULT-VALUE}.")
    private double roundSeconds;

    @Option(
            names = "--answer-seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long a question is open; ${DEFAULT-VALUE}.")
    private double answerSeconds;

    @Option(
            names = "--answer-share",
            paramLabel = "0..1",
            defaultValue = "0.8",
            description = "Of the players who answer a question; ${DEFAULT-VALUE}.")
    private double answerShare;

    @Option(
            names = "--top-share",
            paramLabel = "0..1",
            defaultValue = "0.01",
            description = "Of the players who ask for their rank in a round; ${DEFAULT-VALUE}.")
    private double topShare;

    @Option(
            names = "--broadcasts",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Messages to everybody in a round, such as question versions, balls and"
                            + " scoreboards; ${DEFAULT-VALUE}.")
    private double broadcasts;

    @Option(
            names = "--burst",
            paramLabel = "N",
            defaultValue = "2.5",
            description =
                    "How many times the mean the busiest second of answers has; ${DEFAULT-VALUE}.")
    private double burst;

    @Option(
            names = "--hours-a-day",
            paramLabel = "H",
            defaultValue = "4",
            description = "How long it is played on a day; ${DEFAULT-VALUE}.")
    private double hoursPerDay;

    @Option(
            names = "--random-placement",
            description = "The load balancer does not send players by their shard.")
    private boolean randomPlacement;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "3",
            description = "Copies of each record in Kafka; ${DEFAULT-VALUE}.")
    private int replication;

    @Option(
            names = "--node-cores",
            paramLabel = "N",
            defaultValue = "16",
            description = "Cores of a gateway's machine; ${DEFAULT-VALUE}.")
    private int nodeCores;

    @Option(
            names = "--node-memory-gb",
            paramLabel = "GB",
            defaultValue = "32",
            description = "Memory of a gateway's machine; ${DEFAULT-VALUE}.")
    private double nodeMemoryGb;

    @Option(
            names = "--node-gbit",
            paramLabel = "GBIT",
            defaultValue = "10",
            description = "Gigabits a second that a gateway's machine can send; ${DEFAULT-VALUE}.")
    private double nodeGbit;

    @Option(
            names = "--against",
            paramLabel = "RESULT",
            description =
                    "Predict a measured run, a file of bench/results, and say how far off that is.")
    private @Nullable Path against;

    @Override
    public Integer call() throws StartException {
        PrintWriter out = commandLine().getOut();
        Workload load = workload();
        try {
            Coefficients coefficients = Coefficients.committed();
            if (!coefficients.missing().isEmpty()) {
                throw new StartException(SizingText.missing(coefficients).strip());
            }
            var model = new SizingModel(coefficients);
            if (against == null) {
                out.print(SizingText.sizing(load, model.size(load), coefficients));
            } else {
                RunResult run = RunResult.read(against);
                out.print(SizingText.comparisons(run, model.compare(run, load)));
            }
            out.flush();
            return CommandLine.ExitCode.OK;
        } catch (IOException | BenchException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private Workload workload() {
        try {
            return new Workload(
                    players,
                    roundSeconds,
                    answerSeconds,
                    answerShare,
                    topShare,
                    broadcasts,
                    burst,
                    hoursPerDay,
                    !randomPlacement,
                    replication,
                    new Workload.Node(nodeCores, nodeMemoryGb, nodeGbit));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "--" + e.getMessage(), e);
        }
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }
}
