package io.grandstand.cricket;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How often things happen on a ball of a T20 match, counted once from real ones.
///
/// Source: Cricket match data from Cricsheet (cricsheet.org), ODC-By 1.0: the 49 T20 matches of our
/// data set (26 of the Indian Premier League 2008 to 2023, 23 internationals of men and women 2005
/// to 2023), without super overs, 10,843 balls. A test counts them again and compares.
final class T20Frequencies {
    /// What a ball may bring, in the order of the numbers of `COUNTS`.
    enum Happening {
        DOT,
        ONE,
        TWO,
        THREE,
        FOUR,
        FIVE,
        SIX,
        WIDE,
        /// A wide on which the batters ran one.
        WIDE_AND_ONE,
        /// A wide that reached the boundary.
        WIDE_AND_FOUR,
        NO_BALL,
        BYE,
        FOUR_BYES,
        LEG_BYE,
        FOUR_LEG_BYES,
        /// Hit wicket included.
        BOWLED,
        /// Caught by the bowler included.
        CAUGHT,
        LBW,
        RUN_OUT,
        STUMPED
    }

    /// When in the innings a ball is bowled; the rows of `COUNTS`. Few sides lose four wickets in
    /// the powerplay, so that row is one; the others tell sides with fewer than four wickets lost
    /// from those with more.
    enum Phase {
        POWERPLAY,
        MIDDLE_SET,
        MIDDLE_DOWN,
        DEATH_SET,
        DEATH_DOWN;

        private static final int POWERPLAY_OVERS = 6;
        private static final int DEATH_OVERS_FROM = 15;
        private static final int DOWN_FROM = 4;

        static Phase of(int over, int wicketsLost) {
            if (over < POWERPLAY_OVERS) {
                return POWERPLAY;
            }
            boolean down = wicketsLost >= DOWN_FROM;
            if (over < DEATH_OVERS_FROM) {
                return down ? MIDDLE_DOWN : MIDDLE_SET;
            }
            return down ? DEATH_DOWN : DEATH_SET;
        }
    }

    private static final Map<Phase, Map<Happening, Integer>> COUNTS =
            counts(
                    Map.of(
                            Phase.POWERPLAY,
                            List.of(
                                    1480, 853, 159, 20, 459, 3, 136, 136, 2, 7, 29, 7, 3, 64, 5, 34,
                                    79, 13, 8, 3),
                            Phase.MIDDLE_SET,
                            List.of(
                                    960, 1533, 240, 9, 334, 1, 139, 103, 7, 1, 23, 5, 4, 46, 3, 30,
                                    112, 16, 9, 4),
                            Phase.MIDDLE_DOWN,
                            List.of(
                                    429, 544, 87, 4, 80, 0, 45, 36, 3, 0, 5, 5, 1, 23, 3, 13, 38, 3,
                                    5, 3),
                            Phase.DEATH_SET,
                            List.of(
                                    91, 170, 55, 4, 83, 0, 29, 15, 2, 1, 13, 3, 0, 6, 0, 5, 26, 1,
                                    5, 0),
                            Phase.DEATH_DOWN,
                            List.of(
                                    399, 642, 201, 12, 212, 0, 130, 81, 7, 3, 13, 9, 1, 32, 0, 30,
                                    97, 7, 47, 5)));

    private T20Frequencies() {}

    /// How many balls of this phase brought this.
    static int count(Phase phase, Happening happening) {
        return Objects.requireNonNull(row(phase).get(happening));
    }

    /// How many balls were counted in this phase.
    static int total(Phase phase) {
        return row(phase).values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Map<Happening, Integer> row(Phase phase) {
        return Objects.requireNonNull(COUNTS.get(phase));
    }

    /// The rows with the name of what each number counts, in the order of `Happening`.
    private static Map<Phase, Map<Happening, Integer>> counts(Map<Phase, List<Integer>> rows) {
        var counts = new EnumMap<Phase, Map<Happening, Integer>>(Phase.class);
        rows.forEach((phase, row) -> {
            var named = new EnumMap<Happening, Integer>(Happening.class);
            for (Happening happening : Happening.values()) {
                named.put(happening, row.get(named.size()));
            }
            counts.put(phase, Collections.unmodifiableMap(named));
        });
        return Collections.unmodifiableMap(counts);
    }
}
