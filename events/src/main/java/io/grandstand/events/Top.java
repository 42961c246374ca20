package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a `TopRequest`. Topic `top`, keyed by the asking player; readable by that player
/// alone.
public record Top(String board, Me me, long players, List<BoardRow> top) {
    /// The asker's own place.
    ///
    /// @param rank 1 + the number of players above; null for a player who is not on the board
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Me(@Nullable Long rank, long score) {}

    public Top {
        top = List.copyOf(top);
    }
}
