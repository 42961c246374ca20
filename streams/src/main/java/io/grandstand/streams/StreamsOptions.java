package io.grandstand.streams;

import java.util.function.Consumer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/// How a service runs beside what all services share.
///
/// @param threads stream threads, at least 1; more than the input topics have partitions stay idle
/// @param standbyReplicas how many other instances keep a copy of each store, ready to take over; 0
///   to 10. With fewer instances than that, as many as there are
/// @param address where other instances reach this one with queries; null where none are served
/// @param onRestore told how far the rebuilding of a store has come, at most once a second for each
///   store and partition and once at its end, on a thread of Kafka Streams: it must not block
public record StreamsOptions(
        int threads,
        int standbyReplicas,
        @Nullable HostInfo address,
        Consumer<RestoreProgress> onRestore) {
    private static final int STANDBY_REPLICAS_MAX = 10;

    public StreamsOptions {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "threads is %d: must be 1 or more".formatted(threads));
        }
        if (standbyReplicas < 0 || standbyReplicas > STANDBY_REPLICAS_MAX) {
            throw new IllegalArgumentException(
                    "standbyReplicas is %d: must be 0 to %d"
                            .formatted(standbyReplicas, STANDBY_REPLICAS_MAX));
        }
    }

    /// Nothing but threads.
    public static StreamsOptions of(int threads) {
        return new StreamsOptions(threads, 0, null, progress -> {});
    }
}
