package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What an operator says about a season. Topic `season-command`, keyed by season; private.
///
/// @param at for `close`: the last moment at which an entry counts, ms since the epoch, by the
///   entry's own record timestamp
public record SeasonCommand(Kind kind, String season, long at) {
    /// What is said.
    public enum Kind {
        /// The season ends. The first close of a season counts; saying it again changes nothing.
        @JsonProperty("close")
        CLOSE
    }

    public SeasonCommand {
        Check.require(kind != null, "kind is missing");
        Check.id("season", season);
        Check.range("at", at, 1, Long.MAX_VALUE);
    }
}
