package io.grandstand.streams;

import io.grandstand.events.Json;
import io.grandstand.events.Topic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// How our topologies are put together: sources hand on bytes, which the first processor reads, so
/// that a broken record is data and no fault; sinks write catalogue topics; stores are persistent.
public final class Wiring {
    /// Some clients write records without a timestamp (-1), which would end a stream thread.
    private static final TimestampExtractor TIMESTAMP =
            (record, partitionTime) -> Math.max(0, record.timestamp());

    private Wiring() {}

    /// Reads a topic from its beginning, as bytes.
    public static void source(Topology topology, String name, Topic<?> topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                TIMESTAMP,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic.name());
    }

    /// Writes a topic, partitioned by key.
    public static <V> void sink(Topology topology, String name, Topic<V> topic, String parent) {
        topology.addSink(
                name, topic.name(), new StringSerializer(), topic.serde().serializer(), parent);
    }

    /// Writes a topic, one copy in every partition.
    public static <V> void sinkToEveryPartition(
            Topology topology, String name, Topic<V> topic, String parent) {
        sinkToEveryPartition(topology, name, topic, new EveryPartition<>(), parent);
    }

    /// Writes a topic, one copy in every partition, which `everyPartition` then knows the number
    /// of.
    public static <V> void sinkToEveryPartition(
            Topology topology,
            String name,
            Topic<V> topic,
            EveryPartition<String, V> everyPartition,
            String parent) {
        topology.addSink(
                name,
                topic.name(),
                new StringSerializer(),
                topic.serde().serializer(),
                everyPartition,
                parent);
    }

    /// A store on disk with a changelog in Kafka.
    public static <V> StoreBuilder<KeyValueStore<String, V>> store(
            String name, Serde<V> valueSerde) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.String(), valueSerde);
    }

    /// A store in memory with a changelog in Kafka, for what stays small: it is read back whole at
    /// each start.
    public static <V> StoreBuilder<KeyValueStore<String, V>> memoryStore(
            String name, Serde<V> valueSerde) {
        return Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(name), Serdes.String(), valueSerde);
    }

    /// Values as JSON.
    public static <V> Serde<V> json(Class<V> type) {
        Serializer<V> serializer = (topic, value) -> value == null ? null : Json.write(value);
        Deserializer<V> deserializer =
                (topic, bytes) -> bytes == null ? null : Json.read(bytes, type);
        return Serdes.serdeFrom(serializer, deserializer);
    }
}
