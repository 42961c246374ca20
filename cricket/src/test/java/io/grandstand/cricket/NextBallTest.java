package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Ball.Extras;
import io.grandstand.events.Ball.Wicket;
import io.grandstand.events.Question;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextBallTest {
    @ParameterizedTest
    @CsvSource({
        "0,dot", "1,one", "2,two", "3,three", "4,four", "5,three", "6,six", "7,six", "8,six"
    })
    void runsOffTheBatSettleIt(int runs, String option) {
        check(runs, Extras.NONE, List.of(), option);
    }

    @Test
    void theSharesOfTheOptionsAddUpToOneAndRankAsInRealMatches() {
        assertThat(NextBall.shares().keySet())
                .isEqualTo(
                        NextBall.OPTIONS.stream()
                                .map(Question.Option::id)
                                .collect(java.util.stream.Collectors.toSet()));
        assertThat(NextBall.shares().values().stream().mapToDouble(share -> share).sum())
                .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(NextBall.shares().get("one")).isGreaterThan(NextBall.shares().get("dot"));
        assertThat(NextBall.shares().get("four")).isGreaterThan(NextBall.shares().get("wicket"));
    }

    @Test
    void byesAndLegByesAreRuns() {
        check(0, new Extras(0, 0, 4, 0, 0), List.of(), "four");
        check(0, new Extras(0, 0, 0, 2, 0), List.of(), "two");
        check(1, new Extras(0, 0, 0, 4, 0), List.of(), "three");
    }

    @Test
    void penaltyRunsAreNotTheDeliverysDoing() {
        check(0, new Extras(0, 0, 0, 0, 5), List.of(), "dot");
        check(1, new Extras(0, 0, 0, 0, 5), List.of(), "one");
    }

    @Test
    void anIllegalDeliverySettlesItToo() {
        check(0, new Extras(1, 0, 0, 0, 0), List.of(), "extra");
        check(0, new Extras(5, 0, 0, 0, 0), List.of(), "extra");
        check(6, new Extras(0, 1, 0, 0, 0), List.of(), "extra");
        check(0, new Extras(0, 1, 2, 0, 0), List.of(), "extra");
    }

    @Test
    void aWicketComesFirstAlsoOnAWide() {
        check(0, Extras.NONE, List.of(new Wicket("bowled", "A")), "wicket");
        check(1, Extras.NONE, List.of(new Wicket("run out", "B")), "wicket");
        check(0, new Extras(1, 0, 0, 0, 0), List.of(new Wicket("stumped", "A")), "wicket");
        check(0, Extras.NONE, List.of(new Wicket("retired out", "A")), "wicket");
    }

    @Test
    void whoRetiresHurtOrNotOutIsNoWicket() {
        check(1, Extras.NONE, List.of(new Wicket("retired hurt", "A")), "one");
        check(0, Extras.NONE, List.of(new Wicket("retired not out", "A")), "dot");
        check(
                0,
                Extras.NONE,
                List.of(new Wicket("retired hurt", "A"), new Wicket("caught", "B")),
                "wicket");
    }

    @Test
    void theQuestionIsOneThatPlayersMayBeAsked() {
        var question =
                new Question(
                        "m.1",
                        "m",
                        1,
                        Question.State.OPEN,
                        NextBall.prompt("Z Zinc", "A Amber"),
                        NextBall.OPTIONS,
                        NextBall.POINTS,
                        1,
                        2,
                        NextBall.RULE,
                        null);
        assertThat(question.options()).hasSize(8);
        assertThat(NextBall.prompt("Z".repeat(300), "A")).isEqualTo(NextBall.PROMPT);
    }

    private static void check(int batterRuns, Extras extras, List<Wicket> wickets, String option) {
        assertThat(NextBall.outcome(batterRuns, extras, wickets)).isEqualTo(option);
        assertThat(NextBall.OPTIONS).anyMatch(known -> known.id().equals(option));
    }
}
