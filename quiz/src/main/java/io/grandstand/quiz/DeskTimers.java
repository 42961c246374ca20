package io.grandstand.quiz;

import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// When the desk has to act by itself: scheduled questions open and lock by the clock.
///
/// A store, so that no moment is forgotten over a restart; and one alarm that rings at the next of
/// them, instead of a tick for which there is mostly nothing to do.
final class DeskTimers {
    /// A moment that has passed is acted on after this.
    private static final long SOONEST_MS = 10;

    /// An alarm is set anew after this at the latest, for the clock may be set meanwhile.
    private static final long LATEST_MS = 60_000;

    private final ProcessorContext<?, ?> context;
    private final KeyValueStore<String, String> timers;
    private final LongConsumer onDue;
    private @Nullable Cancellable alarm;

    /// A question whose moment has come.
    record Due(String match, String question) {}

    /// @param onDue called with the clock's time when something may be due; takes it with `take`
    DeskTimers(
            ProcessorContext<?, ?> context,
            KeyValueStore<String, String> timers,
            LongConsumer onDue) {
        this.context = context;
        this.timers = timers;
        this.onDue = onDue;
        // What was to come at the last commit may be waiting in the store.
        alarm = ringIn(SOONEST_MS);
    }

    void set(long at, String match, String question) {
        timers.put(StoreKeys.of(StoreKeys.time(at), match, question), "");
        arm(context.currentSystemTimeMs());
    }

    /// Takes out what is due at `now`.
    List<Due> take(long now) {
        var due = new ArrayList<Due>();
        try (KeyValueIterator<String, String> entries =
                timers.range(StoreKeys.time(0), StoreKeys.time(now + 1))) {
            while (entries.hasNext()) {
                String key = entries.next().key;
                timers.delete(key);
                String[] ids = StoreKeys.parts(key);
                due.add(new Due(ids[1], ids[2]));
            }
        }
        return due;
    }

    private void ring(long now) {
        onDue.accept(now);
        arm(now);
    }

    private void arm(long now) {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        try (KeyValueIterator<String, String> entries = timers.all()) {
            if (entries.hasNext()) {
                long next = StoreKeys.timeOf(StoreKeys.parts(entries.next().key)[0]);
                alarm = ringIn(Math.clamp(next - now, SOONEST_MS, LATEST_MS));
            }
        }
    }

    private Cancellable ringIn(long ms) {
        return context.schedule(Duration.ofMillis(ms), PunctuationType.WALL_CLOCK_TIME, this::ring);
    }
}
