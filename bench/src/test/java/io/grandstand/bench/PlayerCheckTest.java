package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result;
import io.grandstand.events.Result.Receipt;
import io.grandstand.events.Result.Score;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Top;
import io.grandstand.protocol.Message;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a player's check makes of a game that loses, repeats, swaps or falsifies what it tells:
/// every fault is seeded here and must be found.
class PlayerCheckTest {
    private static final int ROUNDS = 6;
    private static final GamePlan PLAN = new GamePlan("m", 7, 0, ROUNDS, 20, 10, 1, 0.5);

    /// One who has right and wrong answers, and asks for the leaderboard in some rounds.
    private static final int PLAYER =
            IntStream.range(0, 1_000)
                    .filter(player -> PLAN.isRight(player, 0) && !PLAN.isRight(player, 1))
                    .filter(player -> PLAN.asksTop(player, 0) && !PLAN.asksTop(player, 1))
                    .findFirst()
                    .orElseThrow();

    private final PlayerCheck check = new PlayerCheck(PLAN, PLAYER);

    @Test
    void aGameThatTellsEverythingOnceIsClean() {
        for (int round = 0; round < ROUNDS; round++) {
            play(round);
        }
        assertThat(check.checks()).isEqualTo(Checks.CLEAN);
        assertThat(check.wrong()).describedAs(check.firstWrong()).isZero();
        assertThat(check.firstLost()).isNull();
    }

    @Test
    void whatNeverComesIsLost() {
        for (int round = 0; round < ROUNDS - 1; round++) {
            play(round);
        }
        int due = PlayerCheck.due(PLAN, PLAYER, ROUNDS - 1);
        assertThat(check.checks()).isEqualTo(new Checks(due, 0, 0, 0));
        assertThat(check.firstLost()).contains("round 5", "open question", "receipt", "score");
    }

    @Test
    void aLostScoreIsFoundAndTheNextTotalIsStillRight() {
        play(0);
        question(1, State.OPEN);
        check.answered(1);
        check.receipt(1, receipt(1));
        question(1, State.LOCKED);
        question(1, State.RESOLVED);
        for (int round = 2; round < ROUNDS; round++) {
            play(round);
        }
        assertThat(check.checks()).isEqualTo(new Checks(1, 0, 0, 0));
        assertThat(check.firstLost()).isEqualTo("player %d, round 1: score".formatted(PLAYER));
        assertThat(check.wrong()).describedAs(check.firstWrong()).isZero();
    }

    @Test
    void whatComesTwiceIsDoubledAndNotCountedAgain() {
        for (int round = 0; round < ROUNDS; round++) {
            play(round);
        }
        assertThat(question(0, State.OPEN)).isFalse();
        assertThat(check.receipt(0, receipt(0))).isFalse();
        assertThat(check.score(0, score(0))).isFalse();
        assertThat(check.answered(0)).isFalse();
        assertThat(check.top(0, top(PLAN.total(PLAYER, ROUNDS - 1)))).isFalse();
        assertThat(check.checks()).isEqualTo(new Checks(0, 5, 0, 0));
    }

    @Test
    void aVersionOrScoreAfterALaterOneIsOutOfOrder() {
        question(0, State.LOCKED);
        assertThat(question(0, State.OPEN)).isTrue();
        check.score(1, score(1));
        assertThat(check.score(0, score(0))).isTrue();
        assertThat(check.checks().reordered()).isEqualTo(2);
        assertThat(check.wrong()).describedAs(check.firstWrong()).isZero();
    }

    @Test
    void aReceiptAfterItsScoreIsOutOfOrder() {
        check.score(0, score(0));
        check.receipt(0, receipt(0));
        assertThat(check.checks().reordered()).isEqualTo(1);
    }

