package io.grandstand.cli;

import io.grandstand.events.SeasonCommand;
import io.grandstand.events.Topics;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand season`: an operator at the keyboard. Each command is one record in
/// `season-command`.
@Command(
        name = "season",
        description = "Closes a season.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = SeasonCommands.CloseCommand.class)
final class SeasonCommands implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
        throw new ParameterException(command, "Missing command: close");
    }

    /// `grandstand season close`.
    @Command(
            name = "close",
            description = "Freezes a season's table and publishes it, with its hash.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class CloseCommand implements Callable<Integer> {
        @Spec private @Nullable CommandSpec spec;

        @Mixin private ClusterOptions cluster = new ClusterOptions();

        @Option(
                names = "--season",
                required = true,
                paramLabel = "ID",
                description = "The season, as its questions name it.")
        private String season = "";

        @Option(
                names = "--in",
                paramLabel = "SECONDS",
                defaultValue = "0",
                description =
                        "When: so many seconds from now. Closing takes a few seconds' notice in any"
                                + " case.")
        private long in;

        @Override
        public Integer call() throws StartException {
            CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
            SeasonCommand close;
            try {
                if (in < 0) {
                    throw new IllegalArgumentException(
                            "--in is %d: must be 0 or more".formatted(in));
                }
                long at =
                        Math.addExact(
                                InstantSource.system().millis(), Math.multiplyExact(in, 1000L));
                close = new SeasonCommand(SeasonCommand.Kind.CLOSE, season, at);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new ParameterException(command, String.valueOf(e.getMessage()), e);
            }
            Map<String, Object> kafka = cluster.kafka();
            try (var writer = new RecordWriter(kafka)) {
                writer.write(Topics.SEASON_COMMAND, season, close).toCompletableFuture().join();
            } catch (CompletionException | KafkaException e) {
                throw ClusterOptions.notTaken(kafka, e);
            }
            command.getOut().println("season %s closes".formatted(season));
            return 0;
        }
    }
}
