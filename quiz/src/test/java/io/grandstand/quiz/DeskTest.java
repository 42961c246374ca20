package io.grandstand.quiz;

import static io.grandstand.quiz.Samples.LOCKS;
import static io.grandstand.quiz.Samples.OPENS;
import static io.grandstand.quiz.Samples.ask;
import static io.grandstand.quiz.Samples.corrected;
import static io.grandstand.quiz.Samples.lock;
import static io.grandstand.quiz.Samples.locked;
import static io.grandstand.quiz.Samples.open;
import static io.grandstand.quiz.Samples.resolve;
import static io.grandstand.quiz.Samples.resolved;
import static io.grandstand.quiz.Samples.withdraw;
import static io.grandstand.quiz.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.Terms;
import io.grandstand.quiz.Desk.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeskTest {
    @Test
    void askingOpensAQuestionAtVersionOne() {
        checkChanged(null, ask("q1"), open());
    }

    @Test
    void askingAgainChangesNothingWhateverTheQuestionHasBecome() {
        for (Question current : List.of(open(), locked(LOCKS), resolved("six"), withdrawn())) {
            checkUnchanged(current, ask("q1"));
        }
    }

    @Test
    void askingAgainWithOtherContentLeavesTheFirstContent() {
        Ask other =
                new Ask("m1", "q1", "Another?", Samples.OPTIONS, 99, OPENS + 1, LOCKS + 1, "rule");
        checkUnchanged(open(), other);
    }

    @Test
    void aLockBeforeTheDeadlineMovesTheDeadlineThere() {
        checkChanged(open(), lock("q1", 7_500), locked(7_500));
    }

    @Test
    void aLockAfterTheDeadlineLeavesTheDeadline() {
        checkChanged(open(), lock("q1", LOCKS + 1), locked(LOCKS));
    }

    @Test
    void aLockBeforeTheOpeningLeavesTheShortestWindow() {
        checkChanged(open(), lock("q1", OPENS - 500), locked(OPENS + 1));
        checkChanged(open(), lock("q1", OPENS), locked(OPENS + 1));
    }

    @Test
    void aSecondLockChangesNothingEvenIfEarlier() {
        checkUnchanged(locked(7_500), lock("q1", 5_000));
        checkUnchanged(resolved("six"), lock("q1", 5_000));
        checkUnchanged(corrected("six"), lock("q1", 5_000));
        checkUnchanged(withdrawn(), lock("q1", 5_000));
    }

    @Test
    void aLockedQuestionResolves() {
        checkChanged(locked(LOCKS), resolve("q1", "six"), version(3, State.RESOLVED, LOCKS, "six"));
    }

    @Test
    void anOpenQuestionIsLockedBeforeItResolves() {
        checkChanged(
                open(),
                new Resolve("m1", "q1", "six", 7_500),
                version(2, State.LOCKED, 7_500, null),
                version(3, State.RESOLVED, 7_500, "six"));
    }

    @Test
    void theSameResultAgainChangesNothing() {
        checkUnchanged(resolved("six"), resolve("q1", "six"));
        checkUnchanged(corrected("six"), resolve("q1", "six"));
    }

    @Test
    void anotherResultCorrectsAnyNumberOfTimes() {
        checkChanged(
                resolved("six"), resolve("q1", "four"), version(4, State.CORRECTED, LOCKS, "four"));
        checkChanged(
                corrected("four"), resolve("q1", "six"), version(5, State.CORRECTED, LOCKS, "six"));
    }

    @Test
    void aResultThatIsNoOptionIsRefused() {
        checkRefused(
                locked(LOCKS), resolve("q1", "seven"), "answer 'seven' is none of the options");
    }

    @Test
    void aVoidQuestionCannotBeResolved() {
        checkRefused(withdrawn(), resolve("q1", "six"), "question 'q1' is void");
    }

    @Test
    void anyQuestionCanBeMadeVoidAndLosesItsAnswer() {
        checkChanged(open(), withdraw("q1"), version(2, State.VOID, LOCKS, null));
        checkChanged(locked(7_500), withdraw("q1"), version(3, State.VOID, 7_500, null));
        checkChanged(resolved("six"), withdraw("q1"), version(4, State.VOID, LOCKS, null));
        checkChanged(corrected("six"), withdraw("q1"), version(5, State.VOID, LOCKS, null));
    }

    @Test
    void aVoidQuestionStaysAsItIs() {
        checkUnchanged(withdrawn(), withdraw("q1"));
    }

    @Test
    void nothingButAskingIsPossibleForAQuestionNeverAsked() {
        String reason = "question 'q1' was never asked";
        checkRefused(null, lock("q1", 5_000), reason);
        checkRefused(null, resolve("q1", "six"), reason);
        checkRefused(null, withdraw("q1"), reason);
    }

    @Test
    void aDraftIsScheduledAndThenOpens() {
        Question draft = version(1, State.DRAFT, LOCKS, null);
        Question scheduled = version(2, State.SCHEDULED, LOCKS, null);
        checkChanged(null, askFor(Opening.DRAFT), draft);
        checkChanged(draft, askFor(Opening.SCHEDULED), scheduled);
        checkChanged(scheduled, ask("q1"), version(3, State.OPEN, LOCKS, null));
        checkChanged(draft, ask("q1"), version(2, State.OPEN, LOCKS, null));
    }

    @Test
    void whatAQuestionSaysMayChangeUntilItIsOpen() {
        Question draft = version(1, State.DRAFT, LOCKS, null);
        Ask other =
                new Ask(
                        "m1",
                        "q1",
                        "Another?",
                        Samples.OPTIONS,
                        99,
                        OPENS,
                        LOCKS,
                        null,
                        null,
                        null,
                        Opening.DRAFT);
        assertThat(Desk.apply(draft, other))
                .isInstanceOfSatisfying(
                        Outcome.Changed.class,
                        changed ->
                                assertThat(changed.versions())
                                        .singleElement()
                                        .extracting(Question::version, Question::prompt)
                                        .containsExactly(2, "Another?"));
        checkUnchanged(draft, askFor(Opening.DRAFT));
        checkUnchanged(version(2, State.SCHEDULED, LOCKS, null), askFor(Opening.SCHEDULED));
        checkUnchanged(version(2, State.SCHEDULED, LOCKS, null), other);
        checkUnchanged(open(), other);
    }

    @Test
    void aQuestionThatIsNotOpenYetCanBeMadeVoidAndNothingElse() {
        for (State state : List.of(State.DRAFT, State.SCHEDULED)) {
            Question early = version(1, state, LOCKS, null);
            checkRefused(early, lock("q1", 5_000), "question 'q1' is not open yet");
            checkRefused(early, resolve("q1", "six"), "question 'q1' is not open yet");
            checkChanged(early, withdraw("q1"), version(2, State.VOID, LOCKS, null));
        }
    }

    @Test
    void aQuestionWithDelaysEndsLaterForThoseWhoAreBehindUntilItsLock() {
        Question open = changed(null, askWithDelays());
        assertThat(open)
                .extracting(Question::locksAt, Question::endsAt)
                .containsExactly(LOCKS, LOCKS + 5_000);
        assertThat(changed(open, lock("q1", LOCKS + 2_000)))
                .extracting(Question::locksAt, Question::endsAt)
                .containsExactly(LOCKS, LOCKS + 2_000);
        assertThat(changed(open, lock("q1", 7_000)))
                .extracting(Question::locksAt, Question::endsAt)
                .containsExactly(7_000L, 7_000L);
        assertThat(changed(open, lock("q1", LOCKS + 60_000)))
                .extracting(Question::locksAt, Question::endsAt)
                .containsExactly(LOCKS, LOCKS + 5_000);
    }

    private static Ask askFor(Opening opens) {
        return new Ask(
                "m1",
                "q1",
                "Next ball?",
                Samples.OPTIONS,
                Samples.POINTS,
                OPENS,
                LOCKS,
                null,
                null,
                null,
                opens);
    }

    private static Ask askWithDelays() {
        var delays = new Terms.Delays(Terms.Policy.LOCK, 5_000);
        return Samples.ask("m1", "q1", OPENS, new Terms(null, null, null, null, delays));
    }

    private static Question changed(@Nullable Question current, QuestionCommand command) {
        return ((Outcome.Changed) Desk.apply(current, command)).versions().getLast();
    }

    private static void checkChanged(
            @Nullable Question current, QuestionCommand command, Question... versions) {
        assertThat(Desk.apply(current, command)).isEqualTo(new Outcome.Changed(List.of(versions)));
    }

    private static void checkUnchanged(Question current, QuestionCommand command) {
        assertThat(Desk.apply(current, command)).isEqualTo(new Outcome.Unchanged());
    }

    private static void checkRefused(
            @Nullable Question current, QuestionCommand command, String reason) {
        assertThat(Desk.apply(current, command))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).startsWith(reason));
    }

    private static Question version(
            int version, State state, long locksAt, @Nullable String answer) {
        return Samples.question(version, state, locksAt, answer);
    }
}
