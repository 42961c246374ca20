package io.grandstand.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void twoSecondsWorthMayComeAtOnceAndThenAsManyAsASecondEarns() {
        var limit = new RateLimit(10, 0);
        assertThat(allowed(limit, 100, 0)).isEqualTo(20);
        assertThat(allowed(limit, 100, SECOND)).isEqualTo(10);
        assertThat(allowed(limit, 100, SECOND + SECOND / 2)).isEqualTo(5);
    }

    @Test
    void aLongPauseEarnsNoMoreThanTheBurst() {
        var limit = new RateLimit(10, 0);
        assertThat(allowed(limit, 100, 3600 * SECOND)).isEqualTo(20);
    }

    private static int allowed(RateLimit limit, int tries, long nowNs) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            if (limit.allows(nowNs)) {
                allowed++;
            }
        }
        return allowed;
    }
}
