package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.auth.Revocation;
import io.grandstand.gateway.auth.RevocationWriter;
import io.grandstand.gateway.auth.Revocations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Revoked players as a gateway learns of them from a real topic.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationsTest {
    private static final Instant NOW = Instant.parse("2026-04-01T18:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(1));
    private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

    private TestCluster cluster;

    @BeforeAll
    void start(@TempDir Path data) {
        cluster = new TestCluster(data);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void whatWasRevokedBeforeIsKnownAtOnce() throws Exception {
        cluster.create("before", 3, COMPACTED);
        List<String> players = IntStream.range(0, 300).mapToObj(i -> "p-" + i).toList();
        try (var writer = new RevocationWriter(cluster.client(), "before")) {
            for (String player : players) {
                writer.revoke(Revocation.deny(player, LATER, "abuse"));
            }
            writer.lift("p-7");
            writer.revoke(Revocation.ofTokensBefore("p-8", NOW, "stolen phone"));
            writer.revoke(Revocation.deny("p-9", NOW.minusSeconds(1), "over"));
        }
        var told = new LinkedBlockingQueue<Revocation>();
        try (var revocations = follow("before", told)) {
            assertThat(players.stream().filter(player -> !revocations.refuses(player, NOW)))
                    .containsExactly("p-7", "p-8", "p-9");
            assertThat(revocations.refuses("p-8", NOW.minusSeconds(1))).isTrue();
            assertThat(revocations.size()).isEqualTo(298);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void anEmptyTopicRefusesNobody() throws Exception {
        cluster.create("empty", 2, COMPACTED);
        try (var revocations = follow("empty", new LinkedBlockingQueue<>())) {
            assertThat(revocations.refuses("asha", null)).isFalse();
        }
    }

    @Test
    void whatIsRevokedLaterIsTold() throws Exception {
        cluster.create("later", 1, COMPACTED);
        var told = new LinkedBlockingQueue<Revocation>();
        try (var writer = new RevocationWriter(cluster.client(), "later");
                var revocations = follow("later", told)) {
            var denied = Revocation.deny("asha", LATER, "abuse");
            writer.revoke(denied);
            assertThat(next(told)).isEqualTo(denied);
            assertThat(revocations.refuses("asha", NOW)).isTrue();

            writer.lift("asha");
            var signedOut = Revocation.ofTokensBefore("ben", NOW, "signed out everywhere");
            writer.revoke(signedOut);
            assertThat(next(told)).isEqualTo(signedOut);
            assertThat(revocations.refuses("asha", NOW)).isFalse();
            assertThat(revocations.refuses("ben", NOW)).isFalse();
            assertThat(revocations.refuses("ben", NOW.minusSeconds(1))).isTrue();
        }
    }

    @Test
    void recordsThatAreNoRevocationsArePassedOver() throws Exception {
        cluster.create("garbage", 1, COMPACTED);
        cluster.write("garbage", "asha", "{\"deniedUntil\":%d}".formatted(LATER.toEpochMilli()));
        cluster.write("garbage", "asha", "not JSON");
        cluster.write("garbage", "", "{\"deniedUntil\":%d}".formatted(LATER.toEpochMilli()));
        cluster.flush();
        var told = new LinkedBlockingQueue<Revocation>();
        try (var revocations = follow("garbage", told)) {
            assertThat(revocations.refuses("asha", NOW)).isTrue();
            assertThat(revocations.refuses("", NOW)).isFalse();
            cluster.write("garbage", "ben", "[1]");
            cluster.write("garbage", "ben", "{\"issuedBefore\":%d}".formatted(NOW.toEpochMilli()));
            cluster.flush();
            assertThat(next(told)).isEqualTo(Revocation.ofTokensBefore("ben", NOW, ""));
        }
    }

    @Test
    void onlyWhatIsCommittedCounts() throws Exception {
        cluster.create("transactions", 1, COMPACTED);
        var config = new HashMap<>(cluster.client());
        config.put("transactional.id", "revoker");
        String denied = "{\"deniedUntil\":%d}".formatted(LATER.toEpochMilli());
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>("transactions", "asha", denied));
            producer.abortTransaction();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>("transactions", "ben", denied));
            producer.commitTransaction();
        }
        try (var revocations = follow("transactions", new LinkedBlockingQueue<>())) {
            assertThat(revocations.refuses("asha", NOW)).isFalse();
            assertThat(revocations.refuses("ben", NOW)).isTrue();
        }
    }

    @Test
    void aTopicThatIsMadeDuringTheStartIsWaitedFor() throws Exception {
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Revocations> starting =
                    other.submit(() -> follow("made-meanwhile", new LinkedBlockingQueue<>()));
            assertThat(starting.isDone()).isFalse();
            cluster.create("made-meanwhile", 1, COMPACTED);
            try (var revocations = starting.get()) {
                assertThat(revocations.refuses("asha", NOW)).isFalse();
            }
        }
    }

    @Test
    void newPartitionsAreReadToo() throws Exception {
        cluster.create("growing", 1, COMPACTED);
        var told = new LinkedBlockingQueue<Revocation>();
        // A player whose records will move, as 0 was everybody's partition before.
        String moved = playerOf(2, 3);
        try (var revocations = follow("growing", told)) {
            try (var before = new RevocationWriter(cluster.client(), "growing")) {
                before.revoke(Revocation.deny(moved, LATER, "before"));
                assertThat(next(told).reason()).isEqualTo("before");
            }
            try (Admin admin = Admin.create(cluster.client())) {
                admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(3))).all().get();
            }
            try (var after = new RevocationWriter(cluster.client(), "growing")) {
                after.lift(moved);
                for (int partition = 0; partition < 3; partition++) {
                    after.revoke(Revocation.deny(playerOf(partition, 3), LATER, "after"));
                }
                assertThat(Stream.of(next(told), next(told), next(told)).map(Revocation::player))
                        .containsExactlyInAnyOrder(playerOf(0, 3), playerOf(1, 3), playerOf(2, 3));
                after.lift(moved);
            }
            assertThat(revocations.refuses(playerOf(0, 3), NOW)).isTrue();
        }
        try (var afresh = follow("growing", new LinkedBlockingQueue<>())) {
            assertThat(afresh.refuses(moved, NOW)).isFalse();
            assertThat(afresh.refuses(playerOf(0, 3), NOW)).isTrue();
            assertThat(afresh.refuses(playerOf(1, 3), NOW)).isTrue();
        }
    }

    @Test
    void whatIsKnownStaysInForceWhileKafkaIsAway(@TempDir Path data) throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var told = new LinkedBlockingQueue<Revocation>();
        var first = new TestCluster(data, port);
        first.create("revoked", 1, COMPACTED);
        write(first, Revocation.deny("asha", LATER, "before"));
        try (var revocations = follow(first, "revoked", told)) {
            first.close();
            assertThat(revocations.refuses("asha", NOW)).isTrue();
            try (var second = new TestCluster(data, port)) {
                write(second, Revocation.deny("ben", LATER, "after"));
                assertThat(next(told).player()).isEqualTo("ben");
                assertThat(revocations.refuses("asha", NOW)).isTrue();
                assertThat(revocations.refuses("ben", NOW)).isTrue();
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    void aRevocationThatCannotBeWrittenFailsInASentence() {
        var config = new HashMap<>(cluster.client());
        config.put("max.block.ms", 500);
        try (var writer = new RevocationWriter(config, "no-such-topic")) {
            assertThatThrownBy(() -> writer.lift("asha"))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                            "What is said of asha may not have been written to topic no-such-topic:"
                                    + " .+\\.");
        }
    }

    private static void write(TestCluster cluster, Revocation revocation) throws Exception {
        try (var writer = new RevocationWriter(cluster.client(), "revoked")) {
            writer.revoke(revocation);
        }
    }

    private Revocations follow(String topic, BlockingQueue<Revocation> told) throws Exception {
        return follow(cluster, topic, told);
    }

    private static Revocations follow(
            TestCluster cluster, String topic, BlockingQueue<Revocation> told) throws Exception {
        var config = new HashMap<>(cluster.client());
        config.put("metadata.max.age.ms", 500);
        return Revocations.start(config, topic, InstantSource.fixed(NOW), told::add);
    }

    private static Revocation next(BlockingQueue<Revocation> told) throws InterruptedException {
        Revocation next = told.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no revocation was told of for 60 s");
        }
        return next;
    }

    /// A player whose records Kafka's partitioner puts into that one of so many partitions.
    private static String playerOf(int partition, int partitions) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "player-" + i)
                .filter(player ->
                        Utils.toPositive(Utils.murmur2(player.getBytes(UTF_8))) % partitions
                                == partition)
                .findFirst()
                .orElseThrow();
    }
}
