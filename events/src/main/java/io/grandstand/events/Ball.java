package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One delivery. Topic `ball`, keyed by match, in the order bowled.
///
/// @param seq 1 for the match's first delivery, one more with each; a correction repeats it
/// @param version 1 at first, one more with each correction of this delivery
/// @param innings from 1; super overs count on
/// @param superOver whether this innings is a super over
/// @param over from 0
/// @param ball from 1 within its over; wides and no-balls have numbers too
/// @param runs all runs of the delivery
/// @param batterRuns the part of `runs` off the bat
/// @param outcome the id of the next-ball option this delivery settles
/// @param at when it was bowled, ms since the epoch, server clock
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ball(
        String match,
        int seq,
        int version,
        int innings,
        boolean superOver,
        int over,
        int ball,
        String batter,
        @Nullable String nonStriker,
        String bowler,
        int runs,
        int batterRuns,
        Extras extras,
        List<Wicket> wickets,
        String outcome,
        long at) {

    /// Runs not off the bat, by kind.
    public record Extras(int wides, int noballs, int byes, int legbyes, int penalty) {
        public static final Extras NONE = new Extras(0, 0, 0, 0, 0);
    }

    /// A batter out, or retired.
    ///
    /// @param kind as Cricsheet names it: `bowled`, `run out`, `retired hurt`, …
    /// @param player who is out; not always the batter on strike
    public record Wicket(String kind, String player) {}

    public Ball {
        Check.id("match", match);
        Check.range("seq", seq, 1, Integer.MAX_VALUE);
        Check.range("version", version, 1, Integer.MAX_VALUE);
        Check.range("innings", innings, 1, 100);
        Check.id("outcome", outcome);
        wickets = List.copyOf(wickets);
    }
}
