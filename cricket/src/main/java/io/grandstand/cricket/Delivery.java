package io.grandstand.cricket;

import io.grandstand.events.Ball.Extras;
import io.grandstand.events.Ball.Wicket;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One delivery as a scorer knows it. A wide or a no-ball is a delivery of its own.
///
/// @param over from 0
/// @param ball from 1 within its over; wides and no-balls have numbers too
/// @param nonStriker null where the source does not say
/// @param boundary whether four or six off the bat reached the boundary; false where they were run
record Delivery(
        int over,
        int ball,
        String batter,
        @Nullable String nonStriker,
        String bowler,
        int batterRuns,
        boolean boundary,
        Extras extras,
        List<Wicket> wickets) {

    private static final Set<String> NO_WICKETS = Set.of("retired hurt", "retired not out");

    private static final Set<String> BOWLERS_WICKETS =
            Set.of("bowled", "caught", "caught and bowled", "lbw", "stumped", "hit wicket");

    Delivery {
        wickets = List.copyOf(wickets);
    }

    /// All runs it made, for whatever reason.
    int runs() {
        return batterRuns
                + extras.wides()
                + extras.noballs()
                + extras.byes()
                + extras.legbyes()
                + extras.penalty();
    }

    /// What the bowler conceded: byes, leg byes and penalties are not the bowler's.
    int bowlerRuns() {
        return batterRuns + extras.wides() + extras.noballs();
    }

    boolean isLegal() {
        return extras.wides() == 0 && extras.noballs() == 0;
    }

    /// Whether the batter faced it: any delivery but a wide.
    boolean isFaced() {
        return extras.wides() == 0;
    }

    int wicketsLost() {
        return (int) wickets.stream().filter(Delivery::counts).count();
    }

    int bowlersWickets() {
        return (int)
                wickets.stream().filter(wicket -> BOWLERS_WICKETS.contains(wicket.kind())).count();
    }

    /// Whether someone left the crease as out: who retires hurt or not out may come back.
    static boolean counts(Wicket wicket) {
        return !NO_WICKETS.contains(wicket.kind());
    }
}
