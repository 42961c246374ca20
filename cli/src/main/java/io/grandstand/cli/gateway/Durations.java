package io.grandstand.cli.gateway;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations as people write them: `900ms`, `25s`, `10m`, `1h`.
final class Durations {
    /// Nine digits of hours are 114,000 years: more is a mistake, and would overflow.
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h)");

    private Durations() {}

    /// The duration, or null where `text` is none.
    static @Nullable Duration parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return null;
        }
        long count = Long.parseLong(written.group(1));
        return switch (written.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /// In the largest unit that needs no fraction.
    static String show(Duration duration) {
        long ms = duration.toMillis();
        if (ms == 0) {
            return "0s";
        }
        if (ms % 3_600_000 == 0) {
            return ms / 3_600_000 + "h";
        }
        if (ms % 60_000 == 0) {
            return ms / 60_000 + "m";
        }
        return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
    }
}
