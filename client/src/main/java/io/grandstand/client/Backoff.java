package io.grandstand.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before trying again: longer after each failure, and at random, so that clients
/// that lost the same server do not return together.
///
/// @param min the shortest wait; more than zero
/// @param max the longest; at least `min`
public record Backoff(Duration min, Duration max) {
    /// What other clients of the protocol use.
    public static final Backoff DEFAULT =
            new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20));

    public Backoff {
        if (!min.isPositive() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    "backoff is %s to %s: must be positive and in this order".formatted(min, max));
        }
    }

    /// The wait after `failures` failures in a row, from 0 for the first.
    Duration delay(int failures, RandomGenerator random) {
        long minMs = min.toMillis();
        long maxMs = max.toMillis();
        // 2^20 times any minimum is beyond every maximum in use, and does not overflow.
        long spreadMs = Math.min(maxMs, minMs << Math.min(failures, 20));
        return Duration.ofMillis(Math.min(maxMs, minMs + random.nextLong(spreadMs + 1)));
    }
}
