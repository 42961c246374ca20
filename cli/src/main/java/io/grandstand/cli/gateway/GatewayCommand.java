package io.grandstand.cli.gateway;

import io.grandstand.cli.StartException;
import io.grandstand.cli.Version;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand gateway`: the gateway before a Kafka cluster that is there already.
@Command(
        name = "gateway",
        description = "Puts the gateway in front of a Kafka cluster, until Ctrl-C.",
        footer = {
            "",
            "Every key of the file can be overridden by an environment variable:"
                    + " GRANDSTAND_LISTEN_PORT is listen.port. docs/configuration.md lists them"
                    + " all."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class GatewayCommand implements Callable<Integer> {
    /// The shortest configuration that serves something.
    static final String SMALLEST_FILE =
            """
            kafka: {bootstrap.servers: "localhost:9092"}
            authentication: {hmac: {secret-file: secret}}
            namespaces:
              prices: {subscribe: any}
            """;

    /// The exit code of a program that Ctrl-C ended while it started.
    private static final int STOPPED = 130;

    private static final Path DATA = Path.of(".grandstand");
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, String> environment;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "What to serve, to whom: a YAML file; see docs/examples/gateway.yaml.")
    private @Nullable Path config;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "Where the Kafka cluster is, instead of kafka.bootstrap.servers.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Address to listen on, instead of listen.host.")
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on, instead of listen.port; 0 takes any free one.")
    private @Nullable String port;

    @Option(
            names = "--insecure",
            description = "Let everybody in without a token. For trying something, never beyond.")
    private boolean insecure;

    @Option(
            names = "--check",
            description =
                    "Start nothing: report every problem of the file, and what the cluster lacks"
                            + " if it can be reached. Exit code 0 if all is well, else 2.")
    private boolean check;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description =
                    "Instead of a file: '${COMPLETION-CANDIDATES}' brings its own broker and lets"
                            + " everybody do everything, for the test suites of client libraries.")
    private @Nullable Profile profile;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for logs, by default .grandstand, and for what the broker of a profile"
                            + " keeps, by default nothing.")
    private @Nullable Path data;

    /// A gateway that is set up without a file.
    enum Profile {
        CONFORMANCE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The command as it stands on the command line.
    public GatewayCommand() {
        this(System.getenv());
    }

    GatewayCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws StartException {
        // Before the first logger is made: it tells logback where its file is.
        System.setProperty(
                "grandstand.logs", (data == null ? DATA : data).resolve("logs").toString());
        try {
            return profile == null ? withFile() : conformance();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return STOPPED;
        }
    }

    private int conformance() throws StartException, InterruptedException {
        refuse(config != null, "--profile takes the place of a file: leave out --config");
        refuse(bootstrapServers != null, "--profile has its own broker: no --bootstrap-servers");
        refuse(check, "--check is for a file: say --config");
        int listenPort =
                Optional.ofNullable(port)
                        .map(text -> parse(Keys.PORT, "--port", text))
                        .orElse(ConformanceProfile.PORT);
        return ConformanceProfile.run(
                host == null ? ConformanceProfile.HOST : host,
                listenPort,
                Optional.ofNullable(data),
                out());
    }

    private int withFile() throws StartException, InterruptedException {
        if (config == null) {
            commandLine().getErr().print(missingFile());
            return CommandLine.ExitCode.USAGE;
        }
        GatewayFile file;
        try {
            file = GatewayFile.read(config, environment, options(), insecure);
        } catch (GatewayFileException e) {
            return refused(e.problems());
        }
        if (check) {
            return check(file);
        }
        if (insecure) {
            out().println("Warning: --insecure lets everybody in without a token.");
        }
        return GatewayProgram.run(file, out());
    }

    private int check(GatewayFile file) throws InterruptedException {
        GatewaySettings settings = file.settings();
        String servers = settings.bootstrapServers();
        switch (ClusterTopics.look(file, CHECK_TIMEOUT)) {
            case ClusterTopics.NotReached(String why) ->
                    out().println(
                                    "Kafka at %s is not reached (%s), so its topics are not checked."
                                            .formatted(servers, why));
            case ClusterTopics.Seen(List<Problem> missing, List<Problem> unsuited) -> {
                var problems = new ArrayList<>(missing);
                problems.addAll(unsuited);
                if (!problems.isEmpty()) {
                    return refused(problems);
                }
                out().println("Kafka at %s is reached, and its topics fit.".formatted(servers));
            }
        }
        out().println(
                        "%s is fine: %s, to listen on %s:%d."
                                .formatted(
                                        config,
                                        Report.count(
                                                settings.gateway().namespaces().size(),
                                                "namespace"),
                                        settings.gateway().listen().host(),
                                        settings.gateway().listen().port()));
        return CommandLine.ExitCode.OK;
    }

    private int refused(List<Problem> problems) {
        commandLine().getErr().println("grandstand: " + Report.problems(problems));
        return CommandLine.ExitCode.USAGE;
    }

    private List<Setting> options() {
        var options = new ArrayList<Setting>();
        if (bootstrapServers != null) {
            options.add(
                    new Setting(
                            Place.of("--bootstrap-servers"),
                            Keys.KAFKA_SETTING,
                            Keys.KAFKA_SETTING.path("bootstrap.servers"),
                            bootstrapServers));
        }
        if (host != null) {
            options.add(Setting.option("--host", Keys.HOST, host));
        }
        if (port != null) {
            options.add(Setting.option("--port", Keys.PORT, port));
        }
        return options;
    }

    private <T> T parse(Key<T> key, String option, String text) {
        var problems = new Problems();
        T value = key.kind().read(key.path(), key.kind().node(Place.of(option), text), problems);
        if (value == null) {
            throw new ParameterException(commandLine(), Report.problems(problems.all()));
        }
        return value;
    }

    private void refuse(boolean refused, String sentence) {
        if (refused) {
            throw new ParameterException(commandLine(), sentence);
        }
    }

    private static String missingFile() {
        return """
        grandstand: say what to serve in a file, and name it:

          grandstand gateway --config gateway.yaml

        The shortest one, for a topic 'prices' that everybody with a token may read:

        %s
        The secret is made by: openssl rand -base64 32 > secret
        From there to a browser: docs/guides/ten-minutes.md; every option: --help
        """
                .formatted(SMALLEST_FILE.indent(2));
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }
}
