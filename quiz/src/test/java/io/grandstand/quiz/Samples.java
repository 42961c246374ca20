package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Terms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question that opens at 1,000 and locks at 11,000, with options `dot`, `four` and `six`.
final class Samples {
    static final String MATCH = "m1";
    static final long OPENS = 1_000;
    static final long LOCKS = 11_000;
    static final int POINTS = 10;
    static final List<Option> OPTIONS =
            List.of(
                    new Option("dot", "No run"),
                    new Option("four", "Four"),
                    new Option("six", "Six"));

    private Samples() {}

    static Ask ask(String question) {
        return new Ask(MATCH, question, "Next ball?", OPTIONS, POINTS, OPENS, LOCKS, null);
    }

    /// A question of 10 points that takes answers for 10 seconds.
    static Ask ask(String match, String question, long opensAt, @Nullable Terms terms) {
        return new Ask(
                match,
                question,
                "Next ball?",
                OPTIONS,
                POINTS,
                opensAt,
                opensAt + LOCKS - OPENS,
                null,
                null,
                terms,
                null);
    }

    static Lock lock(String question, long at) {
        return new Lock(MATCH, question, at);
    }

    static Resolve resolve(String question, String answer) {
        return new Resolve(MATCH, question, answer, LOCKS + 5_000);
    }

    static Withdraw withdraw(String question) {
        return new Withdraw(MATCH, question, "rain");
    }

    static Question open() {
        return question(1, State.OPEN, LOCKS, null);
    }

    static Question locked(long locksAt) {
        return question(2, State.LOCKED, locksAt, null);
    }

    static Question resolved(String answer) {
        return question(3, State.RESOLVED, LOCKS, answer);
    }

    static Question corrected(String answer) {
        return question(4, State.CORRECTED, LOCKS, answer);
    }

    static Question withdrawn() {
        return question(5, State.VOID, LOCKS, null);
    }

    static Question question(int version, State state, long locksAt, @Nullable String answer) {
        return new Question(
                "q1",
                MATCH,
                version,
                state,
                "Next ball?",
                OPTIONS,
                POINTS,
                OPENS,
                locksAt,
                null,
                answer);
    }
}
