package io.grandstand.cli;

import io.grandstand.events.Json;
import io.grandstand.events.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes single records that somebody waits for: a host's commands, a player's profile.
/// Thread-safe.
final class RecordWriter implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

    RecordWriter(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
        producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Done once the record is durable; failed where Kafka does not take it within five seconds,
    /// which may be before or after it was written: writing it again does no harm.
    <V> CompletionStage<Void> write(Topic<V> topic, String key, V value) {
        var message = new ProducerRecord<>(topic.name(), Topic.key(key), Json.write(value));
        // The producer may wait for metadata, and callers are event loops.
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        producer.send(message).get();
                    } catch (ExecutionException | InterruptedException | KafkaException e) {
                        throw new CompletionException(e);
                    }
                },
                writers);
    }

    @Override
    public void close() {
        writers.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }
}
