package io.grandstand.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The programs of a run: starts them, and ends every one of them with the run, also when that is
/// ended by Ctrl-C. Its folder is deleted then, too.
///
/// They are known by their command lines alone, and run on the orchestrator's own Java and class
/// path.
final class Programs implements AutoCloseable {
    private static final String MAIN = "io.grandstand.cli.Main";
    private static final String BROKER = "io.grandstand.embedded.BrokerProcess";

    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration GAMES_START_MAX = Duration.ofMinutes(2);
    private static final Pattern BROKER_READY = Pattern.compile("^ready (\\S+)$");
    private static final Pattern GATEWAY_READY = Pattern.compile("is ready: wss?://[^/]*:(\\d+)/");
    private static final Pattern GAMES_READY = Pattern.compile("boards are served");
    private static final Pattern REFERENCE_READY = Pattern.compile("^ready (\\d+) (\\d+)$");
    private static final Pattern STARTED = Pattern.compile("^(\\{.*\"is\":\"started\".*})$");

    /// What every JVM of ours needs said, so that it does not warn.
    private static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /// A collector without threads of its own: workers must not disturb.
    private static final List<String> LEAN = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx1g");

    /// What Kafka's own start script gives a broker.
    private static final List<String> BROKER_HEAP =
            List.of(
                    "-Xms1g",
                    "-Xmx1g",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35");

    private final List<String> quick;
    private final Path folder;
    private final Consumer<String> problems;
    private final List<ChildProcess> children = new CopyOnWriteArrayList<>();
    private final Thread endedByCtrlC = new Thread(this::end, "bench-end");

    /// Programs whose files are in a new folder.
    ///
    /// @param quick whether they shall start soon rather than become fast
    /// @param problems told of a program that ends on its own
    Programs(boolean quick, Consumer<String> problems) {
        this.quick = quick ? List.of("-XX:TieredStopAtLevel=1") : List.of();
        this.problems = problems;
        try {
            folder = Files.createTempDirectory("grandstand-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(endedByCtrlC);
    }

    Path folder() {
        return folder;
    }

    /// A broker and the address of it.
    record Broker(ChildProcess process, String bootstrapServers) {}

    Broker broker() throws InterruptedException {
        ChildProcess process =
                java(
                        "broker",
                        BROKER_HEAP,
                        BROKER,
                        List.of(folder.resolve("broker").toString(), Integer.toString(freePort())));
        Matcher ready = process.awaitReady(BROKER_READY, START_MAX, _ -> {}, ended(process));
        return new Broker(process, ready.group(1));
    }

    /// The game's services, which create their topics; on the JVM options of this process.
    ChildProcess games(Broker broker) throws InterruptedException {
        ChildProcess process =
                java(
                        "games",
                        ownOptions(),
                        MAIN,
                        List.of(
                                "games",
                                "--bootstrap-servers",
                                broker.bootstrapServers(),
                                "--data",
                                folder.resolve("games").toString(),
                                "--port",
                                "0",
                                "--standby-replicas",
                                "0"));
        var _ = process.awaitReady(GAMES_READY, GAMES_START_MAX, _ -> {}, ended(process));
        return process;
    }

    /// A server that clients connect to.
    ///
    /// @param controlPort where a reference server takes what to send; 0 for a gateway
    record Server(ChildProcess process, int port, int controlPort) {}

    /// A gateway with the configuration `yaml`, on the JVM options of this process: those of the
    /// launcher.
    ///
    /// @param further JVM options besides
    /// @param gcLog where it writes its pauses
    Server gateway(String name, String yaml, List<String> further, Path gcLog)
            throws InterruptedException {
        Path file = folder.resolve(name + ".yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var options = new ArrayList<>(ownOptions());
        options.addAll(further);
        options.add("-Xlog:gc,gc+phases:file=" + gcLog);
        ChildProcess process =
                java(
                        name,
                        options,
                        MAIN,
                        List.of(
                                "gateway",
                                "--config",
                                file.toString(),
                                "--data",
                                folder.resolve(name).toString()));
        Matcher ready = process.awaitReady(GATEWAY_READY, START_MAX, _ -> {}, ended(process));
        return new Server(process, Integer.parseInt(ready.group(1)), 0);
    }

    /// A reference server, which says where it listens and where it takes orders.
    Server reference(String name, List<String> command) throws InterruptedException {
        ChildProcess process = start(name, command);
        Matcher ready = process.awaitReady(REFERENCE_READY, START_MAX, _ -> {}, ended(process));
        return new Server(
                process, Integer.parseInt(ready.group(1)), Integer.parseInt(ready.group(2)));
    }

    /// How a reference server in Java is started.
    List<String> javaCommand(String mainClass) {
        return command(List.of("-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders"), mainClass);
    }

    /// A load worker, whose events `events` gets.
    Worker worker(String name, Consumer<WorkerEvent> events) throws InterruptedException {
        ChildProcess process = start(name, command(LEAN, LoadWorker.class.getName()));
        Matcher started =
                process.awaitReady(
                        STARTED,
                        START_MAX,
                        line -> events.accept(Lines.read(line, WorkerEvent.class)),
                        ended(process));
        var event = (WorkerEvent.Started) Lines.read(started.group(1), WorkerEvent.class);
        return new Worker(process, event.descriptorsMax());
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(endedByCtrlC);
    }

    private synchronized void end() {
        children.forEach(ChildProcess::expectEnd);
        children.forEach(ChildProcess::kill);
        children.clear();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(Programs::delete);
        } catch (IOException e) {
            // It is deleted already, or the system clears temporary folders in the end.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The system clears temporary folders in the end.
        }
    }

    private Runnable ended(ChildProcess process) {
        return () ->
                problems.accept("%s ended on its own%s".formatted(process.name(), process.said()));
    }

    private ChildProcess java(
            String name, List<String> options, String mainClass, List<String> arguments) {
        var command = new ArrayList<>(command(options, mainClass));
        command.addAll(arguments);
        return start(name, command);
    }

    private List<String> command(List<String> options, String mainClass) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(quick);
        QUIET.stream().filter(option -> !options.contains(option)).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        return command;
    }

    private ChildProcess start(String name, List<String> command) {
        Path errors = folder.resolve(name + ".err");
        try {
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            var child = new ChildProcess(name, process, errors);
            children.add(child);
            return child;
        } catch (IOException e) {
            throw new BenchException("%s cannot be started: %s".formatted(name, e.getMessage()), e);
        }
    }

    /// The options of this JVM but for what concerns this process alone: agents, debuggers, system
    /// properties.
    private static List<String> ownOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option ->
                        Stream.of("-D", "-agentlib", "-agentpath", "-javaagent", "-Xrun")
                                .noneMatch(option::startsWith))
                .toList();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
