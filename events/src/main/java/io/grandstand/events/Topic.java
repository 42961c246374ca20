package io.grandstand.events;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/// A topic of the catalogue and the type of its values.
///
/// @param name its name in Kafka
/// @param type what its values are, in JSON
/// @param keyedBy what its keys are; topics keyed alike share one number of partitions
/// @param partitions how many to create it with
/// @param cleanup what Kafka keeps of it
/// @param retention how long, where `cleanup` is `DELETE`; unlimited where it is `Topics.FOREVER`
/// @param timestamps who sets a record's timestamp
public record Topic<V>(
        String name,
        Class<V> type,
        KeyedBy keyedBy,
        int partitions,
        Cleanup cleanup,
        Duration retention,
        Timestamps timestamps) {

    /// What the keys of a topic are, and so which topics must have the same number of partitions.
    public enum KeyedBy {
        /// A match, or a board, league or season: no topic is matched with it by partition.
        MATCH,
        PLAYER,
        /// No key: one copy of each record in every partition, beside the partitions keyed by
        /// player.
        EVERY_PARTITION,
        SOURCE_TOPIC
    }

    /// What Kafka keeps of a topic.
    public enum Cleanup {
        DELETE,
        COMPACT
    }

    /// Who sets a record's timestamp.
    public enum Timestamps {
        CREATE_TIME,
        /// The broker, on append: a bound for what gateways claim.
        LOG_APPEND_TIME
    }

    /// The settings that Kafka knows the topic by.
    public Map<String, String> settings() {
        return switch (cleanup) {
            case COMPACT ->
                    Map.of("cleanup.policy", "compact", "message.timestamp.type", timestampType());
            case DELETE ->
                    Map.of(
                            "cleanup.policy", "delete",
                            "retention.ms", String.valueOf(retentionMs()),
                            "message.timestamp.type", timestampType());
        };
    }

    public Serde<V> serde() {
        Serializer<V> serializer = (topic, value) -> value == null ? null : Json.write(value);
        Deserializer<V> deserializer = (topic, json) -> json == null ? null : Json.read(json, type);
        return Serdes.serdeFrom(serializer, deserializer);
    }

    /// Keys of every topic are UTF-8 text.
    public static byte[] key(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private long retentionMs() {
        return retention.equals(Topics.FOREVER) ? -1 : retention.toMillis();
    }

    private String timestampType() {
        return timestamps == Timestamps.LOG_APPEND_TIME ? "LogAppendTime" : "CreateTime";
    }
}
