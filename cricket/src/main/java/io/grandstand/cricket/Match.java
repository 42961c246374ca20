package io.grandstand.cricket;

import java.util.List;

/// A match as it was played, without times.
///
/// @param abandoned whether it ended without a result, so that a next ball was due and never came
/// @param result the result in one sentence
record Match(
        String id,
        String title,
        List<String> teams,
        int ballsPerOver,
        List<Innings> innings,
        boolean abandoned,
        String result) {
    Match {
        teams = List.copyOf(teams);
        innings = List.copyOf(innings);
    }
}