    @Test
    void aScoreThatIsNotAsDueIsWrong() {
        Score due = score(0);
        assertWrong(new Score("m", "q0", 3, false, due.answer(), 10, 10, 10));
        assertWrong(new Score("m", "q0", 3, true, "e", 10, 10, 10));
        assertWrong(new Score("m", "q0", 3, true, due.answer(), 11, 10, 10));
        assertWrong(new Score("m", "q0", 3, true, due.answer(), 10, 0, 10));
        assertWrong(new Score("m", "q0", 3, true, due.answer(), 10, 10, 20));
        assertWrong(new Score("another", "q0", 3, true, due.answer(), 10, 10, 10));
    }

    @Test
    void aReceiptThatIsNotAsDueIsWrong() {
        String option = PLAN.option(PLAYER, 0);
        List<Status> refusals =
                List.of(Status.LATE, Status.DUPLICATE, Status.CLOSED, Status.INVALID);
        for (Status status : refusals) {
            check.receipt(0, new Receipt("m", "q0", status, option));
        }
        assertThat(check.wrong()).isEqualTo(refusals.size());
        check.receipt(1, new Receipt("m", "q1", Status.ACCEPTED, "e"));
        assertThat(check.wrong()).isEqualTo(refusals.size() + 1);
        check.receipt(-1, new Receipt("m", "qq", Status.ACCEPTED, option));
        assertThat(check.wrong()).isEqualTo(refusals.size() + 2);
    }

    @Test
    void aReceiptBeforeItsQuestionIsKnownMustBeFollowedByAnother() {
        assertThat(check.receipt(0, new Receipt("m", "q0", Status.UNKNOWN, null))).isFalse();
        assertThat(check.early()).isEqualTo(1);
        assertThat(check.firstLost()).contains("receipt");
        assertThat(check.receipt(0, receipt(0))).isTrue();
        assertThat(check.firstLost()).doesNotContain("receipt");
        assertThat(check.checks().doubled()).isZero();
        assertThat(check.wrong()).describedAs(check.firstWrong()).isZero();
    }

    @Test
    void aPublishThatFailsIsWrong() {
        check.failed(new Message.Failed(100, "internal server error", true));
        assertThat(check.wrong()).isEqualTo(1);
        assertThat(check.firstWrong()).contains("internal server error");
    }

    @Test
    void aResultThatNothingWasSentForIsWrong() {
        var silent = new GamePlan("m", 7, 0, ROUNDS, 20, 10, 0, 0);
        var check = new PlayerCheck(silent, PLAYER);
        assertThat(check.receipt(0, receipt(0))).isFalse();
        assertThat(check.score(0, score(0))).isFalse();
        assertThat(check.top(-1, top(0))).isFalse();
        assertThat(check.wrong()).isEqualTo(3);
    }

    @Test
    void aQuestionWithAnotherAnswerOrStateIsWrong() {
        String notRight = PLAN.right(0).equals("a") ? "b" : "a";
        check.question(0, question(0, State.RESOLVED, notRight));
        assertThat(check.wrong()).isEqualTo(1);
        check.question(0, question(0, State.VOID, null));
        assertThat(check.wrong()).isEqualTo(2);
        check.question(-1, question(0, State.OPEN, null));
        assertThat(check.wrong()).isEqualTo(3);
    }

    @Test
    void aLeaderboardIsBehindWithoutWhatThePlayerHadWhenTheyAsked() {
        check.score(0, score(0));
        check.asks(0);
        check.top(0, top(0));
        assertThat(check.behind()).isEqualTo(1);
        check.top(0, top(10));
        assertThat(check.behind()).isEqualTo(1);
        assertThat(check.wrong()).describedAs(check.firstWrong()).isZero();
    }

    @Test
    void aLeaderboardMustNotHaveMoreThanIsDue() {
        check.score(0, score(0));
        check.asks(0);
        check.top(0, top(20));
        assertThat(check.wrong()).isEqualTo(1);
    }

    @Test
    void aLeaderboardMayBeAheadOfTheScore() {
        check.asks(0);
        assertThat(check.top(0, top(10))).isTrue();
        assertThat(check.wrong()).describedAs(check.firstWrong()).isZero();
    }

