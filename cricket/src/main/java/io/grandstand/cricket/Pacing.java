package io.grandstand.cricket;

import java.time.Duration;

/// How fast a match is played and how long its questions stay open.
///
/// @param speed what the match's own times are divided by; above 0, at most 1,000,000
/// @param answerWindow how long a question takes answers if no ball comes first. Real time: players
///   are no faster in a match played faster. Above zero, at most ten minutes
/// @param minOpen how long a question is open at least, whatever the speed: the ball waits for it.
///   Zero to `answerWindow`
public record Pacing(double speed, Duration answerWindow, Duration minOpen) {
    private static final double SPEED_MAX = 1_000_000;
    private static final Duration ANSWER_WINDOW_MAX = Duration.ofMinutes(10);

    /// The match's own pace, ten seconds to answer, one at the least.
    public static final Pacing DEFAULT =
            new Pacing(1, Duration.ofSeconds(10), Duration.ofSeconds(1));

    public Pacing {
        require(
                speed > 0 && speed <= SPEED_MAX,
                "speed is %s: must be above 0 and at most 1,000,000".formatted(speed));
        require(
                answerWindow.toMillis() > 0 && answerWindow.compareTo(ANSWER_WINDOW_MAX) <= 0,
                "answer-window is %s: must be above zero and at most %s"
                        .formatted(answerWindow, ANSWER_WINDOW_MAX));
        require(
                !minOpen.isNegative() && minOpen.compareTo(answerWindow) <= 0,
                "min-open is %s: must be zero to the answer-window, %s"
                        .formatted(minOpen, answerWindow));
    }

    /// The same, at another speed.
    public Pacing atSpeed(double another) {
        return new Pacing(another, answerWindow, minOpen);
    }

    Duration scaled(long ms) {
        return Duration.ofNanos(Math.round(ms * 1_000_000.0 / speed));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
