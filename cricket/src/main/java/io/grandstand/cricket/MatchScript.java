package io.grandstand.cricket;

import java.util.List;

/// A match ready to be played: what happens, in order, with the time between. Immutable.
///
/// @param id the match's id, which its questions' ids begin with
/// @param title what is played, for people
/// @param steps what happens; each gap is at the match's own speed
public record MatchScript(String id, String title, List<String> teams, List<Step> steps) {
    public MatchScript {
        MatchId.check(id);
        teams = List.copyOf(teams);
        steps = List.copyOf(steps);
    }

    /// The id of the question with this number.
    public String questionId(int question) {
        return id + "." + question;
    }
}
