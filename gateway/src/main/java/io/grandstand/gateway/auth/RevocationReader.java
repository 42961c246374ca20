package io.grandstand.gateway.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a topic of revocations from its beginning, all partitions, without a group. One thread
/// owns the consumer.
final class RevocationReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RevocationReader.class);

    private static final Duration POLL = Duration.ofMillis(200);

    /// How often to look for new partitions, and whether Kafka is there: a poll does not tell an
    /// idle topic from one that cannot be read.
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    /// How long a check waits for Kafka.
    private static final Duration CHECK_TIME_MAX = Duration.ofSeconds(5);

    /// How long to leave Kafka alone after it failed, doubled each time.
    private static final Duration PAUSE_MIN = Duration.ofMillis(250);

    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    private final String topic;
    private final Revocations revocations;
    private final Consumer<Revocation> onRevoked;
    private final KafkaConsumer<byte[], byte @Nullable []> consumer;
    private final CountDownLatch atEnd = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    // Confined to the thread.
    private @Nullable Map<TopicPartition, Long> endsAtStart;
    private long nextCheckNs = System.nanoTime();
    private Duration pause = PAUSE_MIN;

    /// What keeps the topic from being read; null while nothing does. Written by the thread.
    private volatile @Nullable String problem;

    /// Starts the thread.
    RevocationReader(
            Map<String, Object> kafka,
            String topic,
            Revocations revocations,
            Consumer<Revocation> onRevoked) {
        this.topic = topic;
        this.revocations = revocations;
        this.onRevoked = onRevoked;
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // New partitions are seen when the metadata is fetched anew.
        config.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, (int) CHECK_INTERVAL.toMillis());
        consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        thread = Thread.ofPlatform().daemon(false).name("revocations").start(this::run);
    }

    /// Waits until everything has been read that was there in the beginning.
    ///
    /// @throws IOException if that takes longer; the message says why
    void awaitEnd(Duration timeMax) throws IOException, InterruptedException {
        if (!atEnd.await(timeMax.toMillis(), TimeUnit.MILLISECONDS)) {
            String known = problem;
            throw new IOException(
                    "The revocations in topic %s could not be read to their end within %d s: %s."
                            .formatted(
                                    topic,
                                    timeMax.toSeconds(),
                                    known == null ? "there was not enough time" : known));
        }
    }

    /// Ends the thread and its consumer; waits for both. Closing twice is harmless.
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (closing.getCount() > 0) {
                try {
                    step();
                } catch (WakeupException stopped) {
                    return;
                } catch (InvalidOffsetException e) {
                    log.warn("revocations are read again from the beginning: {}", e.toString());
                    consumer.seekToBeginning(e.partitions());
                } catch (RuntimeException e) {
                    // Kafka's, in all likelihood; whatever it is, this thread must not end by it.
                    failed(e);
                    rest();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        if (System.nanoTime() - nextCheckNs >= 0) {
            check();
        }
        if (consumer.assignment().isEmpty()) {
            rest();
        } else {
            consumer.poll(POLL).forEach(this::take);
            noteEnd();
        }
    }

    /// Looks whether Kafka is there, and takes up partitions that are new. A failure does not keep
    /// the partitions known from being polled.
    private void check() {
        revocations.dropOver();
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(), CHECK_TIME_MAX);
            takeUp(ends.keySet());
            if (endsAtStart == null) {
                endsAtStart = ends;
            }
            succeeded();
        } catch (WakeupException stopped) {
            throw stopped;
        } catch (KafkaException e) {
            failed(e);
        }
    }

    private List<TopicPartition> partitions() {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, CHECK_TIME_MAX);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic " + topic);
        }
        return partitions.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private void takeUp(Set<TopicPartition> partitions) {
        Set<TopicPartition> known = consumer.assignment();
        List<TopicPartition> added =
                partitions.stream().filter(partition -> !known.contains(partition)).toList();
        if (!added.isEmpty()) {
            var all = new ArrayList<>(known);
            all.addAll(added);
            consumer.assign(all);
            consumer.seekToBeginning(added);
        }
    }

    private void noteEnd() {
        if (atEnd.getCount() > 0
                && endsAtStart != null
                && endsAtStart.entrySet().stream()
                        .allMatch(end ->
                                consumer.position(end.getKey(), CHECK_TIME_MAX)
                                        >= end.getValue())) {
            atEnd.countDown();
        }
    }

    /// A record that is no revocation is passed over: what is known of its player stays.
    private void take(ConsumerRecord<byte[], byte @Nullable []> message) {
        try {
            String player = player(message.key());
            byte[] value = message.value();
            if (value == null) {
                revocations.lift(message.partition(), player);
                return;
            }
            Revocation revocation = Revocation.parse(player, value);
            if (revocations.put(message.partition(), revocation) && atEnd.getCount() == 0) {
                onRevoked.accept(revocation);
            }
        } catch (ClaimException e) {
            log.warn(
                    "[{}-{}@{}] is no revocation: {}",
                    message.topic(),
                    message.partition(),
                    message.offset(),
                    e.getMessage());
        } catch (RuntimeException e) {
            log.error("a revocation was not carried out to its end", e);
        }
    }

    private static String player(byte @Nullable [] key) throws ClaimException {
        if (key == null || key.length == 0) {
            throw new ClaimException("it has no key");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            throw new ClaimException("its key is not UTF-8");
        }
    }

    /// Says so once until Kafka is back, and asks again soon.
    private void failed(RuntimeException failure) {
        if (problem == null) {
            log.warn(
                    "revocations in topic {} cannot be read, those known stay in force: {}",
                    topic,
                    failure.toString());
        }
        problem = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        nextCheckNs = System.nanoTime() + pause.toNanos();
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
    }

    private void succeeded() {
        if (problem != null) {
            log.info("revocations in topic {} are read again", topic);
            problem = null;
        }
        pause = PAUSE_MIN;
        nextCheckNs = System.nanoTime() + CHECK_INTERVAL.toNanos();
    }

    /// Leaves Kafka alone until the next check is due, or the reader closes.
    private void rest() throws InterruptedException {
        var _ = closing.await(nextCheckNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
