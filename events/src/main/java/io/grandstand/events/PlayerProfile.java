package io.grandstand.events;

/// What boards show for a player. Topic `player`, keyed by player.
///
/// @param name 1 to 24 characters, none of them a control character
public record PlayerProfile(String player, String name) {
    /// Longest display name, in characters.
    public static final int NAME_LENGTH_MAX = 24;

    /// Longest player id, in characters: token subjects of other systems tend to be long.
    public static final int PLAYER_LENGTH_MAX = 128;

    /// Whether this can be a player's id: any text without control characters, for the platform's
    /// users bring their own.
    public static boolean isPlayer(String id) {
        return !id.isEmpty()
                && id.length() <= PLAYER_LENGTH_MAX
                && id.chars().noneMatch(Character::isISOControl);
    }

    public PlayerProfile {
        Check.player(player);
        Check.text("name", name, NAME_LENGTH_MAX);
        Check.require(
                name.chars().noneMatch(Character::isISOControl),
                "name must not hold control characters");
    }
}
