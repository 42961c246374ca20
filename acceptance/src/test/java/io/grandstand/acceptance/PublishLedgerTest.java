package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.publish.Outcome;
import io.grandstand.gateway.publish.PublishLedger;
import io.grandstand.protocol.TrustedHeaders;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Publishing that is asked for again, before a real broker. A node that died is what it left in
/// the topics, written by hand.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishLedgerTest {
    private static final String LEDGER = "publish-ledger";
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int PARTITIONS = 3;

    /// Longer than a ledger may take, and than that takes on a busy machine.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A topic with its records' own timestamps, one with the broker's, and one that is compacted.
    private static final List<String> TARGETS = List.of("chat", "answer", "price");

    private TestCluster cluster;
    private KafkaProducer<byte[], byte[]> producer;
    private PublishLedger here;
    private PublishLedger elsewhere;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cluster = new TestCluster(data);
        createTopics(cluster);
        producer =
                new KafkaProducer<>(
                        cluster.client(), new ByteArraySerializer(), new ByteArraySerializer());
        here = node(cluster, TARGETS);
        elsewhere = node(cluster, TARGETS);
    }

    @AfterAll
    void stop() {
        here.close();
        elsewhere.close();
        producer.close();
        cluster.close();
    }

    @Test
    void askedForAgainAnywhereItIsTheSameRecord() throws Exception {
        Outcome first = publish(here, "chat", "asha", "1", "hello");
        assertThat(publish(here, "chat", "asha", "1", "hello")).isEqualTo(first);
        assertThat(publish(elsewhere, "chat", "asha", "1", "hello")).isEqualTo(first);
        ConsumerRecord<@Nullable String, @Nullable String> message = onlyRecord("chat", "asha");
        assertThat(place(message)).isEqualTo(first);
        assertThat(message.value()).isEqualTo("hello");
    }

    @Test
    void otherDataUnderTheSameIdIsTheSamePublish() throws Exception {
        Outcome first = publish(here, "chat", "ben", "1", "first");
        assertThat(publish(elsewhere, "answer", "ben", "1", "second")).isEqualTo(first);
        assertThat(onlyRecord("chat", "ben").value()).isEqualTo("first");
        assertThat(records("answer", "ben")).isEmpty();
    }

    @Test
    void anotherPlayersSameIdIsAnotherPublish() throws Exception {
        assertThat(publish(here, "chat", "cleo", "1", "mine"))
                .isNotEqualTo(publish(here, "chat", "dana", "1", "mine too"));
        onlyRecord("chat", "cleo");
        onlyRecord("chat", "dana");
    }

    @Test
    void askedForOnTwoNodesAtOnceItIsOneRecord() throws Exception {
        var answers = new ArrayList<List<CompletableFuture<Outcome>>>();
        for (int i = 0; i < 200; i++) {
            String id = String.valueOf(i);
            answers.add(
                    List.of(
                            ask(here, "chat", "emil", id, id),
                            ask(elsewhere, "chat", "emil", id, id),
                            ask(here, "chat", "emil", id, id)));
        }
        for (List<CompletableFuture<Outcome>> same : answers) {
            assertThat(await(same.get(0))).isInstanceOf(Outcome.Written.class);
            assertThat(await(same.get(1))).isEqualTo(await(same.get(0)));
            assertThat(await(same.get(2))).isEqualTo(await(same.get(0)));
        }
        assertThat(records("chat", "emil")).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void anIdThatIsEmptyOrTooLongIsRefused() throws Exception {
        assertThat(publish(here, "chat", "fay", "", "x")).isEqualTo(new Outcome.InvalidId());
        assertThat(publish(here, "chat", "fay", "x".repeat(65), "x"))
                .isEqualTo(new Outcome.InvalidId());
        assertThat(publish(here, "chat", "fay", "x".repeat(64), "x"))
                .isInstanceOf(Outcome.Written.class);
    }

    @Test
    void aMessageWithoutItsHeadersIsAMistakeOfTheCaller() {
        assertThatThrownBy(() -> here.publish("gus", "1", message("chat", "gus", "2", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the id is not in the headers");
    }

    @Test
    void ofANodeThatDiedBeforeItWroteThereIsNoRecordAndTheRetryWritesOne() throws Exception {
        for (String topic : TARGETS) {
            leaveClaim("hana", topic, topic, System.currentTimeMillis());
        }
        Map<String, Outcome> written = retryElsewhere("hana");
        for (String topic : TARGETS) {
            assertThat(place(onlyRecord(topic, "hana"))).isEqualTo(written.get(topic));
            assertThat(publish(here, topic, "hana", topic, "again")).isEqualTo(written.get(topic));
            // What the search wrote to see the end of the log was never committed.
            assertThat(records(topic, "barrier")).isEmpty();
        }
    }

    @Test
    void ofANodeThatDiedBeforeItAnsweredTheRecordIsFound() throws Exception {
        var left = new HashMap<String, Outcome>();
        for (String topic : TARGETS) {
            long atMs = System.currentTimeMillis();
            leaveClaim("ivo", topic, topic, atMs);
            left.put(topic, leaveMessage(topic, "ivo", topic, atMs));
        }
        assertThat(retryElsewhere("ivo")).isEqualTo(left);
        for (String topic : TARGETS) {
            assertThat(onlyRecord(topic, "ivo").value()).isEqualTo("left");
        }
    }

    @Test
    void theRecordIsFoundHoweverWrongTheClockOfItsNodeWas() throws Exception {
        for (int wrongMinutes : new int[] {-60, 59}) {
            long wrongMs = TimeUnit.MINUTES.toMillis(wrongMinutes);
            String player = "jo" + wrongMinutes;
            var left = new HashMap<String, Outcome>();
            for (String topic : TARGETS) {
                long atMs = System.currentTimeMillis() + wrongMs;
                leaveClaim(player, topic, topic, atMs);
                left.put(topic, leaveMessage(topic, player, topic, atMs));
            }
            assertThat(retryElsewhere(player)).isEqualTo(left);
        }
    }

    @Test
    void aRestartedNodeRemembersWhatOthersDid() throws Exception {
        Outcome first = publish(here, "chat", "kim", "1", "hello");
        try (PublishLedger restarted = node(cluster, TARGETS)) {
            assertThat(publish(restarted, "chat", "kim", "1", "hello")).isEqualTo(first);
        }
        onlyRecord("chat", "kim");
    }

    @Test
    void aClosedNodeRefuses() throws Exception {
        PublishLedger closed = node(cluster, TARGETS);
        publish(closed, "chat", "lea", "1", "hello");
        closed.close();
        closed.close();
        assertThat(publish(closed, "chat", "lea", "2", "hello"))
                .isEqualTo(new Outcome.Temporary(Outcome.Cause.BUSY));
    }

    @Test
    void whereKafkaIsAwayTheAnswerComesSoonAndWhenItIsBackThereIsOneRecord(@TempDir Path data)
            throws Exception {
        var first = new TestCluster(data);
        createTopics(first);
        String address = String.valueOf(first.client().get("bootstrap.servers"));
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (PublishLedger node = node(first, TARGETS)) {
            Outcome before = publish(node, "chat", "mia", "before", "hello");
            assertThat(before).isInstanceOf(Outcome.Written.class);
            first.close();
            // Of other players' partitions nothing was read so far.
            for (String player : List.of("mia", "nick", "olga", "pia")) {
                long asked = System.nanoTime();
                assertThat(publish(node, "chat", player, "away", "hello"))
                        .isEqualTo(new Outcome.Temporary(Outcome.Cause.UNREACHABLE));
                // A second, and what it takes a busy machine.
                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .isLessThan(Duration.ofMillis(1500));
            }
            for (int i = 0; i < 10_000; i++) {
                var _ = ask(node, "chat", "rosa", String.valueOf(i), "hello");
            }
            assertThat(ask(node, "chat", "rosa", "one too many", "hello"))
                    .isCompletedWithValue(new Outcome.Temporary(Outcome.Cause.BUSY));
            try (var second = new TestCluster(data, port)) {
                assertThat(publishUntilWritten(node, "chat", "mia", "before", "hello"))
                        .isEqualTo(before);
                for (String player : List.of("mia", "nick", "olga", "pia")) {
                    Outcome written = publishUntilWritten(node, "chat", player, "away", "hello");
                    assertThat(
                                    second.readAll("chat").stream()
                                            .filter(message -> isOf(message, player, "away"))
                                            .map(PublishLedgerTest::place))
                            .containsExactly(written);
                }
            }
        }
    }

    /// With this setting the broker itself holds the bound that the ledger rests on.
    @Test
    void aBrokerMayRefuseWhatComesTooLate() throws Exception {
        cluster.create("strict", 1, Map.of("message.timestamp.before.max.ms", "3500"));
        try (PublishLedger node = node(cluster, List.of("strict"))) {
            var inTime = message("strict", "quin", "1", "in time", 0);
            assertThat(await(node.publish("quin", "1", inTime).toCompletableFuture()))
                    .isInstanceOf(Outcome.Written.class);
        }
        long lateMs = System.currentTimeMillis() - 3600;
        assertThatThrownBy(() ->
                        producer.send(
                                        new ProducerRecord<>(
                                                "strict", 0, lateMs, null, "late".getBytes(UTF_8)))
                                .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InvalidTimestampException.class);
    }

    @Test
    void aTopicThatCannotBeTheLedgerIsRefused() throws Exception {
        cluster.create("unsuited", 1, Map.of("cleanup.policy", "compact", "retention.ms", "1000"));
        assertThatThrownBy(() -> node(cluster, "unsuited", TARGETS))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "topic unsuited cannot remember publishes: cleanup.policy is compact: must"
                                + " be delete; message.timestamp.type is CreateTime: must be"
                                + " LogAppendTime; retention.ms is 1000: must be at least 1200000,"
                                + " twice the window");
        assertThatThrownBy(() -> node(cluster, "missing", TARGETS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("topic missing");
    }

    private static void createTopics(TestCluster cluster) throws Exception {
        cluster.create(LEDGER, 2, PublishLedger.topicSettings(WINDOW));
        cluster.create("chat", PARTITIONS, Map.of());
        cluster.create("answer", PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime"));
        cluster.create("price", PARTITIONS, Map.of("cleanup.policy", "compact"));
    }

    private static PublishLedger node(TestCluster cluster, List<String> targets) throws Exception {
        return node(cluster, LEDGER, targets);
    }

    private static PublishLedger node(TestCluster cluster, String ledger, List<String> targets)
            throws Exception {
        return PublishLedger.start(
                new PublishLedger.Settings(cluster.client(), ledger, targets, WINDOW),
                InstantSource.system(),
                UUID.randomUUID());
    }

    private static CompletableFuture<Outcome> ask(
            PublishLedger node, String topic, String player, String id, String value) {
        return node.publish(player, id, message(topic, player, id, value)).toCompletableFuture();
    }

    private static Outcome await(CompletableFuture<Outcome> answer) throws Exception {
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Outcome publish(
            PublishLedger node, String topic, String player, String id, String value)
            throws Exception {
        return await(ask(node, topic, player, id, value));
    }

    /// As a client does, which asks again after a temporary error.
    private static Outcome publishUntilWritten(
            PublishLedger node, String topic, String player, String id, String value)
            throws Exception {
        Outcome outcome = publish(node, topic, player, id, value);
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (outcome instanceof Outcome.Temporary && System.nanoTime() < deadline) {
            outcome = publish(node, topic, player, id, value);
        }
        assertThat(outcome).isInstanceOf(Outcome.Written.class);
        return outcome;
    }

    /// Publishes to each target, with the target's name as the id.
    private Map<String, Outcome> retryElsewhere(String player) throws Exception {
        // All at once first: what can be searched for together is.
        List<CompletableFuture<Outcome>> together =
                TARGETS.stream()
                        .map(topic -> ask(elsewhere, topic, player, topic, "retried"))
                        .toList();
        for (CompletableFuture<Outcome> answer : together) {
            await(answer);
        }
        var written = new HashMap<String, Outcome>();
        for (String topic : TARGETS) {
            written.put(topic, publishUntilWritten(elsewhere, topic, player, topic, "retried"));
        }
        return written;
    }

    /// The claim of a node that died, as docs/design/publishing.md has it.
    private void leaveClaim(String player, String id, String topic, long atMs) throws Exception {
        var node = UUID.randomUUID();
        var value = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(value)) {
            out.writeByte('C');
            out.writeLong(node.getMostSignificantBits());
            out.writeLong(node.getLeastSignificantBits());
            out.writeLong(0);
            out.writeUTF(id);
            out.writeUTF(topic);
            out.writeInt(partition(player));
            out.writeLong(atMs);
        }
        producer.send(new ProducerRecord<>(LEDGER, player.getBytes(UTF_8), value.toByteArray()))
                .get();
    }

    private Outcome leaveMessage(String topic, String player, String id, long atMs)
            throws Exception {
        ProducerRecord<byte[], byte[]> message = message(topic, player, id, "left");
        RecordMetadata left =
                producer.send(
                                new ProducerRecord<>(
                                        topic,
                                        message.partition(),
                                        atMs,
                                        message.key(),
                                        message.value(),
                                        message.headers()))
                        .get();
        return new Outcome.Written(left.partition(), left.offset());
    }

    private static ProducerRecord<byte[], byte[]> message(
            String topic, String player, String id, String value) {
        return message(topic, player, id, value, partition(player));
    }

    private static ProducerRecord<byte[], byte[]> message(
            String topic, String player, String id, String value, int partition) {
        var message =
                new ProducerRecord<>(
                        topic, partition, player.getBytes(UTF_8), value.getBytes(UTF_8));
        message.headers()
                .add(TrustedHeaders.PLAYER, player.getBytes(UTF_8))
                .add(PublishLedger.ID_HEADER, id.getBytes(UTF_8));
        return message;
    }

    private static int partition(String player) {
        return Utils.toPositive(Utils.murmur2(player.getBytes(UTF_8))) % PARTITIONS;
    }

    private ConsumerRecord<@Nullable String, @Nullable String> onlyRecord(
            String topic, String player) {
        List<ConsumerRecord<@Nullable String, @Nullable String>> all = records(topic, player);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<ConsumerRecord<@Nullable String, @Nullable String>> records(
            String topic, String key) {
        return cluster.readAll(topic).stream()
                .filter(message -> key.equals(message.key()))
                .toList();
    }

    private static boolean isOf(ConsumerRecord<?, ?> message, String player, String id) {
        var headers = new HashMap<String, String>();
        message.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers.equals(Map.of(TrustedHeaders.PLAYER, player, PublishLedger.ID_HEADER, id));
    }

    private static Outcome place(ConsumerRecord<?, ?> message) {
        return new Outcome.Written(message.partition(), message.offset());
    }
}
