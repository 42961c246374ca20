package io.grandstand.cli;

import io.grandstand.streams.RestoreProgress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Tells the person at the keyboard how far the rebuilding of state has come: what takes longer
/// than a second, once a second, and its end. Called by several threads.
final class RestoreConsole implements Consumer<RestoreProgress> {
    private static final long INTERVAL_MS = Duration.ofSeconds(1).toMillis();

    private final Console console;
    private final InstantSource clock;
    private final Map<String, RestoreProgress> stores = new HashMap<>();
    private int open;
    private long beganAt;
    private long toldAt;
    private long restored;
    private long tookMs;

    RestoreConsole(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public synchronized void accept(RestoreProgress progress) {
        long now = clock.millis();
        if (open == 0) {
            stores.clear();
            beganAt = now;
            toldAt = now;
        }
        RestoreProgress before =
                stores.put(progress.store() + " " + progress.partition(), progress);
        boolean wasOpen = before != null && !before.ended();
        if (!wasOpen && !progress.ended()) {
            open++;
        } else if (wasOpen && progress.ended()) {
            open--;
        }
        if (open == 0) {
            restored += done();
            tookMs += now - beganAt;
            if (now - beganAt >= INTERVAL_MS) {
                tell(now);
            }
        } else if (now - toldAt >= INTERVAL_MS) {
            tell(now);
        }
    }

    /// What was rebuilt until now, and how long it took.
    synchronized String summary() {
        return restored == 0
                ? "nothing had to be rebuilt"
                : String.format(
                        Locale.ROOT,
                        "%,d records rebuilt from Kafka in %.1f s",
                        restored,
                        tookMs / 1000.0);
    }

    private void tell(long now) {
        toldAt = now;
        long total = stores.values().stream().mapToLong(RestoreProgress::total).sum();
        console.done(
                "State",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d records are rebuilt",
                        done(),
                        Math.max(total, done())));
    }

    private long done() {
        return stores.values().stream().mapToLong(RestoreProgress::done).sum();
    }
}
