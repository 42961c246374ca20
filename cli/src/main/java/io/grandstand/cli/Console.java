package io.grandstand.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/// What the person at the keyboard sees: one line for each step of the start, with the time so far.
final class Console {
    private final PrintStream out;
    private final InstantSource clock;
    private final Instant started;

    Console(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.started = clock.instant();
    }

    void done(String part, String what) {
        double seconds = Duration.between(started, clock.instant()).toMillis() / 1000.0;
        out.printf(Locale.ROOT, "  %-9s %-58s %5.1f s%n", part, what, seconds);
    }

    void line(String text) {
        out.println(text);
    }
}
