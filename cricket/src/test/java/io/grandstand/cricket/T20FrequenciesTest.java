package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.cricket.T20Frequencies.Happening;
import io.grandstand.cricket.T20Frequencies.Phase;
import io.grandstand.events.Ball.Wicket;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class T20FrequenciesTest {
    @Test
    void theFiguresAreThoseOfTheRealMatches() throws Exception {
        var counts = new EnumMap<Phase, Map<Happening, Integer>>(Phase.class);
        int matches = 0;
        int balls = 0;
        for (Path file : RealData.matches()) {
            if (file.toString().contains("/odi/")) {
                continue;
            }
            matches++;
            for (Innings innings : RealData.match(file).innings()) {
                balls += innings.superOver() ? 0 : count(innings, counts);
            }
        }

        assertThat(matches).isEqualTo(49);
        assertThat(balls).isEqualTo(10_843);
        for (Phase phase : Phase.values()) {
            for (Happening happening : Happening.values()) {
                assertThat(T20Frequencies.count(phase, happening))
                        .as("%s %s", phase, happening)
                        .isEqualTo(counts.getOrDefault(phase, Map.of()).getOrDefault(happening, 0));
            }
        }
    }

    private static int count(Innings innings, Map<Phase, Map<Happening, Integer>> counts) {
        int lost = 0;
        int counted = 0;
        for (Delivery delivery : innings.deliveries()) {
            var happening = happening(delivery);
            if (happening != null) {
                counts.computeIfAbsent(
                                Phase.of(delivery.over(), lost),
                                _ -> new EnumMap<>(Happening.class))
                        .merge(happening, 1, Integer::sum);
                counted++;
            }
            lost += delivery.wicketsLost();
        }
        return counted;
    }

    /// Null for what a simulation leaves out: obstructing the field, retired out.
    private static @Nullable Happening happening(Delivery delivery) {
        var extras = delivery.extras();
        for (Wicket wicket : delivery.wickets()) {
            if (Delivery.counts(wicket)) {
                return switch (wicket.kind()) {
                    case "bowled", "hit wicket" -> Happening.BOWLED;
                    case "caught", "caught and bowled" -> Happening.CAUGHT;
                    case "lbw" -> Happening.LBW;
                    case "run out" -> Happening.RUN_OUT;
                    case "stumped" -> Happening.STUMPED;
                    default -> null;
                };
            }
        }
        if (extras.wides() > 0) {
            return switch (extras.wides()) {
                case 1 -> Happening.WIDE;
                case 2 -> Happening.WIDE_AND_ONE;
                default -> Happening.WIDE_AND_FOUR;
            };
        }
        if (extras.noballs() > 0) {
            return Happening.NO_BALL;
        }
        if (extras.byes() > 0) {
            return extras.byes() < 3 ? Happening.BYE : Happening.FOUR_BYES;
        }
        if (extras.legbyes() > 0) {
            return extras.legbyes() < 3 ? Happening.LEG_BYE : Happening.FOUR_LEG_BYES;
        }
        return switch (delivery.batterRuns()) {
            case 0 -> Happening.DOT;
            case 1 -> Happening.ONE;
            case 2 -> Happening.TWO;
            case 3 -> Happening.THREE;
            case 4 -> Happening.FOUR;
            case 5 -> Happening.FIVE;
            case 6 -> Happening.SIX;
            default -> null;
        };
    }
}
