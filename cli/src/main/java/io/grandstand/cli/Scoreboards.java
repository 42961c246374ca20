package io.grandstand.cli;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest scoreboard of each match, followed on a thread of its own. Reads are thread-safe.
final class Scoreboards implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scoreboards.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Scoreboard> newest = new ConcurrentHashMap<>();
    private final CountDownLatch any = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closing;

    /// Reads what there is before it returns, then goes on reading.
    Scoreboards(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.SCOREBOARD.name()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll();
        }
        thread = Thread.ofPlatform().name("scoreboards").start(this::follow);
    }

    /// All matches: those still to be played or in play first, the latest first of each.
    List<Scoreboard> list() {
        return newest.values().stream()
                .sorted(
                        Comparator.comparing((Scoreboard board) ->
                                        board.state() == Scoreboard.State.FINISHED)
                                .thenComparing(Scoreboard::asOf, Comparator.reverseOrder()))
                .toList();
    }

    /// Waits until there is a match to list; false where none came in time.
    boolean awaitAny(Duration atMost) throws InterruptedException {
        return any.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    Optional<Scoreboard> find(String match) {
        return Optional.ofNullable(newest.get(match));
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException cutShort) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try (consumer) {
            while (!closing) {
                poll();
            }
        } catch (WakeupException closed) {
            // That is how it ends.
        }
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(500))) {
            if (message.value() == null) {
                continue;
            }
            try {
                Scoreboard board = Json.read(message.value(), Scoreboard.class);
                newest.put(board.match(), board);
                any.countDown();
            } catch (InvalidRecordException e) {
                log.warn(
                        "[{}-{}@{}] {}",
                        message.topic(),
                        message.partition(),
                        message.offset(),
                        e.getMessage());
            }
        }
    }
}
