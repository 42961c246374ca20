package io.grandstand.events;

/// What boards show for a player. Topic `player`, keyed by player.
///
/// @param name 1 to 24 characters, none of them a control character
public record PlayerProfile(String player, String name) {
    /// Longest display name, in characters.
    public static final int NAME_LENGTH_MAX = 24;

    public PlayerProfile {
        Check.player(player);
        Check.text("name", name, NAME_LENGTH_MAX);
        Check.require(
                name.chars().noneMatch(Character::isISOControl),
                "name must not hold control characters");
    }
}
