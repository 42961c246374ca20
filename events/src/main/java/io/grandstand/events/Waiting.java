package io.grandstand.events;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Waits for a moment to come. Passed in where something waits, so that tests need not.
@FunctionalInterface
public interface Waiting {
    /// Returns when `moment` has come; at once if it has passed.
    void until(Instant moment) throws InterruptedException;

    /// Waits in real time, as this clock shows it, also when the clock is set meanwhile.
    static Waiting on(InstantSource clock) {
        return moment -> {
            var left = Duration.between(clock.instant(), moment);
            while (left.isPositive()) {
                Thread.sleep(left);
                left = Duration.between(clock.instant(), moment);
            }
        };
    }
}
