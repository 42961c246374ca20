package io.grandstand.quiz;

import static io.grandstand.quiz.Samples.LOCKS;
import static io.grandstand.quiz.Samples.OPENS;
import static io.grandstand.quiz.Samples.corrected;
import static io.grandstand.quiz.Samples.locked;
import static io.grandstand.quiz.Samples.open;
import static io.grandstand.quiz.Samples.question;
import static io.grandstand.quiz.Samples.resolved;
import static io.grandstand.quiz.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result.Status;
import io.grandstand.quiz.Judge.Award;
import io.grandstand.quiz.Judge.Judgement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Cast ON_TIME = new Cast("six", 5_000);
    private static final Ballot ANSWERED = Ballot.EMPTY.with(ON_TIME);

    @Test
    void anAnswerWithinTheWindowIsAccepted() {
        check(open(), Ballot.EMPTY, ON_TIME, Status.ACCEPTED, "six");
    }

    @Test
    void theWindowIncludesItsFirstAndItsLastMillisecond() {
        check(open(), Ballot.EMPTY, new Cast("six", OPENS), Status.ACCEPTED, "six");
        check(open(), Ballot.EMPTY, new Cast("six", LOCKS), Status.ACCEPTED, "six");
        check(open(), Ballot.EMPTY, new Cast("six", OPENS - 1), Status.CLOSED, null);
        check(open(), Ballot.EMPTY, new Cast("six", LOCKS + 1), Status.LATE, null);
    }

    @Test
    void anAnswerAfterTheLockIsLateEvenIfBeforeTheDeadline() {
        check(locked(4_999), Ballot.EMPTY, ON_TIME, Status.LATE, null);
    }

    @Test
    void aLateAnswerToASettledQuestionIsClosed() {
        Cast late = new Cast("six", LOCKS + 1);
        check(resolved("six"), Ballot.EMPTY, late, Status.CLOSED, null);
        check(corrected("six"), Ballot.EMPTY, late, Status.CLOSED, null);
    }

    @Test
    void anAnswerReceivedOnTimeCountsHoweverLateItIsProcessed() {
        check(locked(LOCKS), Ballot.EMPTY, ON_TIME, Status.ACCEPTED, "six");
        check(resolved("six"), Ballot.EMPTY, ON_TIME, Status.ACCEPTED, "six");
        check(corrected("six"), Ballot.EMPTY, ON_TIME, Status.ACCEPTED, "six");
    }

    @Test
    void aSecondAnswerIsADuplicateAndTheFirstCounts() {
        check(open(), ANSWERED, new Cast("four", 6_000), Status.DUPLICATE, "six");
        check(open(), ANSWERED, new Cast("six", 5_000), Status.DUPLICATE, "six");
    }

    @Test
    void aSecondAnswerIsADuplicateBeforeItIsLateOrClosed() {
        check(open(), ANSWERED, new Cast("four", LOCKS + 1), Status.DUPLICATE, "six");
        check(open(), ANSWERED, new Cast("four", OPENS - 1), Status.DUPLICATE, "six");
        check(resolved("dot"), ANSWERED, new Cast("four", LOCKS + 1), Status.DUPLICATE, "six");
    }

    @Test
    void whatIsNoOptionIsInvalidAndLeavesTheAnswerThatCounts() {
        check(open(), Ballot.EMPTY, new Cast("seven", 5_000), Status.INVALID, null);
        check(open(), ANSWERED, new Cast("seven", 6_000), Status.INVALID, "six");
        assertThat(Judge.judge(open(), Ballot.EMPTY, new Cast("seven", 5_000)).ballot())
                .isEqualTo(Ballot.EMPTY);
    }

    @Test
    void aVoidQuestionIsClosedToAll() {
        check(withdrawn(), Ballot.EMPTY, ON_TIME, Status.CLOSED, null);
        check(withdrawn(), ANSWERED, ON_TIME, Status.CLOSED, null);
    }

    @Test
    void aBallotKeepsOnlyWhatMayYetCount() {
        Ballot ballot = Ballot.EMPTY;
        for (long receivedAt : List.of(LOCKS + 1, 8_000L, 9_000L, 7_000L, 7_000L, OPENS - 1)) {
            ballot = Judge.judge(open(), ballot, new Cast("six", receivedAt)).ballot();
        }
        assertThat(ballot.casts()).containsExactly(new Cast("six", 8_000), new Cast("six", 7_000));
    }

    @Test
    void aLockThatComesBeforeTheAcceptedAnswerMakesItLate() {
        Judgement moved = Judge.moved(open(), locked(4_999), ANSWERED);
        assertThat(moved).isEqualTo(new Judgement(ANSWERED, Status.LATE, null));
    }

    @Test
    void aLockAtTheAcceptedAnswerLeavesIt() {
        assertThat(Judge.moved(open(), locked(5_000), ANSWERED)).isNull();
        assertThat(Judge.moved(open(), locked(4_999), Ballot.EMPTY)).isNull();
    }

    @Test
    void aLockMayMakeAnotherAnswerOfThePlayerCountThatWasReceivedEarlier() {
        Ballot two = ANSWERED.with(new Cast("four", 4_000));
        assertThat(Judge.counted(open(), two)).isEqualTo(ON_TIME);
        assertThat(Judge.moved(open(), locked(4_500), two))
                .isEqualTo(new Judgement(two, Status.ACCEPTED, "four"));
    }

    @Test
    void whoIsRightEarnsThePointsAndWhoIsWrongEntersTheBoardWithNone() {
        checkAward(resolved("six"), ANSWERED, true, 10, 10, true);
        checkAward(resolved("dot"), ANSWERED, false, 0, 0, true);
    }

    @Test
    void nothingIsScoredBeforeTheResult() {
        assertThat(Judge.award(open(), ANSWERED)).isNull();
        assertThat(Judge.award(locked(LOCKS), ANSWERED)).isNull();
    }

    @Test
    void whoHasNoCountedAnswerIsNotScored() {
        Ballot late = Ballot.EMPTY.with(new Cast("six", LOCKS + 1));
        assertThat(Judge.award(resolved("six"), late)).isNull();
        assertThat(Judge.award(resolved("six"), Ballot.EMPTY)).isNull();
    }

    @Test
    void aVersionIsScoredOnce() {
        Award award = Objects.requireNonNull(Judge.award(resolved("six"), ANSWERED));
        assertThat(Judge.award(resolved("six"), award.ballot())).isNull();
    }

    @Test
    void aCorrectionMovesTheDifferenceAlone() {
        Ballot right = ANSWERED.awarded(10, 3);
        Ballot wrong = ANSWERED.awarded(0, 3);
        checkAward(corrected("dot"), right, false, 0, -10, false);
        checkAward(corrected("six"), wrong, true, 10, 10, false);
        checkAward(corrected("dot"), wrong, false, 0, 0, false);
    }

    @Test
    void boardsHearOfAFirstScoreAndOfEveryDifference() {
        assertThat(new Award(ANSWERED, false, 0, 0, true).isEntry()).isTrue();
        assertThat(new Award(ANSWERED, false, 0, -10, false).isEntry()).isTrue();
        assertThat(new Award(ANSWERED, false, 0, 0, false).isEntry()).isFalse();
    }

    @Test
    void aVoidQuestionTakesBackWhatItPaid() {
        checkAward(withdrawn(), ANSWERED.awarded(10, 3), false, 0, -10, false);
        checkAward(withdrawn(), ANSWERED.awarded(0, 3), false, 0, 0, false);
    }

    @Test
    void aVoidQuestionThatWasNeverScoredPaysNothingBack() {
        assertThat(Judge.award(withdrawn(), ANSWERED)).isNull();
    }

    @Test
    void anOlderVersionAfterANewerOneIsNothing() {
        Question older = question(3, State.RESOLVED, LOCKS, "dot");
        assertThat(Judge.award(older, ANSWERED.awarded(10, 4))).isNull();
    }

    private static void check(
            Question question, Ballot ballot, Cast cast, Status status, @Nullable String option) {
        Judgement judgement = Judge.judge(question, ballot, cast);
        assertThat(judgement.status()).isEqualTo(status);
        assertThat(judgement.option()).isEqualTo(option);
    }

    private static void checkAward(
            Question question,
            Ballot ballot,
            boolean correct,
            int points,
            int delta,
            boolean isFirst) {
        assertThat(Judge.award(question, ballot))
                .isEqualTo(
                        new Award(
                                ballot.awarded(points, question.version()),
                                correct,
                                points,
                                delta,
                                isFirst));
    }
}
