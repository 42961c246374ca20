package io.grandstand.gateway.publish;

import java.time.Duration;

/// The times that idempotent publishing rests on. docs/design/publishing.md says how.
final class Bounds {
    /// How long after it was sent a claim entitles to write, by its own node's monotonic clock. So
    /// long does a caller wait at most where Kafka is away.
    static final Duration CLAIM_VALID = Duration.ofSeconds(1);

    /// How long the producer tries to deliver a record.
    static final Duration DELIVERY = Duration.ofMillis(1500);

    /// How long a record may take from leaving a producer to being appended, or a process to be
    /// stopped between two instructions.
    static final Duration SLACK = Duration.ofSeconds(1);

    /// The age of a claim from which on its write is done or will never be.
    static final Duration SETTLED = CLAIM_VALID.plus(DELIVERY).plus(SLACK);

    /// How long a caller waits at most. Clients give up a command after 5 s.
    static final Duration ANSWER = Duration.ofSeconds(4);

    private Bounds() {}
}
