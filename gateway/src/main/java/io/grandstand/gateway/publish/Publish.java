package io.grandstand.gateway.publish;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A request to publish, and where its answer goes.
///
/// @param key of player and id
/// @param message with its partition and the headers that identify it
record Publish(
        String player,
        String id,
        PublishKey key,
        ProducerRecord<byte[], byte[]> message,
        CompletableFuture<Outcome> answer) {}