    @Test
    void aLeaderboardThatComesLateIsOfTheRoundThatAskedForIt() {
        check.asks(0);
        check.score(1, score(1));
        check.asks(1);
        assertThat(check.top(0, top(0))).isTrue();
        assertThat(check.top(1, top(10))).isTrue();
        assertThat(check.behind()).isZero();
        assertThat(check.checks().doubled()).isZero();
    }

    @Test
    void aLeaderboardKnowsWhoHasAScore() {
        var nobody = new Top("m", Top.Me.NOBODY, 0, List.of());
        check.asks(0);
        check.top(0, nobody);
        assertThat(check.behind()).describedAs("before the first score").isZero();
        check.score(1, score(1));
        check.asks(1);
        check.top(1, nobody);
        assertThat(check.behind()).isEqualTo(1);
    }

    @Test
    void aRefusedLeaderboardIsWrong() {
        check.asks(0);
        assertThat(check.top(0, refused(Top.Code.INVALID, null))).isTrue();
        assertThat(check.wrong()).isEqualTo(1);
    }

    @Test
    void aLeaderboardThatIsPutOffIsStillDue() {
        long due = check.checks().lost();
        check.asks(0);
        assertThat(check.top(0, refused(Top.Code.BUSY, 1_000L))).isFalse();
        assertThat(check.putOff()).isEqualTo(1);
        assertThat(check.wrong()).isZero();
        assertThat(check.checks().lost()).isEqualTo(due);

        assertThat(check.top(0, top(0))).isTrue();
        assertThat(check.checks().lost()).isEqualTo(due - 1);
        assertThat(check.top(0, refused(Top.Code.BUSY, 1_000L))).isFalse();
        assertThat(check.checks().doubled()).isEqualTo(1);
    }

    private void assertWrong(Score score) {
        var fresh = new PlayerCheck(PLAN, PLAYER);
        fresh.score(0, score);
        assertThat(fresh.wrong()).describedAs(score.toString()).isEqualTo(1);
    }

    /// Everything that is due in a round.
    private void play(int round) {
        assertThat(question(round, State.OPEN)).isTrue();
        assertThat(check.hasSeen(round)).isTrue();
        assertThat(check.answered(round)).isTrue();
        assertThat(check.receipt(round, receipt(round))).isTrue();
        assertThat(question(round, State.LOCKED)).isTrue();
        assertThat(question(round, State.RESOLVED)).isTrue();
        assertThat(check.score(round, score(round))).isTrue();
        if (PLAN.asksTop(PLAYER, round)) {
            check.asks(round);
            assertThat(check.topAccepted(round)).isTrue();
            assertThat(check.top(round, top(PLAN.total(PLAYER, round)))).isTrue();
        }
    }

    private boolean question(int round, State state) {
        return check.question(
                round, question(round, state, state.isSettled() ? PLAN.right(round) : null));
    }

    private static Question question(int round, State state, @Nullable String answer) {
        return new Question(
                GamePlan.question(round),
                "m",
                1,
                state,
                "What next?",
                GamePlan.options(),
                GamePlan.POINTS,
                1,
                2,
                null,
                answer);
    }

    private static Receipt receipt(int round) {
        return new Result.Receipt(
                "m", GamePlan.question(round), Status.ACCEPTED, PLAN.option(PLAYER, round));
    }

    private static Score score(int round) {
        int points = PLAN.isRight(PLAYER, round) ? GamePlan.POINTS : 0;
        return new Score(
                "m",
                GamePlan.question(round),
                3,
                points > 0,
                PLAN.right(round),
                points,
                points,
                PLAN.total(PLAYER, round));
    }

    private static Top refused(Top.Code code, @Nullable Long retryAfterMs) {
        return Top.refused("m", null, null, new Top.Refusal(code, "Not now.", retryAfterMs));
    }

    private static Top top(long score) {
        return new Top("m", new Top.Me(1L, score), 1, List.of());
    }
}
