package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.client.Backoff;
import io.grandstand.client.ClientConfig;
import io.grandstand.client.ClientException;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Position;
import io.grandstand.client.Publication;
import io.grandstand.client.SubscriptionListener;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.auth.TokenIssuer;
import io.grandstand.gateway.publish.PublishLedger;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three gateway processes and a broker process that are killed while 2,000 clients listen and
/// publishers publish: every client hears every record of its channels once and in order.
///
/// How long gateways are killed is set by `-Dgrandstand.fault.seconds`, and with which random
/// numbers by `-Dgrandstand.fault.seed`; a failure prints the seed.
class FaultTest {
    private static final int CLIENTS = 2000;
    private static final int CHANNELS = 200;
    private static final int CHANNELS_PER_CLIENT = 2;
    private static final int PUBLISHERS = 20;
    private static final Duration START = Duration.ofMinutes(1);
    private static final byte[] SECRET = "a secret for tests of 32 or more bytes".getBytes(UTF_8);

    private final Duration killing =
            Duration.ofSeconds(Integer.getInteger("grandstand.fault.seconds", 15));
    private final long seed = Long.getLong("grandstand.fault.seed", Instant.now().toEpochMilli());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final TokenIssuer tokens = new TokenIssuer(SECRET, InstantSource.system());
    private final List<GrandstandClient> clients = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger subscribed = new AtomicInteger();

    /// How many records each channel has.
    private final List<AtomicInteger> published = new ArrayList<>();

    /// Why a channel's next record is not published yet.
    private final Map<Integer, String> refusals = new ConcurrentHashMap<>();

    private final Program[] gateways = new Program[3];
    private final List<Integer> ports = new ArrayList<>();
    private volatile boolean publishing = true;

    @TempDir private Path data;

    @AfterEach
    void stop() {
        clients.forEach(GrandstandClient::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        for (Program gateway : gateways) {
            if (gateway != null) {
                gateway.close();
            }
        }
    }

    @Test
    void nobodyMissesDoublesOrReordersAnythingWhateverDies() throws Exception {
        int brokerPort = freePort();
        Program broker = startBroker(brokerPort);
        String bootstrap = "127.0.0.1:" + brokerPort;
        createTopics(bootstrap);
        Path config = writeConfig(bootstrap);
        for (int i = 0; i < gateways.length; i++) {
            ports.add(freePort());
            gateways[i] = startGateway(config, ports.get(i));
        }
        for (int i = 0; i < gateways.length; i++) {
            awaitReady(i);
        }
        try (var balancer = new LoadBalancer(ports)) {
            for (int i = 0; i < CHANNELS; i++) {
                published.add(new AtomicInteger());
            }
            connectAll(balancer.port());
            List<Thread> publishers = startPublishers(balancer.port());
            try {
                killGateways(config, balancer);
                // The broker dies and comes back at once; then it is away for 30 s.
                broker.kill();
                broker = startBroker(brokerPort);
                awaitProgress();
                broker.kill();
                pause(Duration.ofSeconds(30));
                broker = startBroker(brokerPort);
                awaitProgress();
            } finally {
                publishing = false;
                for (Thread publisher : publishers) {
                    publisher.join();
                }
            }
            check();
        } finally {
            broker.close();
        }
    }

    private void killGateways(Path config, LoadBalancer balancer) throws Exception {
        long end = System.nanoTime() + killing.toNanos();
        while (System.nanoTime() < end) {
            int victim = random.nextInt(gateways.length);
            gateways[victim].kill();
            int cuts = random.nextInt(20);
            for (int i = 0; i < cuts; i++) {
                balancer.cut(random.nextInt(10), random);
                pause(Duration.ofMillis(random.nextInt(100)));
            }
            gateways[victim] = startGateway(config, ports.get(victim));
            awaitReady(victim);
            awaitProgress();
        }
    }

    private void check() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        for (Listener listener : listeners) {
            while (listener.next < published.get(listener.channel).get()
                    && faults.isEmpty()
                    && System.nanoTime() < deadline) {
                pause(Duration.ofMillis(20));
            }
        }
        long total = published.stream().mapToInt(AtomicInteger::get).sum();
        assertThat(faults).describedAs("seed %d", seed).isEmpty();
        for (Listener listener : listeners) {
            assertThat(listener.next)
                    .describedAs("records of channel %d heard; seed %d", listener.channel, seed)
                    .isEqualTo(published.get(listener.channel).get());
        }
        System.out.printf(
                "fault test: %d records in %d channels, each heard once and in order by %d"
                        + " subscribers; seed %d%n",
                total, CHANNELS, listeners.size(), seed);
        assertThat(total).isGreaterThan(CHANNELS);
    }

    /// One client's record of one channel; confined to its client's event loop.
    private final class Listener implements SubscriptionListener {
        final int channel;
        volatile int next;
        private boolean wasSubscribed;

        Listener(int channel) {
            this.channel = channel;
        }

        @Override
        public void subscribed(Position position, boolean wasRecovering, boolean recovered) {
            if (!wasSubscribed) {
                wasSubscribed = true;
                subscribed.incrementAndGet();
            } else if (!recovered) {
                faults.add("channel %d was not recovered".formatted(channel));
            }
        }

        @Override
        public void publication(Publication publication) {
            int number = Integer.parseInt(publication.text());
            if (number != next) {
                faults.add("channel %d: %d came where %d was due".formatted(channel, number, next));
            }
            next = number + 1;
        }

