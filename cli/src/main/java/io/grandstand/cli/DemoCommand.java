package io.grandstand.cli;

import io.grandstand.cricket.Asking;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand demo`: the live game on one machine.
@Command(
        name = "demo",
        description = "Runs the live game on this machine, Kafka included, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        showDefaultValues = true)
final class DemoCommand implements Callable<Integer> {
    private static final double SPEED_MAX = 1000;
    private static final int BOTS_MAX = 5000;

    /// The season of matches that are told no other.
    private static final String SEASON = "demo";

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the page and the WebSocket; 0 takes any free one.")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".grandstand",
            description = "Folder for everything that survives a restart.")
    private Path data = Path.of(".grandstand");

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Play so many times as fast as a real match.")
    private double speed;

    @Option(
            names = "--match",
            paramLabel = "FILE",
            description =
                    "Play this match: a Cricsheet JSON file, or a recorded live score feed."
                            + " Without it and --quiz, matches are simulated.")
    private @Nullable Path match;

    @Option(
            names = "--quiz",
            paramLabel = "FILE",
            description = "Ask this quiz: a YAML or text file with questions and right answers.")
    private @Nullable Path quiz;

    @Option(
            names = "--bots",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many bots play along.")
    private int bots;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Makes the simulated matches and the bots what they are.")
    private long seed;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "Use this Kafka cluster instead of a broker in this process.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties for that cluster's clients, such as TLS and SASL.")
    private @Nullable Path kafkaConfig;

    @Mixin private TermsOptions terms = new TermsOptions();

    @Override
    public Integer call() throws StartException, InterruptedException {
        DemoConfig config = config();
        // Before the first logger is made: it tells logback where its file is.
        System.setProperty("grandstand.logs", data.resolve("logs").toString());
        var console = new Console(System.out, InstantSource.system());
        return Demo.run(config, console);
    }

    private DemoConfig config() throws StartException {
        check(port >= 0 && port <= 65_535, "--port is %s: must be 0 to 65535", port);
        check(
                speed > 0 && speed <= SPEED_MAX,
                "--speed is %s: must be above 0 and at most %s",
                speed,
                SPEED_MAX);
        check(bots >= 0 && bots <= BOTS_MAX, "--bots is %s: must be 0 to %s", bots, BOTS_MAX);
        check(
                kafkaConfig == null || bootstrapServers != null,
                "--kafka-config is for an external cluster: say --bootstrap-servers too");
        return new DemoConfig(
                port,
                data,
                speed,
                Duration.ofSeconds(10),
                asking(),
                Optional.ofNullable(match),
                Optional.ofNullable(quiz),
                bots,
                seed,
                kafka());
    }

    private Asking asking() {
        try {
            return new Asking(terms.termsIn(SEASON), null);
        } catch (IllegalArgumentException e) {
            CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<Map<String, Object>> kafka() throws StartException {
        if (bootstrapServers == null) {
            return Optional.empty();
        }
        var settings = new HashMap<String, Object>();
        if (kafkaConfig != null) {
            settings.putAll(KafkaConfigFile.read(kafkaConfig));
        }
        settings.put("bootstrap.servers", bootstrapServers);
        return Optional.of(settings);
    }

    private void check(boolean holds, String message, Object... arguments) {
        if (!holds) {
            CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
            throw new ParameterException(command, String.format(message, arguments));
        }
    }
}
