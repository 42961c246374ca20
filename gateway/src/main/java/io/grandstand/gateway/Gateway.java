package io.grandstand.gateway;

import io.grandstand.gateway.auth.Revocation;
import io.grandstand.gateway.auth.Revocations;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.gateway.presence.Presence;
import io.grandstand.gateway.publish.PublishLedger;
import io.grandstand.protocol.Position;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// A gateway node: wires its parts in dependency order and takes them down in the opposite one.
///
/// Thread-safe; `close` may be called more than once.
public final class Gateway implements AutoCloseable {
    /// How long the cluster may take to describe the topics at start-up.
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    /// How long the id of a publish is remembered.
    public static final Duration PUBLISH_WINDOW = Duration.ofMinutes(10);

    private final Deque<Part> parts;
    private final Node node;
    private final Admin admin;
    private final GatewayServer server;
    private boolean closed;

    /// What a gateway needs of its surroundings.
    ///
    /// @param kafka client settings of the Kafka cluster, `bootstrap.servers` at least
    /// @param tokens checks tokens
    /// @param routes HTTP endpoints to serve beside the protocol's
    /// @param files the web page to serve, or null
    /// @param clock wall clock of receive times and expiry
    /// @param random spreads pings
    /// @param version told to clients
    public record Surroundings(
            Map<String, Object> kafka,
            TokenVerifier tokens,
            List<HttpRoute> routes,
            @Nullable StaticFiles files,
            InstantSource clock,
            RandomGenerator random,
            String version) {}

    /// Something that was started and has to be stopped.
    private interface Part {
        void stop() throws InterruptedException;
    }

    /// Starts a node and returns once it accepts connections and can serve them.
    ///
    /// @throws IOException with a sentence that says what to do, where the port is taken, the
    ///   cluster does not know the topics, or the files of TLS do not fit
    public static Gateway start(GatewayConfig config, Surroundings surroundings)
            throws IOException, InterruptedException {
        var parts = new ArrayDeque<Part>();
        try {
            return start(config, surroundings, parts);
        } catch (IOException | InterruptedException | RuntimeException e) {
            stop(parts);
            throw e;
        }
    }

    private static Gateway start(GatewayConfig config, Surroundings surroundings, Deque<Part> parts)
            throws IOException, InterruptedException {
        Map<String, Object> kafka = surroundings.kafka();
        var topics = new TreeSet<String>();
        config.namespaces().forEach(namespace -> topics.add(namespace.topic()));
        var schemas = new Schemas(config.namespaces());
        var stats = new GatewayStats();
        Admin admin = Admin.create(adminConfig(kafka));
        parts.push(() -> admin.close(Duration.ofSeconds(1)));

        var changes = new TopicChanges();
        var directory = new TopicDirectory(admin, topics, changes::changed);
        describe(directory);
        var publisher = new Publisher(kafka, config.timing().publish(), stats);
        parts.push(publisher::close);
        publisher.learn(topics);

        var catchUp =
                new CatchUpReader("kafka-catch-up", consumer(kafka, "catch-up"), directory, stats);
        parts.push(catchUp::stop);
        var history =
                new HistoryReader("kafka-history", consumer(kafka, "history"), directory, stats);
        parts.push(history::stop);
        var readers = new ArrayList<KafkaReader>();
        for (int i = 0; i < readerCount(); i++) {
            var reader =
                    new KafkaReader(
                            "kafka-reader-" + i,
                            consumer(kafka, "reader-" + i),
                            admin,
                            directory,
                            catchUp,
                            history,
                            stats);
            readers.add(reader);
            parts.push(reader::stop);
        }
        var revoked = new RevokedPlayers();
        Revocations revocations = Revocations.NONE;
        String revocationTopic = config.internalTopics().revocations();
        if (revocationTopic != null) {
            revocations =
                    Revocations.start(
                            kafka, revocationTopic, surroundings.clock(), revoked::revoked);
            parts.push(revocations::close);
        }
        UUID nodeId = UUID.randomUUID();
        Presence presence = null;
        String presenceTopic = config.internalTopics().presence();
        if (presenceTopic != null) {
            presence =
                    Presence.start(kafka, presenceTopic, nodeId.toString(), surroundings.clock());
            parts.push(presence::close);
        }
        PublishLedger ledger = null;
        String ledgerTopic = config.internalTopics().publishes();
        if (ledgerTopic != null) {
            ledger =
                    PublishLedger.start(
                            new PublishLedger.Settings(kafka, ledgerTopic, topics, PUBLISH_WINDOW),
                            surroundings.clock(),
                            nodeId);
            parts.push(ledger::close);
        }
        var node =
                new Node(
                        nodeId.toString(),
                        config,
                        new Channels(config.namespaces()),
                        directory,
                        surroundings.tokens(),
                        revocations,
                        publisher,
                        ledger,
                        presence,
                        schemas,
                        stats,
                        surroundings.clock(),
                        new ConcurrentHashMap<>(),
                        surroundings.version());
        ServerTls tls = null;
        GatewayConfig.Tls tlsFiles = config.listen().tls();
        if (tlsFiles != null) {
            tls = ServerTls.start(tlsFiles);
            parts.push(tls::stop);
        }
        var server = new GatewayServer(node, readers, surroundings.random(), tls);
        parts.push(server::close);
        parts.push(server::drain);
        revoked.server = server;
        changes.server = server;
        changes.readers = List.copyOf(readers);
        directory.watch();
        parts.push(directory::stop);

        var routes = new ArrayList<>(surroundings.routes());
        routes.add(readyRoute());
        routes.add(metricsRoute(stats));
        server.start(routes, surroundings.files());
        return new Gateway(parts, node, admin, server);
    }

