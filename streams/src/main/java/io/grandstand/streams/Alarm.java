package io.grandstand.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/// A wall-clock punctuator that ticks only while there is something to do. With exactly-once, each
/// tick of a task is a transaction over all its inputs, also one that finds nothing to do.
///
/// It is set from the start: what was left to do at the last commit may be waiting in the stores.
public final class Alarm {
    private final ProcessorContext<?, ?> context;
    private final Duration interval;
    private final Punctuator work;
    private @Nullable Cancellable ticking;

    /// An alarm that is set, for a processor's `init`.
    public Alarm(ProcessorContext<?, ?> context, Duration interval, Punctuator work) {
        this.context = context;
        this.interval = interval;
        this.work = work;
        set();
    }

    /// There is something to do.
    public void set() {
        if (ticking == null) {
            ticking = context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, work);
        }
    }

    /// Nothing is left to do.
    public void clear() {
        if (ticking != null) {
            ticking.cancel();
            ticking = null;
        }
    }
}
