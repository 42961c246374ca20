package io.grandstand.quiz;

import io.grandstand.events.Stats.Figures;

/// What a player has done in one match. State store `cards`, keyed by player and match.
///
/// @param answered questions with a result that the player answered
/// @param answerMs all answer times together
/// @param streak right answers in a row up to the latest question answered
/// @param longest the most right answers in a row
/// @param last the slot of the latest question answered, as `Streaks` knows it; empty before the
///   first
/// @param carried the streak before the first question that `Streaks` still knows
/// @param carriedLongest the most right answers in a row among those it does not know any more
record Card(
        long points,
        int answered,
        int correct,
        long answerMs,
        int streak,
        int longest,
        String last,
        int carried,
        int carriedLongest) {
    static final Card EMPTY = new Card(0, 0, 0, 0, 0, 0, "", 0, 0);

    /// With `delta` more points.
    Card plus(int delta) {
        return new Card(
                points + delta,
                answered,
                correct,
                answerMs,
                streak,
                longest,
                last,
                carried,
                carriedLongest);
    }

    /// With a question in place of what it was before: each part is added, or taken away where it
    /// is negative.
    Card count(int moreAnswered, int moreCorrect, long moreAnswerMs) {
        return new Card(
                points,
                answered + moreAnswered,
                correct + moreCorrect,
                answerMs + moreAnswerMs,
                streak,
                longest,
                last,
                carried,
                carriedLongest);
    }

    Card streak(int newStreak, int newLongest, String newLast) {
        return new Card(
                points,
                answered,
                correct,
                answerMs,
                newStreak,
                newLongest,
                newLast,
                carried,
                carriedLongest);
    }

    /// Once what is known of single questions is given up.
    Card carry() {
        return new Card(
                points, answered, correct, answerMs, streak, longest, last, streak, longest);
    }

    Figures figures() {
        return Figures.of(points, answered, correct, streak, longest, answerMs);
    }
}
