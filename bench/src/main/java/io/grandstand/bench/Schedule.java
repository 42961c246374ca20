package io.grandstand.bench;

/// When messages are meant to be sent: evenly, whatever became of those before (an open loop).
///
/// Times are those of `System.nanoTime()`. They fall on whole ticks of a millisecond: a sender that
/// woke up more often would take the processor from what it measures. Latency counts from these
/// times, so that a late sender makes latency longer, never the load lighter.
///
/// @param startNs when the first message is due
/// @param perSecond messages a second, above 0
/// @param count how many there are
record Schedule(long startNs, double perSecond, long count) {
    static final long TICK_NS = 1_000_000;
    private static final double NS_PER_SECOND = 1e9;

    Schedule {
        if (!(perSecond > 0) || count < 0) {
            throw new IllegalArgumentException(
                    "%s messages a second, %d of them: must be above 0, and 0 or more"
                            .formatted(perSecond, count));
        }
    }

    /// As many messages as fit into `seconds`, at least one.
    static Schedule lasting(long startNs, double perSecond, double seconds) {
        return new Schedule(startNs, perSecond, Math.max(1, Math.round(perSecond * seconds)));
    }

    /// When message `k`, from 0 on, is due.
    long dueNs(long k) {
        long ticks = (long) Math.floor(k * NS_PER_SECOND / perSecond / TICK_NS);
        return startNs + ticks * TICK_NS;
    }

    /// How many messages are due by `nowNs`.
    long dueBy(long nowNs) {
        if (nowNs < startNs) {
            return 0;
        }
        double ticks = Math.floorDiv(nowNs - startNs, TICK_NS) + 1;
        long k = (long) Math.ceil(ticks * TICK_NS * perSecond / NS_PER_SECOND);
        // The estimate may be off by one either way where the division is not exact.
        while (k > 0 && dueNs(k - 1) > nowNs) {
            k--;
        }
        while (k < count && dueNs(k) <= nowNs) {
            k++;
        }
        return Math.min(k, count);
    }
}
