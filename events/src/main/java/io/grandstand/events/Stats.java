package io.grandstand.events;

import java.util.List;

/// A player's own figures. Topic `stats`, keyed by player; readable by that player alone. Each
/// record replaces the one before.
///
/// @param asOf timestamp of what changed them, ms since the epoch
/// @param overall over all matches; its streak is that of the match that changed last
/// @param matches the matches that changed last, the latest first; `MATCHES_MAX` at most
public record Stats(String player, long asOf, Figures overall, List<OfMatch> matches) {
    /// How many matches are told of one by one.
    public static final int MATCHES_MAX = 5;

    /// What a player has done. Only questions with a result count, and of those the ones that the
    /// player answered.
    ///
    /// @param points what they earned
    /// @param answered how many
    /// @param correct how many of them rightly
    /// @param accuracy `correct` / `answered`, to three places; 0 where none was answered
    /// @param streak right answers in a row up to the latest question answered
    /// @param longestStreak the most right answers in a row
    /// @param answerMs mean time from being shown a question to the gateway, in ms
    public record Figures(
            long points,
            int answered,
            int correct,
            double accuracy,
            int streak,
            int longestStreak,
            long answerMs) {
        /// Figures with what follows from the others.
        ///
        /// @param answerMsSum all answer times together
        public static Figures of(
                long points,
                int answered,
                int correct,
                int streak,
                int longestStreak,
                long answerMsSum) {
            return new Figures(
                    points,
                    answered,
                    correct,
                    answered == 0 ? 0 : Math.round(1000.0 * correct / answered) / 1000.0,
                    streak,
                    longestStreak,
                    answered == 0 ? 0 : Math.round((double) answerMsSum / answered));
        }
    }

    /// The same of one match.
    public record OfMatch(String match, Figures figures) {}

    public Stats {
        Check.player(player);
        matches = List.copyOf(matches);
    }
}
