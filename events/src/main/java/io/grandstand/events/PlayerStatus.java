package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Whether boards may show a player. Topic `player-status`, keyed by player; private.
///
/// It is no part of the profile, which players write themselves.
public record PlayerStatus(String player, Status status) {
    /// Where a player stands with the boards.
    public enum Status {
        @JsonProperty("active")
        ACTIVE,
        /// Not on any board; entries are added unseen, so that lifting the ban restores all.
        @JsonProperty("banned")
        BANNED,
        /// All that boards held of the player is deleted, and entries are ignored from then on.
        /// There is no way back.
        @JsonProperty("erased")
        ERASED
    }

    public PlayerStatus {
        Check.player(player);
        Check.require(status != null, "status is missing");
    }
}
