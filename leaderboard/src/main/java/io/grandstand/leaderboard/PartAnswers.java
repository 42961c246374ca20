package io.grandstand.leaderboard;

import java.util.List;

/// What one instance answers to a `PartQuery`, for each of its partitions that the query is about.
record PartAnswers(List<PartAnswer> parts) {
    PartAnswers {
        parts = List.copyOf(parts);
    }
}
