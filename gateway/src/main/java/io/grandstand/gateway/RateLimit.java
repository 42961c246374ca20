package io.grandstand.gateway;

/// A token bucket: so many in the long run, twice as many at once; 0 for no limit. Time is passed
/// in.
final class RateLimit {
    private static final double BURST_SECONDS = 2;

    private final double perSecond;
    private double tokens;
    private long lastNs;

    RateLimit(int perSecond, long nowNs) {
        this.perSecond = perSecond;
        this.tokens = perSecond * BURST_SECONDS;
        this.lastNs = nowNs;
    }

    /// Whether one more is within the limit at `nowNs`; if so, it is counted.
    boolean allows(long nowNs) {
        if (perSecond == 0) {
            return true;
        }
        double earned = (nowNs - lastNs) / 1e9 * perSecond;
        tokens = Math.min(perSecond * BURST_SECONDS, tokens + earned);
        lastNs = nowNs;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
