package io.grandstand.bench;

import io.grandstand.bench.Scenario.Kind;
import io.grandstand.events.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/// What the scenarios share: a broker, the servers before it, and what was noticed on the way.
final class Stage implements AutoCloseable {
    /// Signs the tokens of clients that exist for the run alone.
    static final String SECRET = "a secret for the clients of one run alone";

    /// The namespace whose channels everybody hears; `OWN` has those of single players.
    static final String ALL = "all";

    static final String OWN = "own";

    private static final Pattern PAUSE = Pattern.compile("Pause .*?([0-9.]+)ms$");
    private static final Pattern BYTES_READ =
            Pattern.compile("(?m)^\\S*kafka_bytes_read\\S* (\\d+)");

    private final PrintWriter out;
    private final Programs programs;
    private final HttpClient plainHttp = HttpClient.newHttpClient();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    private final List<String> limits = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<Crowd> crowds = new ArrayList<>();
    private final List<PlayerCrowd> players = new ArrayList<>();
    private final List<Served> servers = new ArrayList<>();
    private final boolean quick;

    /// Gateways that the next scenario may use as well; only where the stage is quick.
    private final Map<Kind, Served> kept = new EnumMap<>(Kind.class);

    private final Map<Kind, Integer> named = new LinkedHashMap<>();
    private Programs.@Nullable Broker broker;
    private @Nullable ChildProcess games;
    private int gamesPartitions;
    private int matches;
    private @Nullable Path raw;
    private volatile boolean isClosing;
    private @Nullable TestCertificate certificate;
    private int gateways;
    private int sources;

    /// An empty stage that tells people of its progress.
    ///
    /// @param quick whether programs shall start soon rather than become fast, and gateways serve
    ///   one scenario after the other
    Stage(PrintWriter out, boolean quick) {
        this.out = out;
        this.quick = quick;
        this.programs = new Programs(quick, this::problem);
    }

    /// A server that clients can connect to.
    ///
    /// @param topicPrefix before the name of a namespace, the topic behind it; empty for references
    /// @param gcLog where it writes its pauses; empty for references
    record Served(
            String name,
            Kind kind,
            Programs.Server server,
            String topicPrefix,
            Optional<Path> gcLog) {
        ChildProcess process() {
            return server.process();
        }

        /// The pauses so far, milliseconds each.
        List<Double> gcPauses() {
            return gcLog.map(Stage::pauses).orElse(List.of());
        }
    }

    /// Says something to people.
    void say(String sentence, Object... values) {
        out.println(sentence.formatted(values));
        out.flush();
    }

