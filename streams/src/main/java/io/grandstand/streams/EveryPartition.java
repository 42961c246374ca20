package io.grandstand.streams;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/// Sends one copy of a record to every partition of its topic, and remembers how many those are: a
/// processor that must hear from each of them has no other way to know. Thread-safe.
public final class EveryPartition<K, V> implements StreamPartitioner<K, V> {
    private volatile int count;

    @Override
    public Optional<Set<Integer>> partitions(String topic, K key, V value, int count) {
        this.count = count;
        return Optional.of(
                IntStream.range(0, count).boxed().collect(Collectors.toUnmodifiableSet()));
    }

    /// How many partitions the topic has; 0 before the first record was sent.
    public int count() {
        return count;
    }
}
