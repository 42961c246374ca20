package io.grandstand.quiz;

import java.time.Duration;

/// What bounds the quiz's state and its steps.
///
/// @param correctionWindow how long after it was last settled a question may be corrected or made
///   void; then its points are final. Above zero
/// @param ballotsPerStep how many ballots are written at a time where a ruling concerns many; at
///   least 1. Between two steps the thread reads on and commits
public record QuizSettings(Duration correctionWindow, int ballotsPerStep) {
    /// A day; steps of some tenths of a second on a machine that is busy with other things too.
    public static final QuizSettings DEFAULT = new QuizSettings(Duration.ofHours(24), 2_000);

    /// Ballots are kept for longer than the desk takes corrections, so that one it took at the last
    /// moment finds them.
    private static final Duration MARGIN = Duration.ofHours(1);

    public QuizSettings {
        require(
                correctionWindow.toMillis() > 0,
                "correction-window is %s: must be above zero".formatted(correctionWindow));
        require(
                ballotsPerStep >= 1,
                "ballots-per-step is %d: must be at least 1".formatted(ballotsPerStep));
    }

    /// How long after it was last settled the ballots of a question are kept, in ms.
    long ballotsKeptMs() {
        return correctionWindow.plus(MARGIN).toMillis();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