    /// Notes what makes the run a failed one; what repeats itself is noted some times only.
    void problem(String sentence) {
        if (!isClosing && problems.size() < 20) {
            problems.add(sentence);
            say("  ! %s", sentence);
        }
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /// Notes a limit of the machine.
    void limit(String sentence) {
        if (!limits.contains(sentence)) {
            limits.add(sentence);
        }
    }

    List<String> limits() {
        return List.copyOf(limits);
    }

    /// Starts a server.
    ///
    /// @param partitions of its topics
    Served serve(Kind kind, int partitions) throws InterruptedException {
        Served before = kept.get(kind);
        if (before != null && before.process().isAlive()) {
            return before;
        }
        String name = kind.label();
        int number = named.merge(kind, 1, Integer::sum);
        if (number > 1) {
            name += "-" + number;
        }
        say("  starting %s", name);
        Served served =
                switch (kind) {
                    case GATEWAY, GATEWAY_WITH_SILENT, GATEWAY_TLS ->
                            gateway(name, kind, partitions);
                    case RAW_PLAIN -> reference(name, kind, raw(RawSender.Mode.PLAIN));
                    case RAW_JOINED -> reference(name, kind, raw(RawSender.Mode.JOINED));
                    case NETTY ->
                            reference(
                                    name,
                                    kind,
                                    programs.javaCommand("io.grandstand.bench.DayBroadcaster"));
                };
        servers.add(served);
        if (quick && kind.isGateway()) {
            kept.put(kind, served);
        }
        return served;
    }

    private Served reference(String name, Kind kind, List<String> command)
            throws InterruptedException {
        return new Served(name, kind, programs.reference(name, command), "", Optional.empty());
    }

    private Served gateway(String name, Kind kind, int partitions) throws InterruptedException {
        String prefix = "bench-%d-".formatted(gateways++);
        createTopics(prefix, partitions);
        return gateway(name, kind, prefix);
    }

    /// Another gateway before the topics of `first`.
    Served twin(Served first) throws InterruptedException {
        Served twin = gateway(first.name() + "-twin", first.kind(), first.topicPrefix());
        servers.add(twin);
        return twin;
    }

    private Served gateway(String name, Kind kind, String prefix) throws InterruptedException {
        Path gcLog = programs.folder().resolve(name + ".gc.log");
        String yaml =
                """
                listen: {host: 127.0.0.1, port: 0%s}
                kafka: {bootstrap.servers: "%s"}
                authentication: {hmac: {secret: "%s"}}
                namespaces:
                  %s: {topic: %s, subscribe: any, publish: any}
                  %s: {topic: %s, subscribe: own}
                limits: {commands-per-second: 0}
                """
                        .formatted(
                                kind.isEncrypted() ? ", " + certificate().keys() : "",
                                broker().bootstrapServers(),
                                SECRET,
                                ALL,
                                prefix + ALL,
                                OWN,
                                prefix + OWN);
        Programs.Server server = programs.gateway(name, yaml, List.of(), gcLog);
        return new Served(name, kind, server, prefix, Optional.of(gcLog));
    }

    /// The certificate of every gateway of this run that has one.
    private TestCertificate certificate() throws InterruptedException {
        if (certificate == null) {
            certificate = TestCertificate.make(programs.folder());
        }
        return certificate;
    }

    /// A gateway before the game's topics.
    ///
    /// @param heapMb the most heap it may have; 0 for the JVM's own choice
    Served gameGateway(String name, int heapMb) throws InterruptedException {
        say("  starting %s", name);
        Path gcLog = programs.folder().resolve(name + ".gc.log");
        // As `grandstand demo` has them, but for the patience: where clients and services share the
        // cores, an answer may wait as long as a client does.
        String yaml =
                """
                listen: {host: 127.0.0.1, port: 0}
                timing: {publish: 4s}
                kafka: {bootstrap.servers: "%s"}
                authentication: {hmac: {secret: "%s"}}
                namespaces:
                  question: {mode: latest, subscribe: any}
                  result: {subscribe: own}
                  answer: {publish: own}
                  top: {subscribe: own}
                  gettop: {publish: any, key: player}
                """
                        .formatted(broker().bootstrapServers(), SECRET);
        List<String> options = heapMb == 0 ? List.of() : List.of("-Xmx%dm".formatted(heapMb));
        Programs.Server server = programs.gateway(name, yaml, options, gcLog);
        var served = new Served(name, Kind.GATEWAY, server, "", Optional.of(gcLog));
        servers.add(served);
        return served;
    }

    /// The game's services, started when they are first needed.
    ///
    /// @param partitions of the topics that are keyed by player; it has to be the same each time
    ChildProcess games(int partitions) throws InterruptedException {
        if (games == null) {
            // The services give all topics that are keyed by player as many as this one has.
            createTopics(
                    List.of(
                            new NewTopic(Topics.ANSWER.name(), partitions, (short) 1)
                                    .configs(Topics.ANSWER.settings())));
            say("  starting the game's services");
            games = programs.games(broker());
            gamesPartitions = partitions;
        }
        return games;
    }

    /// Partitions of the topics that are keyed by player.
    int gamesPartitions() {
        return gamesPartitions;
    }

    /// The id of a match that no other game of this stage plays.
    String newMatch() {
        return "bench-%d".formatted(matches++);
    }

    /// Connects players, from loopback addresses that no others of this run use.
    PlayerCrowd connect(PlayerCrowd.Setup setup) throws InterruptedException {
        say("  connecting %,d players", setup.players());
        var crowd = new PlayerCrowd(setup, this::problem);
        players.add(crowd);
        sources += crowd.open(programs, sources);
        if (crowd.workers().size() > 1) {
            limit(
                    "%,d players take %d client processes and %d gateways: one may have %,d files open"
                            .formatted(
                                    setup.players(),
                                    crowd.workers().size(),
                                    setup.ports().size(),
                                    crowd.workers().getFirst().descriptorsMax()));
        }
        return crowd;
    }

    private List<String> raw(RawSender.Mode mode) throws InterruptedException {
        if (raw == null) {
            try {
                raw = RawSender.build(programs.folder());
            } catch (IOException e) {
                throw new BenchException(String.valueOf(e.getMessage()), e);
            }
        }
        return RawSender.command(raw, mode);
    }

    private void createTopics(String prefix, int partitions) throws InterruptedException {
        createTopics(
                List.of(
                        new NewTopic(prefix + ALL, partitions, (short) 1),
                        new NewTopic(prefix + OWN, partitions, (short) 1)));
    }

    private void createTopics(List<NewTopic> topics) throws InterruptedException {
        Map<String, Object> settings =
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker().bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException e) {
            throw new BenchException("topics cannot be created: " + e.getCause(), e);
        }
    }

    /// The broker, started when it is first needed.
    Programs.Broker broker() throws InterruptedException {
        if (broker == null) {
            say("  starting a broker");
            broker = programs.broker();
        }
        return broker;
    }

