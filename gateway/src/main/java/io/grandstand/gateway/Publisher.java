package io.grandstand.gateway;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what clients publish: acks=all, idempotent, never blocking the caller. Thread-safe.
final class Publisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private static final int LINGER_MS = 1;

    private final KafkaProducer<byte[], byte[]> producer;

    private final GatewayStats stats;

    /// Where a record went.
    record Written(int partition, long offset) {}

    /// A publisher whose records are acknowledged or given up within `timeout`.
    Publisher(Map<String, Object> kafka, Duration timeout, GatewayStats stats) {
        this.stats = stats;
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Measured best: 0 is slower under load, 5 only saves CPU.
        config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        // Event loops call send: rather a refusal than a wait for metadata or memory.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        // With no wait for metadata, it must never be dropped for want of use. The producer adds
        // this to
        // the time of day, so the largest number there is would be in the past.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TimeUnit.DAYS.toMillis(36_500));
        // A client is told soon, rather than left to wonder; and what it was told has failed is not
        // written later behind its back, but for a request already on its way.
        int timeoutMs = (int) timeout.toMillis();
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs - LINGER_MS);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Makes the producer learn where these topics are, so that `publish` need not wait for it.
    /// Blocks until the cluster has answered for all of them.
    void learn(Collection<String> topics) throws InterruptedException {
        for (String topic : topics) {
            while (true) {
                try {
                    var _ = producer.partitionsFor(topic);
                    break;
                } catch (org.apache.kafka.common.errors.TimeoutException notYet) {
                    Thread.sleep(20);
                }
            }
        }
    }

    /// Writes one record. `acknowledged` is told where it went once every in-sync replica has it,
    /// or null where it may not be written; on the producer's thread, or on the caller's where the
    /// record was refused at once.
    void publish(ProducerRecord<byte[], byte[]> message, Consumer<@Nullable Written> acknowledged) {
        try {
            var _ =
                    producer.send(
                            message,
                            (metadata, failure) -> {
                                if (failure == null) {
                                    stats.published.increment();
                                    acknowledged.accept(
                                            new Written(metadata.partition(), metadata.offset()));
                                } else {
                                    refused(message, failure, acknowledged);
                                }
                            });
        } catch (KafkaException failure) {
            refused(message, failure, acknowledged);
        }
    }

    private void refused(
            ProducerRecord<byte[], byte[]> message,
            Exception failure,
            Consumer<@Nullable Written> acknowledged) {
        stats.publishFailures.increment();
        log.debug("publish to {} failed: {}", message.topic(), failure.toString());
        acknowledged.accept(null);
    }

    /// Waits up to five seconds for what is in flight.
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
