package io.grandstand.gateway;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// A gateway node: wires its parts in dependency order and takes them down in the opposite one.
///
/// Thread-safe; `close` may be called more than once.
public final class Gateway implements AutoCloseable {
    /// How long the cluster may take to describe the topics at start-up.
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final Admin admin;
    private final Publisher publisher;
    private final CatchUpReader catchUp;
    private final List<KafkaReader> readers;
    private final GatewayServer server;
    private boolean closed;

    /// What a gateway needs of its surroundings.
    ///
    /// @param kafka client settings of the Kafka cluster, `bootstrap.servers` at least
    /// @param tokens checks connection tokens
    /// @param routes HTTP endpoints to serve beside the WebSocket
    /// @param files the web page to serve, or null
    /// @param clock wall clock of receive times
    /// @param random spreads pings
    /// @param version told to clients
    public record Surroundings(
            Map<String, Object> kafka,
            Tokens tokens,
            List<HttpRoute> routes,
            @Nullable StaticFiles files,
            InstantSource clock,
            RandomGenerator random,
            String version) {}

    /// Starts a node and returns once it accepts connections and can serve them.
    ///
    /// @throws IOException with a sentence that says what to do, where the port is taken or the
    ///   cluster does not know the topics
    public static Gateway start(GatewayConfig config, Surroundings surroundings)
            throws IOException, InterruptedException {
        var topics = new TreeSet<String>();
        config.namespaces().forEach(namespace -> topics.add(namespace.topic()));
        Admin admin = Admin.create(adminConfig(surroundings.kafka()));
        var publisher = new Publisher(surroundings.kafka());
        var directory = new TopicDirectory(admin, topics);
        try {
            describe(directory);
            publisher.learn(topics);
        } catch (IOException | InterruptedException e) {
            publisher.close();
            admin.close(Duration.ZERO);
            throw e;
        }
        var catchUp =
                new CatchUpReader("kafka-catch-up", consumer(surroundings.kafka(), "catch-up"));
        var readers = new ArrayList<KafkaReader>();
        for (int i = 0; i < readerCount(); i++) {
            readers.add(
                    new KafkaReader(
                            "kafka-reader-" + i,
                            consumer(surroundings.kafka(), "reader-" + i),
                            admin,
                            catchUp));
        }
        var node =
                new Session.Node(
                        config,
                        new Channels(config.namespaces()),
                        directory,
                        surroundings.tokens(),
                        publisher,
                        surroundings.clock(),
                        surroundings.version());
        var server = new GatewayServer(node, readers, surroundings.random());
        var gateway = new Gateway(admin, publisher, catchUp, readers, server);
        var routes = new ArrayList<>(surroundings.routes());
        routes.add(readyRoute());
        try {
            server.start(routes, surroundings.files());
        } catch (IOException e) {
            gateway.close();
            throw e;
        }
        return gateway;
    }

    private Gateway(
            Admin admin,
            Publisher publisher,
            CatchUpReader catchUp,
            List<KafkaReader> readers,
            GatewayServer server) {
        this.admin = admin;
        this.publisher = publisher;
        this.catchUp = catchUp;
        this.readers = readers;
        this.server = server;
    }

    /// The port listened on.
    public int port() {
        return server.port();
    }

    /// Stops accepting, tells clients to move, waits for what they published, ends. An interrupt
    /// cuts this short.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            server.drain();
            publisher.close();
            server.close();
            for (KafkaReader reader : readers) {
                reader.stop();
            }
            catchUp.stop();
        } catch (InterruptedException cutShort) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ofSeconds(1));
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
