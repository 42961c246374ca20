package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of play. Topic `scoreboard`, keyed by match; each record replaces the one before.
///
/// @param title what is played, for people: `India v Australia, Super Sunday`
/// @param state where the match stands
/// @param innings the innings so far, first to last
/// @param batters the batters at the crease, the one on strike first; empty between innings
/// @param bowler who bowls; absent between innings
/// @param lastBalls up to six latest deliveries as a scorer writes them (`•`, `4`, `W`, `1wd`),
///   oldest first
/// @param note one sentence on the situation or the result; may be absent
/// @param asOf ms since the epoch, server clock
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scoreboard(
        String match,
        String title,
        List<String> teams,
        State state,
        List<Innings> innings,
        List<Batter> batters,
        @Nullable Bowler bowler,
        List<String> lastBalls,
        @Nullable String note,
        long asOf) {

    /// Where a match stands.
    public enum State {
        @JsonProperty("scheduled")
        SCHEDULED,
        @JsonProperty("live")
        LIVE,
        @JsonProperty("break")
        BREAK,
        @JsonProperty("finished")
        FINISHED
    }

    /// What one side has made.
    ///
    /// @param overs legal balls as cricket writes them: `12.3` is 12 overs and 3 balls
    /// @param target runs to win; absent in a first innings
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Innings(
            String team,
            boolean superOver,
            int runs,
            int wickets,
            String overs,
            @Nullable Integer target) {}

    /// A batter at the crease.
    ///
    /// @param balls deliveries faced; a wide is not faced
    public record Batter(String name, int runs, int balls) {}

    /// The bowler's figures.
    ///
    /// @param runs what the bowler conceded; byes, leg byes and penalties are not the bowler's
    public record Bowler(String name, String overs, int runs, int wickets) {}

    public Scoreboard {
        Check.id("match", match);
        Check.text("title", title, 200);
        teams = List.copyOf(teams);
        innings = List.copyOf(innings);
        batters = List.copyOf(batters);
        lastBalls = List.copyOf(lastBalls);
    }
}
