package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GamePlanTest {
    private static final int PLAYERS = 10_000;
    private static final double NS_PER_SECOND = 1e9;

    private final GamePlan plan = new GamePlan("m", 42, 5_000, 3, 20, 10, 0.8, 0.01);

    @Test
    void theSameSeedIsTheSameGame() {
        var again = new GamePlan("m", 42, 5_000, 3, 20, 10, 0.8, 0.01);
        var other = new GamePlan("m", 43, 5_000, 3, 20, 10, 0.8, 0.01);
        assertThat(choices(again)).isEqualTo(choices(plan)).isNotEqualTo(choices(other));
    }

    @Test
    void answersComeInTimeAndMostAtThreeTenthsOfIt() {
        var perSecond = new int[10];
        for (int player = 0; player < PLAYERS; player++) {
            double seconds = (plan.answerNs(player, 1) - plan.askNs(1)) / NS_PER_SECOND;
            assertThat(seconds).isBetween(0.0, 10.0);
            perSecond[Math.min(9, (int) seconds)]++;
        }
        int busiest =
                IntStream.range(0, 10).reduce(0, (a, b) -> perSecond[b] > perSecond[a] ? b : a);
        assertThat(busiest).isIn(2, 3);
        assertThat(perSecond[busiest]).isGreaterThan(2 * PLAYERS / 10);
    }

    @Test
    void sharesAreAsAskedFor() {
        assertThat(IntStream.range(0, PLAYERS).filter(player -> plan.answers(player, 0)).count())
                .isCloseTo(8_000, within(200L));
        assertThat(IntStream.range(0, PLAYERS).filter(player -> plan.asksTop(player, 0)).count())
                .isCloseTo(100, within(50L));
        assertThat(IntStream.range(0, PLAYERS).filter(player -> plan.isRight(player, 0)).count())
                .isCloseTo(2_500, within(250L));
    }

    @Test
    void aRoundHasItsCourse() {
        for (int player = 0; player < 100; player++) {
            assertThat(
                            List.of(
                                    plan.askNs(1),
                                    plan.answerNs(player, 1),
                                    plan.lockNs(1),
                                    plan.resolveNs(1),
                                    plan.topNs(player, 1),
                                    plan.askNs(2)))
                    .isSorted();
        }
        assertThat(plan.askNs(2) - plan.askNs(1)).isEqualTo(20_000_000_000L);
    }

    @Test
    void totalsAreTheSumOfRightAnswers() {
        for (int player = 0; player < 100; player++) {
            int total = 0;
            assertThat(plan.total(player, -1)).isZero();
            for (int round = 0; round < 3; round++) {
                boolean earns = plan.answers(player, round) && plan.isRight(player, round);
                total += earns ? GamePlan.POINTS : 0;
                assertThat(plan.total(player, round)).isEqualTo(total);
            }
        }
    }

    @Test
    void aQuestionTellsItsRound() {
        assertThat(plan.round(GamePlan.question(2))).isEqualTo(2);
        assertThat(List.of("q3", "q-1", "q", "x1", "qx")).allMatch(id -> plan.round(id) == -1);
    }

    private static List<String> choices(GamePlan plan) {
        return IntStream.range(0, 100)
                .mapToObj(player -> plan.option(player, 0) + plan.answerNs(player, 0))
                .toList();
    }
}
