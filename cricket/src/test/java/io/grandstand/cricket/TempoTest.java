package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TempoTest {
    @Test
    void gapsAreSpreadAsMeasured() {
        var tempo = new Tempo(1);
        var gaps = new long[50_000];
        Arrays.setAll(gaps, _ -> tempo.gapMs());
        Arrays.sort(gaps);

        assertThat(gaps[5_000] / 1000.0).isCloseTo(16.6, within(0.5));
        assertThat(gaps[12_500] / 1000.0).isCloseTo(26.0, within(0.5));
        assertThat(gaps[25_000] / 1000.0).isCloseTo(33.3, within(0.5));
        assertThat(gaps[37_500] / 1000.0).isCloseTo(46.1, within(0.5));
        assertThat(gaps[45_000] / 1000.0).isCloseTo(84.2, within(1.5));
        assertThat(gaps[0]).isGreaterThanOrEqualTo(14_000);
        assertThat(gaps[49_999]).isLessThanOrEqualTo(120_000);
    }

    @Test
    void theQuietBeforeABallIsTwentyFourSecondsAtTheMedian() {
        var quiet = new ArrayList<Long>();
        for (int seed = 0; seed < 20; seed++) {
            long resultSeen = 0;
            for (Step step : SimulatedMatch.of("m", seed).steps()) {
                if (step instanceof Step.Ask ask) {
                    // A change of ends comes on top of it.
                    resultSeen = Math.min(ask.gapMs(), 4_000);
                } else if (step instanceof Step.QuietEnds ends) {
                    quiet.add(resultSeen + ends.gapMs());
                }
            }
        }
        quiet.sort(null);

        assertThat(quiet.get(quiet.size() / 2) / 1000.0).isCloseTo(24, within(1.0));
        assertThat(quiet.get(quiet.size() / 10) / 1000.0).isCloseTo(12.7, within(1.5));
    }

    @Test
    void theResultOfABallIsSeenBeforeTheNextQuestionOpens() {
        var steps = SimulatedMatch.of("m", 1).steps();
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i - 1) instanceof Step.Bowled && steps.get(i) instanceof Step.Ask ask) {
                assertThat(ask.gapMs()).isGreaterThanOrEqualTo(4_000);
            }
        }
    }

    @Test
    void theFirstQuestionOpensWithinSeconds() {
        var steps = SimulatedMatch.of("m", 1).steps();
        assertThat(steps.get(0).gapMs() + steps.get(1).gapMs() + steps.get(2).gapMs())
                .isLessThanOrEqualTo(5_000);
        assertThat(steps.get(2)).isInstanceOf(Step.Ask.class);
    }
}
