package io.grandstand.gateway.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Writes revocations for all gateways to follow; for a command line. Each call blocks until every
/// in-sync replica has what it wrote, at most some 20 s.
public final class RevocationWriter implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<byte[], byte @Nullable []> producer;

    /// @param kafka how to reach the cluster: settings of a producer
    public RevocationWriter(Map<String, Object> kafka, String topic) {
        this.topic = topic;
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Puts `revocation` in the place of all that was said of its player before.
    ///
    /// @throws IOException if it may not have been written; the message says why
    public void revoke(Revocation revocation) throws IOException, InterruptedException {
        write(revocation.player(), revocation.toJson());
    }

    /// Lets `player` in again.
    ///
    /// @throws IOException if it may not have been written; the message says why
    public void lift(String player) throws IOException, InterruptedException {
        if (player.isEmpty()) {
            throw new IllegalArgumentException("a revocation needs a player");
        }
        write(player, null);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    /// Writes `value` to the key's partition and tombstones to all others: what stands there is
    /// from a time when the topic had fewer.
    private void write(String player, byte @Nullable [] value)
            throws IOException, InterruptedException {
        byte[] key = player.getBytes(StandardCharsets.UTF_8);
        try {
            int partitions = producer.partitionsFor(topic).size();
            int own = Utils.toPositive(Utils.murmur2(key)) % partitions;
            // First, so that no moment comes in which nothing is said of the player.
            producer.send(new ProducerRecord<>(topic, own, key, value)).get();
            var tombstones = new ArrayList<Future<RecordMetadata>>();
            for (int other = 0; other < partitions; other++) {
                if (other != own) {
                    tombstones.add(producer.send(new ProducerRecord<>(topic, other, key, null)));
                }
            }
            for (Future<RecordMetadata> tombstone : tombstones) {
                tombstone.get();
            }
        } catch (ExecutionException e) {
            throw failure(player, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw failure(player, e);
        }
    }

    private IOException failure(String player, Throwable cause) {
        return new IOException(
                "What is said of %s may not have been written to topic %s: %s."
                        .formatted(player, topic, cause.getMessage()),
                cause);
    }
}
