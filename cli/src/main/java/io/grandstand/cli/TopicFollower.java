package io.grandstand.cli;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a topic from its beginning and goes on reading, on a thread of its own. What is no valid
/// record is logged and left out.
final class TopicFollower<V> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);

    private final Class<V> type;
    private final BiConsumer<@Nullable String, @Nullable V> each;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean closing;

    /// Has read what there is when it returns. Of a topic with a copy of all records in every
    /// partition one partition is enough.
    ///
    /// @param each told each record's key and value, in the order of its partition; no value where
    ///   a record takes its key away. Called by the constructor's thread first, then by the
    ///   follower's, never by both at once
    TopicFollower(
            Map<String, Object> kafka,
            Topic<V> topic,
            BiConsumer<@Nullable String, @Nullable V> each) {
        this.type = topic.type();
        this.each = each;
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        int partitionCount =
                topic.keyedBy() == Topic.KeyedBy.EVERY_PARTITION
                        ? 1
                        : consumer.partitionsFor(topic.name()).size();
        List<TopicPartition> partitions =
                IntStream.range(0, partitionCount)
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll();
        }
        thread = Thread.ofPlatform().name(topic.name() + "-follower").start(this::follow);
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
            byte[] key = message.key();
            byte[] value = message.value();
            try {
                each.accept(
                        key == null ? null : new String(key, StandardCharsets.UTF_8),
                        value == null ? null : Json.read(value, type));
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
