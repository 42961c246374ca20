package io.grandstand.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.Question.Option;
import io.grandstand.events.Question.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/// Runs on the in-memory clients that Kafka ships; the acceptance module runs it on a broker.
class MatchFeedTest {
    private static final String MATCH = "335982";
    private static final int PARTITIONS = 4;
    private static final int PARTITION =
            BuiltInPartitioner.partitionForKey(Topic.key(MATCH), PARTITIONS);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    @Test
    void whatItSaysIsKeyedByTheMatch() throws InterruptedException {
        feed(MatchFeedTest::neverAsked).send(Topics.QUESTION_COMMAND, lock("q1"));

        var record = producer.history().getFirst();
        assertThat(record.topic()).isEqualTo("question-command");
        assertThat(record.key()).isEqualTo(Topic.key(MATCH));
        assertThat(Json.read(record.value(), QuestionCommand.class)).isEqualTo(lock("q1"));
    }

    @Test
    void sendingWaitsForTheAcknowledgement() {
        var slow =
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer());
        var feed = new MatchFeed.OnKafka(slow, MatchFeedTest::neverAsked, MATCH, ticking());

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> feed.send(Topics.QUESTION_COMMAND, lock("q1")))
                .isInstanceOf(InterruptedException.class);
        assertThat(slow.history()).hasSize(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void historyIsThisMatchsRecordsInOrderWithoutTheUnreadable() throws InterruptedException {
        var feed =
                feed(() ->
                        consumer(
                                Topics.QUESTION_COMMAND,
                                record(MATCH, lock("q1")),
                                record("another", lock("q9")),
                                Map.entry(MATCH, Topic.key("{}")),
                                record(MATCH, lock("q2"))));

        assertThat(feed.history(Topics.QUESTION_COMMAND)).containsExactly(lock("q1"), lock("q2"));
    }

    @Test
    void anEmptyTopicHasNoHistory() throws InterruptedException {
        assertThat(feed(() -> consumer(Topics.BALL)).history(Topics.BALL)).isEmpty();
    }

    @Test
    void aStateThatIsPublicAlreadyIsNotWaitedFor() throws InterruptedException {
        var feed =
                feed(() ->
                        consumer(
                                Topics.QUESTION,
                                record(MATCH, question("q1", State.OPEN)),
                                record(MATCH, question("q1", State.LOCKED))));

        assertThat(feed.awaitState("q1", State.LOCKED, Duration.ofSeconds(10))).isTrue();
        assertThat(feed.awaitState("q1", State.OPEN, Duration.ZERO)).isTrue();
    }

    @Test
    void aStateBeyondTheAwaitedOneWillDo() throws InterruptedException {
        var feed = feed(() -> consumer(Topics.QUESTION, record(MATCH, question("q1", State.VOID))));

        assertThat(feed.awaitState("q1", State.LOCKED, Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void anOpenQuestionIsWaitedForInVain() throws InterruptedException {
        var feed =
                feed(() ->
                        consumer(
                                Topics.QUESTION,
                                record(MATCH, question("q1", State.OPEN)),
                                record("another", question("q1", State.LOCKED))));

        assertThat(feed.awaitState("q1", State.LOCKED, Duration.ofSeconds(10))).isFalse();
    }

    private MatchFeed feed(Supplier<Consumer<byte[], byte[]>> consumers) {
        return new MatchFeed.OnKafka(producer, consumers, MATCH, ticking());
    }

    /// A clock that is a second later each time it is read.
    private static InstantSource ticking() {
        var seconds = new ArrayDeque<>(List.of(0L));
        return () -> {
            long now = seconds.remove();
            seconds.add(now + 1);
            return Instant.ofEpochSecond(now);
        };
    }

    private static Consumer<byte[], byte[]> neverAsked() {
        throw new AssertionError("sending reads nothing");
    }

    @SafeVarargs
    private static Consumer<byte[], byte[]> consumer(
            Topic<?> topic, Map.Entry<String, byte[]>... records) {
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        var partition = new TopicPartition(topic.name(), PARTITION);
        var infos = new ArrayList<PartitionInfo>();
        for (int p = 0; p < PARTITIONS; p++) {
            infos.add(new PartitionInfo(topic.name(), p, Node.noNode(), new Node[0], new Node[0]));
        }
        consumer.updatePartitions(topic.name(), infos);
        consumer.updateBeginningOffsets(new HashMap<>(Map.of(partition, 0L)));
        consumer.updateEndOffsets(new HashMap<>(Map.of(partition, (long) records.length)));
        consumer.schedulePollTask(() -> {
            for (int offset = 0; offset < records.length; offset++) {
                consumer.addRecord(
                        new ConsumerRecord<>(
                                topic.name(),
                                PARTITION,
                                offset,
                                Topic.key(records[offset].getKey()),
                                records[offset].getValue()));
            }
        });
        return consumer;
    }

    private static Map.Entry<String, byte[]> record(String match, Object value) {
        return Map.entry(match, Json.write(value));
    }

    private static QuestionCommand lock(String question) {
        return new QuestionCommand.Lock(MATCH, question, 1_000);
    }

    private static Question question(String id, State state) {
        return new Question(
                id,
                MATCH,
                1,
                state,
                "What will the next ball bring?",
                List.of(new Option("dot", "Dot ball"), new Option("four", "4 runs")),
                10,
                1,
                2,
                null,
                null);
    }
}
