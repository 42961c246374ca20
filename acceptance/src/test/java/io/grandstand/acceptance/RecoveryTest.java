package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.client.Backoff;
import io.grandstand.client.ClientConfig;
import io.grandstand.client.ClientException;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Position;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of subscribers when Kafka's log moves on, is deleted, or is away.
class RecoveryTest {
    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "chat",
                            "chat",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL));

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<GrandstandClient> clients = new ArrayList<>();

    @TempDir private Path data;

    @AfterEach
    void stop() {
        clients.forEach(GrandstandClient::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /// Its position is older than anything Kafka still has, and yet nothing was missed.
    @Test
    void aQuietChannelWhosePositionWasDeletedIsToldThatItMissedNothing() throws Exception {
        try (var cluster = new TestCluster(data)) {
            cluster.create("chat", 1, Map.of());
            try (var gateway = new TestGateway(cluster.client(), NAMESPACES)) {
                Recording quiet = subscribe(gateway, "asha", "chat:quiet");
                Position position = quiet.next(Recording.Subscribed.class).position();
                Recording busy = subscribe(gateway, "ben", "chat:busy");
                Position busyPosition = busy.next(Recording.Subscribed.class).position();
                for (int i = 0; i < 100; i++) {
                    cluster.write("chat", "busy", Integer.toString(i));
                }
                cluster.flush();
                busy.messages(100);
                deleteBefore(cluster, 90);
                var again = new Recording();
                client(gateway, "cleo").subscribe("chat:quiet", position, again);
                Recording.Subscribed subscribed = again.next(Recording.Subscribed.class);
                assertThat(subscribed.recovered()).isTrue();
                assertThat(subscribed.position().offset())
                        .describedAs("the client's position moves out of danger")
                        .isGreaterThanOrEqualTo(100);
                // The other channel has records in the window, so it is recovered from there.
                var busyAgain = new Recording();
                client(gateway, "dora").subscribe("chat:busy", busyPosition, busyAgain);
                assertThat(busyAgain.next(Recording.Subscribed.class).recovered()).isTrue();
                assertThat(busyAgain.messages(100)).hasSize(100);
            }
            // A new node knows only what Kafka has.
            try (var another = new TestGateway(cluster.client(), NAMESPACES)) {
                var lost = new Recording();
                client(another, "asha").subscribe("chat:busy", new Position("", 50), lost);
                Recording.Subscribed subscribed = lost.next(Recording.Subscribed.class);
                assertThat(subscribed.wasRecovering()).isTrue();
                assertThat(subscribed.recovered()).isFalse();
                cluster.write("chat", "busy", "\"new\"");
                cluster.flush();
                assertThat(lost.messages(1)).containsExactly("\"new\"");
            }
        }
    }

    /// A connected client whose channel is quiet gets a newer position before its own is deleted.
    @Test
    void aConnectedClientsPositionIsKeptOutOfDanger() throws Exception {
        try (var cluster = new TestCluster(data)) {
            cluster.create("chat", 1, Map.of());
            try (var gateway = new TestGateway(cluster.client(), NAMESPACES)) {
                Recording quiet = subscribe(gateway, "asha", "chat:quiet");
                Position first = quiet.next(Recording.Subscribed.class).position();
                for (int i = 0; i < 100; i++) {
                    cluster.write("chat", "busy", Integer.toString(i));
                }
                cluster.flush();
                deleteBefore(cluster, 90);
                Recording.Subscribed again = quiet.next(Recording.Subscribed.class);
                assertThat(again.recovered()).isTrue();
                assertThat(again.position().offset()).isGreaterThan(first.offset());
            }
        }
    }

    /// 10,000 subscriptions, each to a channel of its own in one partition, recover the same 24 MB.
    @Test
    void aStormOfReconnectsReadsTheRangeAboutOnce() throws Exception {
        int connections = 100;
        int channels = 100;
        try (var cluster = new TestCluster(data)) {
            cluster.create("chat", 1, Map.of());
            try (var gateway = new TestGateway(cluster.client(), NAMESPACES)) {
                Recording first = subscribe(gateway, "asha", "chat:0-0");
                Position start = first.next(Recording.Subscribed.class).position();
                for (int i = 0; i < connections; i++) {
                    for (int j = 0; j < channels; j++) {
                        cluster.write("chat", i + "-" + j, "1");
                    }
                }
                String filler = "\"" + "x".repeat(12_000) + "\"";
                for (int i = 0; i < 2000; i++) {
                    cluster.write("chat", "filler", filler);
                }
                cluster.write("chat", "0-0", "2");
                cluster.flush();
                first.messages(2);
                long before = gateway.kafkaBytesRead();
                var recordings = new ArrayList<Recording>();
                for (int i = 0; i < connections; i++) {
                    GrandstandClient client = client(gateway, "player-" + i);
                    for (int j = 0; j < channels; j++) {
                        var recording = new Recording();
                        client.subscribe("chat:" + i + "-" + j, start, recording);
                        recordings.add(recording);
                    }
                }
                for (Recording recording : recordings) {
                    assertThat(recording.messages(1)).containsExactly("1");
                }
                assertThat(recordings.getFirst().messages(1)).containsExactly("2");
                long range = 2000L * filler.length();
                assertThat(gateway.kafkaBytesRead() - before)
                        .describedAs("bytes read for 10,000 subscriptions that missed %d", range)
                        .isLessThan(3 * range);
            }
        }
    }

    /// Nobody hangs, nobody sees a record of the old topic after the new one's first.
    @Test
    void aTopicThatIsDeletedAndCreatedAgainStartsAnew() throws Exception {
        try (var cluster = new TestCluster(data)) {
            cluster.create("chat", 2, Map.of());
            try (var gateway = new TestGateway(cluster.client(), NAMESPACES)) {
                var recordings = new ArrayList<Recording>();
                for (int i = 0; i < 50; i++) {
                    recordings.add(subscribe(gateway, "player-" + i, "chat:" + i % 5));
                }
                var oldEpochs = new HashSet<String>();
                for (Recording recording : recordings) {
                    oldEpochs.add(recording.next(Recording.Subscribed.class).position().epoch());
                }
                for (int n = 0; n < 500; n++) {
                    cluster.write("chat", Integer.toString(n % 5), "\"old-%d\"".formatted(n));
                }
                cluster.flush();
                try (Admin admin = Admin.create(cluster.client())) {
                    admin.deleteTopics(List.of("chat")).all().get();
                }
                createWhenGone(cluster, "chat", 3);
                // Every client finds its way into the new topic: with a new epoch, unrecovered.
                var epochs = new HashSet<String>();
                for (Recording recording : recordings) {
                    Recording.Subscribed now = nextInAnotherThan(oldEpochs, recording);
                    assertThat(now.recovered()).isFalse();
                    epochs.add(now.position().epoch());
                }
                assertThat(epochs).hasSizeLessThanOrEqualTo(3);
                cluster.restartProducer();
                for (int n = 0; n < 500; n++) {
                    cluster.write("chat", Integer.toString(n % 5), "\"new-%d\"".formatted(n));
                }
                cluster.flush();
                for (Recording recording : recordings) {
                    assertThat(recording.messages(100))
                            .allMatch(message -> message.startsWith("\"new-"));
                }
                publishUntilTaken(clients.getFirst(), "chat:0", "\"from a client\"");
                assertThat(recordings.getFirst().messages(1)).containsExactly("\"from a client\"");
            }
        }
    }

    /// Waits for a subscription in another history; what it hears of the old one is passed over.
    private static Recording.Subscribed nextInAnotherThan(
            Set<String> oldEpochs, Recording recording) throws InterruptedException {
        while (true) {
            if (recording.next() instanceof Recording.Subscribed subscribed
                    && !oldEpochs.contains(subscribed.position().epoch())) {
                return subscribed;
            }
        }
    }

    @Test
    void whileKafkaIsAwayPublishesAreRefusedSoonAndSubscriptionsGoOnAfterwards() throws Exception {
        int port = freePort();
        var cluster = new TestCluster(data, port);
        cluster.create("chat", 1, Map.of());
        try (var gateway = new TestGateway(cluster.client(), NAMESPACES)) {
            Recording asha = subscribe(gateway, "asha", "chat:room");
            asha.next(Recording.Subscribed.class);
            GrandstandClient ben = client(gateway, "ben");
            var connected = new Recording();
            ben.subscribe("chat:ben", connected);
            connected.next(Recording.Subscribed.class);
            ben.publish("chat:room", "1").get();
            assertThat(asha.messages(1)).containsExactly("1");
            cluster.close();
            for (int i = 0; i < 3; i++) {
                long start = System.nanoTime();
                checkRefused(ben.publish("chat:room", "\"lost\""));
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .describedAs("a client is not left to wonder")
                        .isLessThan(Duration.ofMillis(1500));
            }
            var late = new Recording();
            client(gateway, "cleo").subscribe("chat:room", late);
            cluster = new TestCluster(data, port);
            publishUntilTaken(ben, "chat:room", "2");
            assertThat(asha.messages(1)).containsExactly("2");
            while (!(late.next() instanceof Recording.Subscribed)) {
                // Refused for as long as Kafka was away, and tried again.
            }
        } finally {
            cluster.close();
        }
    }

    /// Publishes as a client should: a temporary error means once more.
    private static void publishUntilTaken(GrandstandClient client, String channel, String data)
            throws InterruptedException {
        while (true) {
            try {
                client.publish(channel, data).get();
                return;
            } catch (ExecutionException refused) {
                assertThat(refused.getCause())
                        .isInstanceOfSatisfying(
                                ClientException.class,
                                error -> assertThat(error.temporary()).isTrue());
            }
        }
    }

    private static void checkRefused(CompletableFuture<?> publish) {
        assertThatThrownBy(publish::join)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, error -> assertThat(error.temporary()).isTrue());
    }

    private static void deleteBefore(TestCluster cluster, long offset) throws Exception {
        try (Admin admin = Admin.create(cluster.client())) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition("chat", 0),
                                    RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    private static void createWhenGone(TestCluster cluster, String topic, int partitions)
            throws Exception {
        while (true) {
            try {
                cluster.create(topic, partitions, Map.of());
                return;
            } catch (ExecutionException stillThere) {
                // Deleting takes the broker a moment.
            }
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Recording subscribe(TestGateway gateway, String player, String channel) {
        var recording = new Recording();
        client(gateway, player).subscribe(channel, recording);
        return recording;
    }

    private GrandstandClient client(TestGateway gateway, String player) {
        var config =
                new ClientConfig(
                        gateway.endpoint(),
                        () -> gateway.token(player),
                        new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1)),
                        Duration.ofSeconds(5));
        var client =
                new GrandstandClient(
                        loops,
                        config,
                        new SplittableRandom(clients.size()),
                        new ClientListener() {});
        client.connect();
        clients.add(client);
        return client;
    }
}
