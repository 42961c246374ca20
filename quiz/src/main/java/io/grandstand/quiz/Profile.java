package io.grandstand.quiz;

import io.grandstand.events.Stats;
import io.grandstand.events.Stats.Figures;
import io.grandstand.events.Stats.OfMatch;
import java.util.ArrayList;
import java.util.List;

/// What a player has done in all matches. State store `profiles`, keyed by player.
///
/// @param answerMs all answer times together
/// @param longest the most right answers in a row in any match
/// @param matches as `Stats` tells them
record Profile(
        long points, int answered, int correct, long answerMs, int longest, List<OfMatch> matches) {
    static final Profile EMPTY = new Profile(0, 0, 0, 0, 0, List.of());

    Profile {
        matches = List.copyOf(matches);
    }

    /// With one match's card in place of what it was before.
    ///
    /// @param newLongest the most right answers in a row in any match, now
    Profile with(String match, Card before, Card now, int newLongest) {
        var newest = new ArrayList<OfMatch>();
        newest.add(new OfMatch(match, now.figures()));
        for (OfMatch each : matches) {
            if (!each.match().equals(match) && newest.size() < Stats.MATCHES_MAX) {
                newest.add(each);
            }
        }
        return new Profile(
                points + now.points() - before.points(),
                answered + now.answered() - before.answered(),
                correct + now.correct() - before.correct(),
                answerMs + now.answerMs() - before.answerMs(),
                newLongest,
                newest);
    }

    Stats stats(String player, long asOf) {
        int streak = matches.isEmpty() ? 0 : matches.getFirst().figures().streak();
        return new Stats(
                player,
                asOf,
                Figures.of(points, answered, correct, streak, longest, answerMs),
                matches);
    }
}
