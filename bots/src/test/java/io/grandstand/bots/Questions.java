package io.grandstand.bots;

import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import io.grandstand.events.Question.State;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Questions for bots.
final class Questions {
    static final long OPENS_AT = 1_000_000;
    static final long WINDOW_MS = 10_000;

    private Questions() {}

    /// About the next ball, open for ten seconds.
    static Question ball(String id) {
        return of("m1", id, State.OPEN, OPENS_AT, OPENS_AT + WINDOW_MS, null);
    }

    static Question of(
            String match,
            String id,
            State state,
            long opensAt,
            long locksAt,
            @Nullable String answer) {
        List<Option> options =
                Stream.of("dot", "one", "four", "six", "wicket")
                        .map(option -> new Option(option, option))
                        .toList();
        return new Question(
                id, match, 1, state, "What next?", options, 10, opensAt, locksAt, null, answer);
    }
}
