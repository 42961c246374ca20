package io.grandstand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Property
    void aWaitLiesBetweenTheBounds(@ForAll @IntRange(max = 1000) int failures, @ForAll long seed) {
        Duration delay = Backoff.DEFAULT.delay(failures, new SplittableRandom(seed));
        assertThat(delay).isBetween(Duration.ofMillis(500), Duration.ofSeconds(20));
    }

    @Test
    void waitsSpreadOverTwiceTheTimeWithEachFailure() {
        var random = new SplittableRandom(1);
        for (int failures = 0; failures < 4; failures++) {
            long longest = 0;
            for (int i = 0; i < 1000; i++) {
                longest = Math.max(longest, Backoff.DEFAULT.delay(failures, random).toMillis());
            }
            long bound = 500 + (500L << failures);
            assertThat(longest).isBetween(bound * 95 / 100, bound);
        }
    }

    @Test
    void boundsInTheWrongOrderAreRefused() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("backoff is PT2S to PT1S: must be positive and in this order");
    }
}
