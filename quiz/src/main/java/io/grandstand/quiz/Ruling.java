package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import org.jspecify.annotations.Nullable;

/// A question as a scorer knows it. State store `rulings`.
///
/// @param question its newest version
/// @param deadline `locksAt` of the first version known: which answers are kept follows from that,
///   and not from when a lock was processed
/// @param settledAt timestamp of the newest version that settled it or made it void; 0 where none
///   did
record Ruling(Question question, long deadline, long settledAt) {
    /// The ruling that follows `before`; null where the question was not known.
    static Ruling of(@Nullable Ruling before, Question question, long timestamp) {
        boolean isEnd = question.state().isSettled() || question.state() == State.VOID;
        return new Ruling(
                question,
                before == null ? question.locksAt() : before.deadline,
                isEnd ? timestamp : 0);
    }
}
