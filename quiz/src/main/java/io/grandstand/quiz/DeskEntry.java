package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import org.jspecify.annotations.Nullable;

/// A question as the desk knows it. State store `questions`.
///
/// @param question its newest version
/// @param settledAt timestamp of the newest command that settled it, ms since the epoch; 0 where
///   none did
record DeskEntry(Question question, long settledAt) {
    static DeskEntry of(@Nullable DeskEntry before, Question question, long timestamp) {
        boolean isEnd = question.state().isSettled() || question.state() == State.VOID;
        long settled = before == null ? 0 : before.settledAt;
        return new DeskEntry(question, isEnd ? timestamp : settled);
    }
}
