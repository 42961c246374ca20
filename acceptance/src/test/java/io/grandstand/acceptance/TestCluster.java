package io.grandstand.acceptance;

import io.grandstand.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// A real broker for a test, and what a test does with it.
final class TestCluster implements AutoCloseable {
    private final EmbeddedBroker broker;
    private KafkaProducer<String, @Nullable String> producer;

    TestCluster(Path data) {
        this(data, 0);
    }

    TestCluster(Path data, int port) {
        broker =
                EmbeddedBroker.start(
                        data,
                        port,
                        fault -> {
                            throw new AssertionError(fault);
                        });
        producer = producer();
    }

    private KafkaProducer<String, @Nullable String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 5),
                new StringSerializer(),
                new StringSerializer());
    }

    /// Writes from now on as a program that has just started: a producer believes what it knows of
    /// a topic's partitions for minutes.
    void restartProducer() {
        producer.close(Duration.ZERO);
        producer = producer();
    }

    Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    void create(String topic, int partitions, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(
                            List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    /// Queues a record; `flush` waits for all of them.
    void write(String topic, String key, @Nullable String value) {
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
    }

    void flush() {
        producer.flush();
    }

    /// Everything committed in a topic, partition after partition.
    List<ConsumerRecord<@Nullable String, @Nullable String>> readAll(String topic) {
        var config =
                Map.<String, Object>of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "isolation.level",
                        "read_committed");
        try (var consumer =
                new KafkaConsumer<@Nullable String, @Nullable String>(
                        config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            var all = new java.util.ArrayList<ConsumerRecord<@Nullable String, @Nullable String>>();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
            return all;
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        broker.close();
    }
}