    private Gateway(Deque<Part> parts, Node node, Admin admin, GatewayServer server) {
        this.parts = parts;
        this.node = node;
        this.admin = admin;
        this.server = server;
    }

    /// The port listened on.
    public int port() {
        return server.port();
    }

    /// Writes a record as the server itself; completes with whether Kafka acknowledged it.
    ///
    /// @throws IllegalArgumentException where there is no such channel, or it has no key
    public CompletionStage<Boolean> publish(String channel, byte[] data) {
        Place place = place(channel);
        var written = new CompletableFuture<Boolean>();
        node.publisher()
                .publish(
                        new ProducerRecord<>(
                                place.topic().topic(), place.partition(), place.key(), data),
                        outcome -> written.complete(outcome != null));
        return written;
    }

    /// The end of a channel's history now.
    ///
    /// @throws IllegalArgumentException where there is no such channel, or it has no key
    public CompletionStage<Position> position(String channel) {
        Place place = place(channel);
        var id = new TopicPartition(place.topic().topic(), place.partition());
        return admin.listOffsets(
                        Map.of(id, OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(id)
                .toCompletionStage()
                .thenApply(
                        end -> new Position(end.offset(), place.topic().epoch(place.partition())));
    }

    /// Ends all connections of a player on this node, with a code and a reason in plain words.
    public void disconnect(String player, int code, String reason) {
        server.forEachSession(player, session -> session.close(code, reason));
    }

    /// Ends a player's subscriptions to a channel on this node, for good.
    public void unsubscribe(String player, String channel) {
        server.forEachSession(player, session -> session.unsubscribe(channel));
    }

    /// Stops accepting, tells clients to move, waits for what they published, ends. An interrupt
    /// cuts this short.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            stop(parts);
        }
    }

    /// Where the records of a channel are.
    private record Place(TopicDirectory.Entry topic, int partition, byte[] key) {}

    private Place place(String channel) {
        if (node.channels().resolve(channel) instanceof Channels.Address address) {
            TopicDirectory.Entry topic = node.topics().find(address.namespace().topic());
            byte[] key = address.key();
            if (topic != null && key != null) {
                return new Place(topic, topic.partition(key), key);
            }
        }
        throw new IllegalArgumentException("there is no channel " + channel);
    }

    /// Last started, first stopped.
    private static void stop(Deque<Part> parts) {
        boolean isInterrupted = false;
        while (!parts.isEmpty()) {
            try {
                parts.pop().stop();
            } catch (InterruptedException cutShort) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells everyone whom a change of a topic concerns; they are there soon after the directory.
    private static final class TopicChanges {
        volatile List<KafkaReader> readers = List.of();
        volatile @Nullable GatewayServer server;

        void changed(String topic, TopicDirectory.@Nullable Entry now) {
            GatewayServer server = this.server;
            if (server != null) {
                server.topicChanged(topic, now == null);
            }
            readers.forEach(reader -> reader.forget(topic));
        }
    }

    /// Ends the connections of players whose tokens no longer count.
    private static final class RevokedPlayers {
        volatile @Nullable GatewayServer server;

        void revoked(Revocation revocation) {
            GatewayServer server = this.server;
            if (server != null) {
                server.forEachSession(revocation.player(), Session::dropIfRevoked);
            }
        }
    }

    /// One reading thread serves some millions of records a second; more only help many cores.
    private static int readerCount() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, 4);
    }

    private static void describe(TopicDirectory directory)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            directory.refresh();
            if (directory.isComplete()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the Kafka cluster does not describe these topics: %s; check that they exist"
                                        .formatted(directory.missing())
                                + " and that this client may read them");
            }
            Thread.sleep(200);
        }
    }

    private static HttpRoute readyRoute() {
        return new HttpRoute(
                "GET",
                "/health/ready",
                _ ->
                        CompletableFuture.completedStage(
                                HttpRoute.Response.text(200, "The gateway is ready.")));
    }

    private static HttpRoute metricsRoute(GatewayStats stats) {
        return new HttpRoute(
                "GET",
                "/metrics",
                _ ->
                        CompletableFuture.completedStage(
                                new HttpRoute.Response(
                                        200, "text/plain; version=0.0.4", stats.text())));
    }

    private static Map<String, Object> adminConfig(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3000);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
        return config;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(
            Map<String, Object> kafka, String clientId) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "grandstand-gateway-" + clientId);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A lost position is the gateway's to handle, never to skip over.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        // A partition that is added waits for the fetch under way: that must not take long.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
