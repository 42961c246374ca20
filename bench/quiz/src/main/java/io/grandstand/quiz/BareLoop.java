package io.grandstand.quiz;

import io.grandstand.events.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// What Kafka's clients themselves can do: one thread that reads each answer and writes it to
/// another topic, no state, no rules; with or without transactions of the services' length.
final class BareLoop {
    static final String TOPIC = "bare";
    private static final int COMMIT_INTERVAL_MS = 20;

    private BareLoop() {}

    /// Reads the answers from these positions to these ends.
    static void run(
            Map<String, Object> kafka,
            boolean transactions,
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to) {
        var consumerConfig = new HashMap<>(kafka);
        consumerConfig.put(ConsumerConfig.GROUP_ID_CONFIG, "bare-" + UUID.randomUUID());
        consumerConfig.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerConfig.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumerConfig.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        var producerConfig = new HashMap<>(kafka);
        producerConfig.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        if (transactions) {
            producerConfig.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bare-" + UUID.randomUUID());
        }
        try (var consumer =
                        new KafkaConsumer<>(
                                consumerConfig,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                var producer =
                        new KafkaProducer<>(
                                producerConfig,
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            if (transactions) {
                producer.initTransactions();
            }
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            long left = sum(to) - sum(from);
            boolean isOpen = false;
            long openedAt = 0;
            var positions = new HashMap<TopicPartition, OffsetAndMetadata>();
            while (left > 0) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(20));
                if (transactions && !isOpen && !records.isEmpty()) {
                    producer.beginTransaction();
                    isOpen = true;
                    openedAt = System.nanoTime();
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    var _ =
                            producer.send(
                                    new ProducerRecord<>(
                                            TOPIC, null, record.key(), record.value()));
                    positions.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
                left -= records.count();
                boolean isDue = System.nanoTime() - openedAt > COMMIT_INTERVAL_MS * 1_000_000L;
                if (isOpen && (isDue || left <= 0)) {
                    producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
                    producer.commitTransaction();
                    isOpen = false;
                }
            }
            producer.flush();
        }
    }

    private static long sum(Map<TopicPartition, Long> positions) {
        return positions.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The partitions of `answer`.
    static List<TopicPartition> partitions() {
        return IntStream.range(0, Topics.ANSWER.partitions())
                .mapToObj(partition -> new TopicPartition(Topics.ANSWER.name(), partition))
                .toList();
    }
}
