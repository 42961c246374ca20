package io.grandstand.bots;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What all bots count together, from all event loops.
record BotCounts(AtomicInteger connected, LongAdder sent, LongAdder accepted) {
    BotCounts() {
        this(new AtomicInteger(), new LongAdder(), new LongAdder());
    }

    BotStats stats() {
        return new BotStats(connected.get(), sent.sum(), accepted.sum());
    }
}
