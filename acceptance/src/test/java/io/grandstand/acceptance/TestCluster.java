package io.grandstand.acceptance;

import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.embedded.TopicSetup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final @Nullable EmbeddedBroker broker;
    private final String bootstrapServers;
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
        bootstrapServers = broker.bootstrapServers();
        producer = producer();
    }

    /// A broker that runs already, in another process.
    TestCluster(String bootstrapServers) {
        broker = null;
        this.bootstrapServers = bootstrapServers;
        producer = producer();
    }

    private KafkaProducer<String, @Nullable String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
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
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    void create(String topic, int partitions, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(
                            List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
            TopicSetup.awaitLeading(
                    admin,
                    IntStream.range(0, partitions)
                            .mapToObj(partition -> new TopicPartition(topic, partition))
                            .toList(),
                    PATIENCE);
        }
    }

    /// Queues a record; `flush` waits for all of them.
    void write(String topic, String key, @Nullable String value) {
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
    }

    /// Queues a record with one header.
    void write(String topic, String key, String value, String header, String headerValue) {
        var record = new ProducerRecord<String, @Nullable String>(topic, key, value);
        record.headers().add(header, headerValue.getBytes(StandardCharsets.UTF_8));
        var _ = producer.send(record);
    }

    void flush() {
        producer.flush();
    }

    /// Everything committed in a topic, partition after partition.
    List<ConsumerRecord<@Nullable String, @Nullable String>> readAll(String topic) {
        var config =
                Map.<String, Object>of(
                        "bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
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
        if (broker != null) {
            broker.close();
        }
    }
}
