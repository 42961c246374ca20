package io.grandstand.quiz;

import static io.grandstand.quiz.Samples.LOCKS;
import static io.grandstand.quiz.Samples.OPENS;
import static io.grandstand.quiz.Samples.corrected;
import static io.grandstand.quiz.Samples.locked;
import static io.grandstand.quiz.Samples.open;
import static io.grandstand.quiz.Samples.resolved;
import static io.grandstand.quiz.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Question;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Terms;
import io.grandstand.events.Terms.Answers;
import io.grandstand.events.Terms.Policy;
import io.grandstand.events.Terms.Speed;
import io.grandstand.quiz.Judge.Earned;
import io.grandstand.quiz.Judge.Judgement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Cast ON_TIME = new Cast("six", 5_000);
    private static final Ballot ANSWERED = ballot(open(), ON_TIME);

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
        assertThat(judge(open(), Ballot.EMPTY, new Cast("seven", 5_000)).ballot())
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
            ballot = judge(open(), ballot, new Cast("six", receivedAt)).ballot();
        }
        assertThat(ballot.casts()).containsExactly(new Cast("six", 8_000), new Cast("six", 7_000));
    }

    @Test
    void aLockThatComesBeforeTheAcceptedAnswerMakesItLate() {
        Ballot late = Judge.moved(locked(4_999), ANSWERED);
        assertThat(Judge.news(ANSWERED, late)).isEqualTo(new Judgement(late, Status.LATE, null));
    }

    @Test
    void aLockAtTheAcceptedAnswerLeavesIt() {
        assertThat(Judge.news(ANSWERED, Judge.moved(locked(5_000), ANSWERED))).isNull();
        assertThat(Judge.news(Ballot.EMPTY, Judge.moved(locked(4_999), Ballot.EMPTY))).isNull();
    }

    @Test
    void aLockMayMakeAnotherAnswerOfThePlayerCountThatWasReceivedEarlier() {
        Ballot two = ballot(open(), ON_TIME, new Cast("four", 4_000));
        assertThat(two.countedCast()).isEqualTo(ON_TIME);
        Ballot moved = Judge.moved(locked(4_500), two);
        assertThat(Judge.news(two, moved)).isEqualTo(new Judgement(moved, Status.ACCEPTED, "four"));
    }

    @Test
    void whoIsRightEarnsThePointsAndWhoIsWrongNone() {
        assertThat(Judge.earned(resolved("six"), ANSWERED)).isEqualTo(new Earned(true, 10, 4_000));
        assertThat(Judge.earned(resolved("dot"), ANSWERED)).isEqualTo(new Earned(false, 0, 4_000));
    }

    @Test
    void nothingIsScoredBeforeTheResult() {
        assertThat(Judge.isDue(open(), ANSWERED)).isFalse();
        assertThat(Judge.isDue(locked(LOCKS), ANSWERED)).isFalse();
        assertThat(Judge.earned(locked(LOCKS), ANSWERED)).isNull();
    }

    @Test
    void whoHasNoCountedAnswerEarnsNothing() {
        assertThat(Judge.earned(resolved("six"), Ballot.EMPTY)).isNull();
        assertThat(Judge.earned(resolved("six"), ballot(open(), new Cast("six", LOCKS + 1))))
                .isNull();
    }

    @Test
    void aVersionIsScoredOnce() {
        assertThat(Judge.isDue(resolved("six"), ANSWERED)).isTrue();
        assertThat(Judge.isDue(resolved("six"), paid(3))).isFalse();
        assertThat(Judge.isDue(corrected("dot"), paid(3))).isTrue();
        assertThat(Judge.isDue(resolved("six"), paid(4))).isFalse();
    }

    @Test
    void aVoidQuestionTakesBackWhatItPaidAndNothingElse() {
        assertThat(Judge.isDue(withdrawn(), paid(3))).isTrue();
        assertThat(Judge.earned(withdrawn(), paid(3))).isNull();
        assertThat(Judge.isDue(withdrawn(), ANSWERED)).isFalse();
    }

    @Test
    void whereTheLastCountsPlayersMayChangeTheirMindUntilTheLock() {
        Question last = with(open(), new Terms(null, Answers.LAST, null, null, null));
        Ballot ballot = ballot(last, ON_TIME);
        check(last, ballot, new Cast("four", 6_000), Status.ACCEPTED, "four");
        check(last, ballot, new Cast("six", 6_000), Status.DUPLICATE, "six");
        check(last, ballot, new Cast("four", LOCKS + 1), Status.LATE, "six");
        check(last, ballot, new Cast("seven", 6_000), Status.INVALID, "six");
    }

    @Test
    void whereTheLastCountsSayingTheSameAgainKeepsTheEarlierTime() {
        Question last = with(open(), new Terms(null, Answers.LAST, null, null, null));
        Ballot ballot = ballot(last, ON_TIME, new Cast("six", 9_000));
        assertThat(ballot.countedCast()).isEqualTo(ON_TIME);
        assertThat(ballot(last, ON_TIME, new Cast("dot", 7_000), new Cast("six", 9_000)))
                .extracting(Ballot::countedCast)
                .isEqualTo(new Cast("six", 9_000));
    }

    @Test
    void aChangeOfMindAfterAnEarlierLockLeavesTheAnswerBeforeIt() {
        Question last = with(open(), new Terms(null, Answers.LAST, null, null, null));
        Ballot ballot = ballot(last, ON_TIME, new Cast("four", 8_000));
        Ballot moved = Judge.moved(with(locked(7_000), last.termsOrPlain()), ballot);
        assertThat(moved.countedCast()).isEqualTo(ON_TIME);
        assertThat(Judge.news(ballot, moved)).extracting(Judgement::option).isEqualTo("six");
    }

    @Test
    void nobodyChangesTheirMindWithoutEnd() {
        Question last = with(open(), new Terms(null, Answers.LAST, null, null, null));
        Ballot ballot = Ballot.EMPTY;
        for (int i = 0; i < Ballot.CASTS_MAX; i++) {
            ballot = judge(last, ballot, new Cast(i % 2 == 0 ? "six" : "four", 5_000 + i)).ballot();
        }
        check(last, ballot, new Cast("six", 6_000), Status.DUPLICATE, "four");
    }

    /// DOMAIN 1: points may depend on speed, then on receive time less that viewer's shown time.
    @Test
    void speedIsReckonedFromWhenTheViewerWasShownTheQuestion() {
        var delays = new Terms.Delays(Policy.LOCK, 5_000);
        Question fast = with(open(), new Terms(null, null, new Speed(2, 8_000), null, delays));
        Question settled = with(resolved("six"), fast.termsOrPlain());
        assertThat(Judge.earned(settled, ballot(fast, new Cast("six", 5_000))))
                .isEqualTo(new Earned(true, 6, 4_000));
        assertThat(Judge.earned(settled, ballot(fast, new Cast("six", 5_000, 3_000))))
                .isEqualTo(new Earned(true, 9, 1_000));
    }

    /// DOMAIN 2: a viewer whose stream is late has the full time after seeing the question.
    @Test
    void aBelievedDelayLengthensTheTimeToAnswerByAsMuch() {
        Question late = with(open(), delays(5_000));
        check(late, Ballot.EMPTY, new Cast("six", LOCKS + 3_000, 3_000), Status.ACCEPTED, "six");
        check(late, Ballot.EMPTY, new Cast("six", LOCKS + 3_001, 3_000), Status.LATE, null);
        check(late, Ballot.EMPTY, new Cast("six", LOCKS + 1, 0), Status.LATE, null);
    }

    /// DOMAIN 2: clamp a claimed delay.
    @Test
    void aDelayIsBelievedUpToTheCapAndNoFurther() {
        Question late = with(open(), delays(5_000));
        Cast tenMinutes = Cast.claiming("six", LOCKS + 5_000, 600_000);
        check(late, Ballot.EMPTY, tenMinutes, Status.ACCEPTED, "six");
        Cast tooLate = Cast.claiming("six", LOCKS + 5_001, Long.MAX_VALUE);
        check(late, Ballot.EMPTY, tooLate, Status.LATE, null);
        Cast ahead = Cast.claiming("six", LOCKS, Long.MIN_VALUE);
        check(late, Ballot.EMPTY, ahead, Status.ACCEPTED, "six");
        check(open(), Ballot.EMPTY, Cast.claiming("six", LOCKS + 1, 5_000), Status.LATE, null);
    }

    /// DOMAIN 2: never past ball start.
    @Test
    void noDelayReachesPastTheLock() {
        Question late = with(locked(7_000), delays(5_000), 7_000L);
        check(late, Ballot.EMPTY, new Cast("six", 7_000, 5_000), Status.ACCEPTED, "six");
        check(late, Ballot.EMPTY, new Cast("six", 7_001, 5_000), Status.LATE, null);
    }

    /// DOMAIN 2: a claimed delay is client input.
    @Test
    void whoAnsweredBeforeHavingSeenTheQuestionByTheOwnClaimIsNotBelieved() {
        Question late = with(open(), delays(5_000));
        Cast contradiction = new Cast("six", OPENS + 4_000, 5_000);
        check(late, Ballot.EMPTY, contradiction, Status.ACCEPTED, "six");
        assertThat(Judge.answerMs(late, contradiction)).isEqualTo(4_000);
        assertThat(Judge.answerMs(late, new Cast("six", OPENS + 5_000, 5_000))).isZero();
    }

    @Test
    void anAnswerIsKeptThatIsSuperfluousOnlyWhileDelaysAreBelieved() {
        Question late = with(open(), delays(5_000));
        Ballot ballot = ballot(late, new Cast("six", 9_000, 0), new Cast("four", 9_500, 4_000));
        assertThat(ballot.casts()).hasSize(2);
        assertThat(ballot.countedCast()).extracting(Cast::option).isEqualTo("six");
        Question moved = with(locked(8_000), delays(5_000), 9_600L);
        assertThat(Judge.moved(moved, ballot).countedCast())
                .isEqualTo(new Cast("four", 9_500, 4_000));
    }

    private static Terms delays(int capMs) {
        return new Terms(null, null, null, null, new Terms.Delays(Policy.LOCK, capMs));
    }

    private static Question with(Question question, Terms terms) {
        return with(
                question,
                terms,
                terms.delays() == null ? null : question.locksAt() + terms.delayCapMs());
    }

    private static Question with(Question question, Terms terms, @Nullable Long endsAt) {
        return new Question(
                question.id(),
                question.match(),
                question.version(),
                question.state(),
                question.prompt(),
                question.options(),
                question.points(),
                question.opensAt(),
                question.locksAt(),
                question.rule(),
                question.answer(),
                endsAt,
                null,
                terms);
    }

    private static Ballot ballot(Question question, Cast... casts) {
        Ballot ballot = Ballot.EMPTY;
        for (Cast cast : casts) {
            ballot = judge(question, ballot, cast).ballot();
        }
        return ballot;
    }

    private static Ballot paid(int version) {
        return ANSWERED.with(new Ballot.Paid(version, version, 0, true, 10, 0, 4_000));
    }

    /// Judges the cast by this version of a question that first had the sample's deadline.
    private static Judgement judge(Question question, Ballot ballot, Cast cast) {
        return Judge.judge(
                new Ruling(question, LOCKS, 0),
                Judge.moved(question, ballot).at(0, index(question, ballot)),
                cast);
    }

    private static int index(Question question, Ballot ballot) {
        return Judge.counted(question, ballot.casts());
    }

    private static void check(
            Question question, Ballot ballot, Cast cast, Status status, @Nullable String option) {
        Judgement judgement = judge(question, ballot, cast);
        assertThat(judgement.status()).isEqualTo(status);
        assertThat(judgement.option()).isEqualTo(option);
    }
}
