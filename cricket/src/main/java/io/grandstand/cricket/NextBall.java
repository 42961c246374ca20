package io.grandstand.cricket;

import io.grandstand.cricket.T20Frequencies.Happening;
import io.grandstand.cricket.T20Frequencies.Phase;
import io.grandstand.events.Ball.Extras;
import io.grandstand.events.Ball.Wicket;
import io.grandstand.events.Question.Option;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The question that each delivery settles: what will the next ball bring?
public final class NextBall {
    static final int POINTS = 10;

    /// Longer names than these are left out of the prompt, which has its own bound.
    private static final int NAMES_LENGTH_MAX = 200;

    static final String PROMPT = "What will the next ball bring?";

    static final String RULE =
            "Every delivery counts, legal or not: a wicket comes first, then a wide or no-ball,"
                    + " else all runs but penalty runs (5 count as 3, more than 6 as 6).";

    static final List<Option> OPTIONS =
            List.of(
                    new Option("dot", "Dot ball"),
                    new Option("one", "1 run"),
                    new Option("two", "2 runs"),
                    new Option("three", "3 or 5 runs"),
                    new Option("four", "4 runs"),
                    new Option("six", "6 runs or more"),
                    new Option("wicket", "Wicket"),
                    new Option("extra", "Wide or no-ball"));

    private NextBall() {}

    /// The option that a delivery settles the question with.
    ///
    /// Penalty runs are left out, as bookmakers do: they are not the delivery's doing.
    static String outcome(int batterRuns, Extras extras, List<Wicket> wickets) {
        if (wickets.stream().anyMatch(Delivery::counts)) {
            return "wicket";
        }
        if (extras.wides() > 0 || extras.noballs() > 0) {
            return "extra";
        }
        int runs = batterRuns + extras.byes() + extras.legbyes();
        return switch (runs) {
            case 0 -> "dot";
            case 1 -> "one";
            case 2 -> "two";
            case 3, 5 -> "three";
            case 4 -> "four";
            default -> "six";
        };
    }

    /// How often each option came true in real T20 matches, by option id: the share of all balls.
    public static Map<String, Double> shares() {
        var shares = new HashMap<String, Double>();
        double all = Arrays.stream(Phase.values()).mapToInt(T20Frequencies::total).sum();
        for (Phase phase : Phase.values()) {
            for (Happening happening : Happening.values()) {
                double share = T20Frequencies.count(phase, happening) / all;
                shares.merge(option(happening), share, Double::sum);
            }
        }
        return Map.copyOf(shares);
    }

    private static String option(Happening happening) {
        return switch (happening) {
            case DOT -> "dot";
            case ONE, BYE, LEG_BYE -> "one";
            case TWO -> "two";
            case THREE, FIVE -> "three";
            case FOUR, FOUR_BYES, FOUR_LEG_BYES -> "four";
            case SIX -> "six";
            case WIDE, WIDE_AND_ONE, WIDE_AND_FOUR, NO_BALL -> "extra";
            case BOWLED, CAUGHT, LBW, RUN_OUT, STUMPED -> "wicket";
        };
    }

    /// The prompt with what is known of the ball to come.
    static String prompt(@Nullable String bowler, @Nullable String batter) {
        return bowler == null
                        || batter == null
                        || bowler.length() + batter.length() > NAMES_LENGTH_MAX
                ? PROMPT
                : "%s %s to %s.".formatted(PROMPT, bowler, batter);
    }

    /// A delivery as a scorer writes it: `•`, `4`, `W`, `1W`, `1wd`, `2nb`, `1lb`.
    static String symbol(int runs, int batterRuns, Extras extras, List<Wicket> wickets) {
        if (wickets.stream().anyMatch(Delivery::counts)) {
            return runs == 0 ? "W" : runs + "W";
        }
        if (extras.wides() > 0) {
            return runs + "wd";
        }
        if (extras.noballs() > 0) {
            return runs + "nb";
        }
        if (batterRuns == 0 && extras.byes() > 0) {
            return extras.byes() + "b";
        }
        if (batterRuns == 0 && extras.legbyes() > 0) {
            return extras.legbyes() + "lb";
        }
        return runs == 0 ? "•" : String.valueOf(runs);
    }
}
