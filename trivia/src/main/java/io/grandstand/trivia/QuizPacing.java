package io.grandstand.trivia;

import java.time.Duration;

/// How fast a quiz is asked.
///
/// @param period from one question to the next at speed 1; above zero, at most an hour
/// @param answerWindow how long a question takes answers. Real time at any speed, for players are
///   no faster in a faster quiz, but never longer than the period leaves. Above zero
/// @param speed what `period` is divided by; above 0, at most 1,000,000
public record QuizPacing(Duration period, Duration answerWindow, double speed) {
    private static final Duration PERIOD_MAX = Duration.ofHours(1);
    private static final double SPEED_MAX = 1_000_000;

    /// A question every 20 seconds, 10 seconds to answer.
    public static final QuizPacing DEFAULT =
            new QuizPacing(Duration.ofSeconds(20), Duration.ofSeconds(10), 1);

    public QuizPacing {
        require(
                period.toMillis() > 0 && period.compareTo(PERIOD_MAX) <= 0,
                "period is %s: must be above zero and at most %s".formatted(period, PERIOD_MAX));
        require(
                answerWindow.toMillis() > 0,
                "answer-window is %s: must be above zero".formatted(answerWindow));
        require(
                speed > 0 && speed <= SPEED_MAX,
                "speed is %s: must be above 0 and at most 1,000,000".formatted(speed));
    }

    /// The same, at another speed.
    public QuizPacing atSpeed(double another) {
        return new QuizPacing(period, answerWindow, another);
    }

    /// From one question to the next, as played; at least a millisecond.
    Duration playedPeriod() {
        return Duration.ofMillis(Math.max(1, Math.round(period.toMillis() / speed)));
    }

    Duration playedWindow() {
        var played = playedPeriod();
        return answerWindow.compareTo(played) < 0 ? answerWindow : played;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
