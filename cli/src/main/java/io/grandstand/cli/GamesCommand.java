package io.grandstand.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand games`: the game's services alone, beside any Kafka cluster, in any number of
/// instances that share the work.
@Command(
        name = "games",
        description =
                "Runs the game's services beside a Kafka cluster until Ctrl-C. Instances with the"
                        + " same cluster share the work.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        showDefaultValues = true)
final class GamesCommand implements Callable<Integer> {
    private static final int THREADS_MAX = 64;
    private static final int STANDBY_REPLICAS_MAX = 10;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "The Kafka cluster.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties for its clients, such as TLS and SASL.")
    private @Nullable Path kafkaConfig;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".grandstand-games",
            description =
                    "Folder for state and logs, one for each instance; rebuilt from Kafka where it"
                            + " is empty.")
    private Path data = Path.of(".grandstand-games");

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "This machine's name or address by which the other instances reach this one;"
                            + " boards, figures and health are served there.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Port of the same; 0 takes any free one.")
    private int port;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Stream threads of each service.")
    private int threads;

    @Option(
            names = "--standby-replicas",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many other instances keep a copy of each store, ready to take over.")
    private int standbyReplicas;

    @Option(
            names = "--describe",
            description = "Prints the topologies instead: parts, stores, topics.")
    private boolean isDescribing;

    @Override
    public Integer call() throws StartException, InterruptedException {
        check(port >= 0 && port <= 65_535, "--port is %s: must be 0 to 65535", port);
        check(
                threads >= 1 && threads <= THREADS_MAX,
                "--threads is %s: must be 1 to %s",
                threads,
                THREADS_MAX);
        check(
                standbyReplicas >= 0 && standbyReplicas <= STANDBY_REPLICAS_MAX,
                "--standby-replicas is %s: must be 0 to %s",
                standbyReplicas,
                STANDBY_REPLICAS_MAX);
        if (isDescribing) {
            describe();
            return 0;
        }
        Map<String, Object> kafka = kafka();
        // Before the first logger is made: it tells logback where its file is.
        System.setProperty("grandstand.logs", data.resolve("logs").toString());
        var console = new Console(System.out, InstantSource.system());
        var restores = new RestoreConsole(console, InstantSource.system());
        var config =
                new GameServices.Config(
                        data.resolve("state"), threads, standbyReplicas, host, port, restores);
        return Games.run(kafka, data, config, restores, console);
    }

    private void describe() {
        var out = command().getOut();
        new TreeMap<>(GameServices.describe())
                .forEach((service, topology) -> {
                    out.println(service);
                    out.println(topology);
                });
        out.flush();
    }

    private Map<String, Object> kafka() throws StartException {
        check(bootstrapServers != null, "--bootstrap-servers is missing: name the Kafka cluster");
        var kafka = new HashMap<String, Object>();
        if (kafkaConfig != null) {
            kafka.putAll(KafkaConfigFile.read(kafkaConfig));
        }
        kafka.put("bootstrap.servers", String.valueOf(bootstrapServers));
        return kafka;
    }

    private void check(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new ParameterException(command(), String.format(message, arguments));
        }
    }

    private CommandLine command() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }
}
