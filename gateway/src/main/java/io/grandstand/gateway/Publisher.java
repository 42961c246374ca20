package io.grandstand.gateway;

import io.grandstand.protocol.TrustedHeaders;
import java.nio.charset.StandardCharsets;
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

    private final KafkaProducer<byte[], byte[]> producer;

    /// Who publishes, and when the gateway received it.
    record Origin(String player, String connection, long receivedUs) {}

    Publisher(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Measured best: 0 is slower under load, 5 only saves CPU.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        // Event loops call send: rather a refusal than a wait for metadata or memory.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        // With no wait for metadata, it must never be dropped for want of use. The producer adds
        // this to
        // the time of day, so the largest number there is would be in the past.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TimeUnit.DAYS.toMillis(36_500));
        // Clients give up a command after 5 s: the answer must come before.
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
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

    /// Writes one record. `acknowledged` is called with null once every in-sync replica has it, or
    /// with the reason why it may not be written; on the producer's thread, or on the caller's
    /// where the record was refused at once.
    void publish(
            String topic,
            byte[] key,
            byte[] value,
            Origin origin,
            Consumer<@Nullable Exception> acknowledged) {
        var message = new ProducerRecord<>(topic, key, value);
        message.headers()
                .add(TrustedHeaders.PLAYER, utf8(origin.player()))
                .add(TrustedHeaders.RECEIVED_US, utf8(Long.toString(origin.receivedUs())))
                .add(TrustedHeaders.CONNECTION, utf8(origin.connection()));
        try {
            var _ =
                    producer.send(
                            message,
                            (_, failure) -> {
                                if (failure != null) {
                                    log.warn("publish to {} failed: {}", topic, failure.toString());
                                }
                                acknowledged.accept(failure);
                            });
        } catch (KafkaException refused) {
            log.warn("publish to {} refused: {}", topic, refused.toString());
            acknowledged.accept(refused);
        }
    }

    /// Waits up to five seconds for what is in flight.
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
