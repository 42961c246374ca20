package io.grandstand.gateway.auth;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// The players whose tokens no longer count, as a compacted topic says. Asking is lock-free and
/// from any thread.
///
/// Kept for each partition apart, and a player is refused if any partition says so: after the topic
/// was given more partitions a player's newest record may be in another one than older ones, and
/// between partitions there is no order. `RevocationWriter` clears the others.
///
/// Holds what the topic holds, less what has run out: so memory is bounded by compaction.
public final class Revocations implements AutoCloseable {
    /// Refuses nobody.
    public static final Revocations NONE = new Revocations(InstantSource.system());

    private static final Duration START_TIME_MAX = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Map<Integer, Map<String, Revocation>> byPartition = new ConcurrentHashMap<>();
    private @Nullable RevocationReader reader;

    Revocations(InstantSource clock) {
        this.clock = clock;
    }

    /// Reads `topic` to its present end, and goes on reading until closed, also over times in which
    /// Kafka is away; meanwhile what is known stays in force.
    ///
    /// @param kafka how to reach the cluster: settings of a consumer
    /// @param topic compacted; one partition is plenty
    /// @param onRevoked told of each revocation that comes later, on the reader's thread, after
    ///   `refuses` knows of it; must not block. The player may not be connected, and a connection
    ///   whose token `refuses` does not name may stay
    /// @throws IOException if its end was not reached within 30 s; the message says why
    public static Revocations start(
            Map<String, Object> kafka,
            String topic,
            InstantSource clock,
            Consumer<Revocation> onRevoked)
            throws IOException, InterruptedException {
        return start(kafka, topic, clock, onRevoked, START_TIME_MAX);
    }

    static Revocations start(
            Map<String, Object> kafka,
            String topic,
            InstantSource clock,
            Consumer<Revocation> onRevoked,
            Duration timeMax)
            throws IOException, InterruptedException {
        var revocations = new Revocations(clock);
        RevocationReader reader;
        try {
            reader = new RevocationReader(kafka, topic, revocations, onRevoked);
        } catch (KafkaException e) {
            throw new IOException(
                    "The revocations in topic %s cannot be read: %s.".formatted(topic, reason(e)),
                    e);
        }
        revocations.reader = reader;
        boolean started = false;
        try {
            reader.awaitEnd(timeMax);
            started = true;
        } finally {
            if (!started) {
                revocations.close();
            }
        }
        return revocations;
    }

    /// Whether the holder of a good connection token is to be turned away now.
    public boolean refuses(ConnectionClaims claims) {
        return refuses(claims.player(), claims.issuedAt());
    }

    /// Whether the holder of a good subscription token is to be turned away now.
    public boolean refuses(SubscriptionClaims claims) {
        return refuses(claims.player(), claims.issuedAt());
    }

    /// Whether `player` is to be turned away now with a token issued then; null where it does not
    /// say when.
    public boolean refuses(String player, @Nullable Instant issuedAt) {
        for (Map<String, Revocation> ofPartition : byPartition.values()) {
            Revocation revocation = ofPartition.get(player);
            if (revocation != null && revocation.refuses(issuedAt, clock.instant())) {
                return true;
            }
        }
        return false;
    }

    /// How many revocations are in force.
    public int size() {
        return byPartition.values().stream().mapToInt(Map::size).sum();
    }

    /// Stops reading; waits for the reader's thread. What is known stays in force.
    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }

    private static String reason(KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    /// Takes in a record; false where it refuses nothing any more.
    boolean put(int partition, Revocation revocation) {
        if (revocation.isOver(clock.instant())) {
            lift(partition, revocation.player());
            return false;
        }
        byPartition
                .computeIfAbsent(partition, _ -> new ConcurrentHashMap<>())
                .put(revocation.player(), revocation);
        return true;
    }

    /// Takes in a tombstone.
    void lift(int partition, String player) {
        Map<String, Revocation> ofPartition = byPartition.get(partition);
        if (ofPartition != null) {
            ofPartition.remove(player);
        }
    }

    /// Forgets what has run out.
    void dropOver() {
        Instant now = clock.instant();
        byPartition.values().forEach(all -> all.values().removeIf(one -> one.isOver(now)));
    }
}