        @Override
        public void unsubscribed(int code, String reason) {
            faults.add("channel %d ended: %d %s".formatted(channel, code, reason));
        }

        @Override
        public void error(ClientException error) {
            if (!error.temporary()) {
                faults.add("channel %d refused: %s".formatted(channel, error.getMessage()));
            }
        }
    }

    /// A hundred at a time, so that this process is not what they wait for.
    private void connectAll(int port) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        for (int i = 0; i < CLIENTS; i++) {
            while (subscribed.get() < listeners.size() - 100 * CHANNELS_PER_CLIENT) {
                assertThat(System.nanoTime())
                        .describedAs("%d of %d subscribed", subscribed.get(), listeners.size())
                        .isLessThan(deadline);
                pause(Duration.ofMillis(10));
            }
            GrandstandClient client = client(port, "player-" + i);
            for (int j = 0; j < CHANNELS_PER_CLIENT; j++) {
                var listener = new Listener((i * CHANNELS_PER_CLIENT + j) % CHANNELS);
                listeners.add(listener);
                client.subscribe("chat:" + listener.channel, listener);
            }
        }
        while (subscribed.get() < listeners.size()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            pause(Duration.ofMillis(10));
        }
    }

    private GrandstandClient client(int port, String player) {
        var endpoint = URI.create("ws://127.0.0.1:" + port + "/connection/websocket");
        Instant expiry = Instant.now().plus(Duration.ofHours(1));
        var config =
                new ClientConfig(
                        endpoint,
                        () -> tokens.connection(player, expiry),
                        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2)),
                        Duration.ofSeconds(5));
        var client = new GrandstandClient(loops, config, random.split(), new ClientListener() {});
        clients.add(client);
        client.connect();
        return client;
    }

    /// Each publisher has channels of its own, and repeats a publish by its id until it is
    /// acknowledged: so a channel's records are numbered without a gap.
    private List<Thread> startPublishers(int port) {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int publisher = i;
            GrandstandClient client = client(port, "publisher-" + i);
            threads.add(Thread.ofVirtual().start(() -> publishAll(client, publisher)));
        }
        return threads;
    }

    private void publishAll(GrandstandClient client, int publisher) {
        try {
            while (publishing) {
                for (int channel = publisher; channel < CHANNELS; channel += PUBLISHERS) {
                    int number = published.get(channel).get();
                    publish(client, channel, number);
                    published.get(channel).incrementAndGet();
                }
                pause(Duration.ofMillis(200));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(GrandstandClient client, int channel, int number)
            throws InterruptedException {
        String call =
                "{\"channel\":\"chat:%d\",\"data\":%d,\"id\":\"%d-%d\"}"
                        .formatted(channel, number, channel, number);
        while (true) {
            try {
                client.rpc("publish", call).get();
                refusals.remove(channel);
                return;
            } catch (ExecutionException refused) {
                refusals.put(channel, String.valueOf(refused.getCause()));
                pause(Duration.ofMillis(50));
            }
        }
    }

    /// Waits until every channel has two more records than now: whatever was broken works again.
    private void awaitProgress() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        List<Integer> before = published.stream().map(AtomicInteger::get).toList();
        for (int channel = 0; channel < CHANNELS; channel++) {
            while (published.get(channel).get() < before.get(channel) + 2) {
                assertThat(System.nanoTime())
                        .describedAs("publishing goes on; seed %d; refused: %s", seed, refusals)
                        .isLessThan(deadline);
                pause(Duration.ofMillis(20));
            }
        }
    }

    private Program startBroker(int port) throws Exception {
        Program broker =
                Program.java(
                        384,
                        "io.grandstand.embedded.BrokerProcess",
                        List.of(data.resolve("broker").toString(), Integer.toString(port)));
        broker.awaitLine(line -> line.startsWith("ready "), START);
        return broker;
    }

    private Program startGateway(Path config, int port) throws IOException {
        return Program.java(
                256,
                "io.grandstand.cli.Main",
                List.of(
                        "gateway",
                        "--config",
                        config.toString(),
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.resolve("gateway-" + port).toString()));
    }

    private void awaitReady(int index) throws Exception {
        var ready =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/health/ready"
                                                .formatted(ports.get(index))))
                        .build();
        long deadline = System.nanoTime() + START.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    if (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    assertThat(gateways[index].isAlive())
                            .describedAs("gateway: %s", gateways[index].output())
                            .isTrue();
                    assertThat(System.nanoTime())
                            .describedAs("gateway: %s", gateways[index].output())
                            .isLessThan(deadline);
                    pause(Duration.ofMillis(50));
                }
            }
        }
    }

    private void createTopics(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("chat", 8, (short) 1),
                                    new NewTopic("publishes", 4, (short) 1)
                                            .configs(
                                                    PublishLedger.topicSettings(
                                                            Gateway.PUBLISH_WINDOW))))
                    .all()
                    .get();
        }
    }

    private Path writeConfig(String bootstrap) throws IOException {
        Path file = data.resolve("gateway.yaml");
        Files.writeString(
                file,
                """
                listen: {host: 127.0.0.1}
                kafka: {bootstrap.servers: "%s"}
                authentication:
                  hmac: {secret: "%s"}
                namespaces:
                  chat: {topic: chat, mode: stream, subscribe: any, publish: any}
                limits: {commands-per-second: 10000}
                internal-topics: {publishes: publishes, create: false}
                """
                        .formatted(bootstrap, new String(SECRET, UTF_8)));
        return file;
    }

    private static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
