package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulatedMatchTest {
    private static final long SEEDS = 400;

    @Test
    void theSameSeedIsTheSameMatch() {
        assertThat(SimulatedMatch.of("demo", 42)).isEqualTo(SimulatedMatch.of("demo", 42));
        assertThat(SimulatedMatch.of("demo", 42)).isNotEqualTo(SimulatedMatch.of("demo", 43));
    }

    @Test
    void aSeedMeansTheSameMatchForGood() {
        var match = SimulatedMatch.match("demo", 1);

        assertThat(match.title() + ": " + match.result())
                .isEqualTo(
                        "Granite Foxes v Saffron Hill, simulated T20: Saffron Hill won by 4"
                                + " wickets");
    }

    @Test
    void anInningsEndsByOversWicketsOrTarget() {
        LongStream.range(0, SEEDS)
                .forEach(seed -> {
                    for (Innings innings : SimulatedMatch.match("m", seed).innings()) {
                        check(seed, innings);
                    }
                });
    }

    private static void check(long seed, Innings innings) {
        var card = new InningsCard(innings);
        Integer target = innings.target();
        for (Delivery delivery : innings.deliveries()) {
            assertThat(target == null || card.runs < target).as("seed %d", seed).isTrue();
            card.add(delivery);
        }
        int ballsMax = innings.superOver() ? 6 : 120;
        int wicketsMax = innings.superOver() ? 2 : 10;
        assertThat(card.legal).as("seed %d", seed).isLessThanOrEqualTo(ballsMax);
        assertThat(card.wickets).as("seed %d", seed).isLessThanOrEqualTo(wicketsMax);
        assertThat(
                        card.legal == ballsMax
                                || card.wickets == wicketsMax
                                || (target != null && card.runs >= target))
                .as("seed %d: %d balls, %d wickets", seed, card.legal, card.wickets)
                .isTrue();
        card.bowlers.values().forEach(bowler -> assertThat(bowler.balls()).isLessThanOrEqualTo(24));
    }

    @Test
    void nobodyBowlsTwoOversRunningAndAnOverHasOneBowler() {
        for (Innings innings : SimulatedMatch.match("m", 7).innings()) {
            var bowlers = new HashMap<Integer, String>();
            for (Delivery delivery : innings.deliveries()) {
                assertThat(bowlers.computeIfAbsent(delivery.over(), _ -> delivery.bowler()))
                        .isEqualTo(delivery.bowler());
                assertThat(delivery.bowler()).isNotEqualTo(bowlers.get(delivery.over() - 1));
                assertThat(delivery.batter()).isNotEqualTo(delivery.nonStriker());
            }
        }
    }

    @Test
    void aTieGoesToSuperOversUntilOneSideWins() {
        var tied =
                LongStream.range(0, 5_000)
                        .mapToObj(seed -> SimulatedMatch.match("m", seed))
                        .filter(match -> match.innings().size() > 2)
                        .findFirst()
                        .orElseThrow();

        assertThat(tied.innings().get(0).runs()).isEqualTo(tied.innings().get(1).runs());
        assertThat(tied.innings().size() % 2).isZero();
        assertThat(tied.result()).startsWith("Match tied, ").endsWith(" won the super over");
        int last = tied.innings().size() - 1;
        var opening = tied.innings().get(last - 1);
        var reply = tied.innings().get(last);
        assertThat(opening.runs()).isNotEqualTo(reply.runs());
        assertThat(tied.result())
                .contains(reply.runs() > opening.runs() ? reply.team() : opening.team());
    }

    @Test
    void scoresLookLikeThoseOfRealMatches() {
        // 165 is the average of the 44 real first innings in the data set that ran their course.
        double average =
                LongStream.range(0, SEEDS)
                        .mapToInt(
                                seed -> SimulatedMatch.match("m", seed).innings().getFirst().runs())
                        .average()
                        .orElseThrow();
        assertThat(average).isBetween(140.0, 175.0);
    }

    @Test
    void aMatchIdOutsideTheAlphabetIsRefused() {
        assertThatThrownBy(() -> SimulatedMatch.of("a match", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "match id is 'a match': must be 1 to 56 characters of A-Z a-z 0-9 . _ ~ -");
    }
}
