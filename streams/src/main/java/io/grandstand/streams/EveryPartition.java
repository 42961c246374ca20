package io.grandstand.streams;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// Sends one copy of a record to every partition of its topic.
public final class EveryPartition<K, V> implements StreamPartitioner<K, V> {
    @Override
    public Optional<Set<Integer>> partitions(String topic, K key, V value, int count) {
        return Optional.of(
                IntStream.range(0, count).boxed().collect(Collectors.toUnmodifiableSet()));
    }
}
