package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.leaderboard.Allowance.Verdict;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// DOMAIN 4, races: a bot asks a thousand times a second.
class AllowanceTest {
    private final Allowance allowance = new Allowance(20);

    @Test
    void aThousandRequestsASecondAreGrantedToTheirRateAndRefusedOnce() {
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        for (int ms = 0; ms < 1_000; ms++) {
            verdicts.merge(allowance.ask("bot", 5_000 + ms), 1, Integer::sum);
        }
        assertThat(verdicts)
                .containsOnly(
                        Map.entry(Verdict.GRANTED, 20),
                        Map.entry(Verdict.REFUSED, 1),
                        Map.entry(Verdict.IGNORED, 979));
        assertThat(allowance.ask("bot", 6_000)).isEqualTo(Verdict.GRANTED);
    }

    @Test
    void oneAskersGreedIsNothingToAnother() {
        for (int i = 0; i < 100; i++) {
            allowance.ask("bot", 5_000);
        }
        assertThat(allowance.ask("asha", 5_000)).isEqualTo(Verdict.GRANTED);
    }
}