    /// The broker's process, if there is one.
    Optional<ChildProcess> brokerProcess() {
        return Optional.ofNullable(broker).map(Programs.Broker::process);
    }

    /// Connects clients that have a channel of their own each.
    ///
    /// @param suffix of their name, behind the server's
    /// @param size bytes of a message's data
    /// @param fallbackPort where they reconnect to when the server dies; 0 where a close is a
    ///   failure
    Crowd connectToOwn(
            Served served,
            String suffix,
            int clients,
            int size,
            Scenario.Format format,
            int fallbackPort)
            throws InterruptedException {
        return connect(
                new Crowd.Setup(
                        served.name() + suffix,
                        served.server().port(),
                        false,
                        format == Scenario.Format.PROTOBUF,
                        OWN + ":" + Group.PLAYER + "%d",
                        Spread.ROUND_ROBIN,
                        clients,
                        size,
                        SECRET,
                        true,
                        fallbackPort));
    }

    /// Connects clients, from loopback addresses that no others of this run use.
    Crowd connect(Crowd.Setup setup) throws InterruptedException {
        say("  connecting %,d clients to %s", setup.clients(), setup.name());
        Crowd crowd = Crowd.open(programs, setup, sources, this::problem);
        crowds.add(crowd);
        sources += crowd.workers().size();
        long descriptorsMax = crowd.workers().getFirst().descriptorsMax();
        if (setup.clients() > LoadWorker.CONNECTIONS_MAX) {
            limit(
                    "%,d clients of %s take %d client processes: one may have %,d files open"
                            .formatted(
                                    setup.clients(),
                                    setup.name(),
                                    crowd.workers().size(),
                                    descriptorsMax));
        }
        if (setup.clients() > Procfs.portsPerAddress()) {
            limit(
                    "%,d clients take several source addresses: one has %,d ports"
                            .formatted(setup.clients(), Procfs.portsPerAddress()));
        }
        return crowd;
    }

    /// Where messages for the clients of `served` go in.
    Sender sender(Served served, String namespace, boolean protobuf) throws InterruptedException {
        Sender sender =
                served.kind().isGateway()
                        ? new Sender.Kafka(
                                broker().bootstrapServers(), served.topicPrefix() + namespace)
                        : new Sender.Control(served.server().controlPort(), protobuf);
        senders.add(sender);
        return sender;
    }

    /// Ends clients, before their server.
    void stop(Crowd... crowds) {
        for (Crowd crowd : crowds) {
            crowd.workers().forEach(worker -> worker.process().kill());
        }
    }

    /// Record bytes that a gateway has read from Kafka; 0 for a reference.
    long kafkaBytes(Served served) throws InterruptedException {
        if (!served.kind().isGateway()) {
            return 0;
        }
        boolean encrypted = served.kind().isEncrypted();
        try {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "%s://127.0.0.1:%d/metrics"
                                                    .formatted(
                                                            encrypted ? "https" : "http",
                                                            served.server().port())))
                            .build();
            HttpClient http = encrypted ? certificate().client() : plainHttp;
            String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher bytes = BYTES_READ.matcher(text);
            if (!bytes.find()) {
                throw new BenchException(served.name() + " does not tell what it read from Kafka");
            }
            return Long.parseLong(bytes.group(1));
        } catch (IOException e) {
            throw new BenchException(served.name() + " does not tell its figures: " + e, e);
        }
    }

    private static List<Double> pauses(Path gcLog) {
        try {
            return pauses(Files.readString(gcLog));
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The pauses in a log of garbage collections, milliseconds each.
    static List<Double> pauses(String gcLog) {
        return gcLog.lines()
                .map(PAUSE::matcher)
                .filter(Matcher::find)
                .map(pause -> Double.valueOf(pause.group(1)))
                .toList();
    }

    /// Ends everything but the broker, the game's services, and gateways that are kept, for the
    /// next scenario.
    void clear() {
        isClosing = true;
        crowds.forEach(crowd -> crowd.workers().forEach(worker -> worker.process().kill()));
        players.forEach(crowd -> crowd.workers().forEach(worker -> worker.process().kill()));
        players.clear();
        servers.removeAll(kept.values());
        servers.forEach(served -> served.process().kill());
        senders.forEach(Sender::close);
        crowds.clear();
        servers.clear();
        senders.clear();
        named.clear();
        problems.clear();
        limits.clear();
        isClosing = false;
    }

    @Override
    public void close() {
        isClosing = true;
        // The programs first: a reference ends on its own when its control connection does.
        programs.close();
        senders.forEach(Sender::close);
        plainHttp.close();
        if (certificate != null) {
            certificate.client().close();
        }
    }
}
