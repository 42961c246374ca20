package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What boards show for a player. Topic `player`, keyed by player.
///
/// Names need not be unique: boards, friends and leagues know players by their ids alone.
///
/// @param name 1 to 24 characters, none of them a control character
/// @param country ISO 3166 alpha-2, in capitals; null where the player tells none
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlayerProfile(String player, String name, @Nullable String country) {
    /// Longest display name, in characters.
    public static final int NAME_LENGTH_MAX = 24;

    /// Longest player id, in characters: token subjects of other systems tend to be long.
    public static final int PLAYER_LENGTH_MAX = 128;

    private static final Set<String> COUNTRIES =
            Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    /// Whether this can be a player's id: any text without control characters, for the platform's
    /// users bring their own.
    public static boolean isPlayer(String id) {
        return !id.isEmpty()
                && id.length() <= PLAYER_LENGTH_MAX
                && id.chars().noneMatch(Character::isISOControl);
    }

    /// A profile without a country.
    public PlayerProfile(String player, String name) {
        this(player, name, null);
    }

    public PlayerProfile {
        Check.player(player);
        Check.text("name", name, NAME_LENGTH_MAX);
        Check.require(
                name.chars().noneMatch(Character::isISOControl),
                "name must not hold control characters");
        if (country != null) {
            Check.require(
                    COUNTRIES.contains(country),
                    "country is '%s': must be a country's two letters in ISO 3166",
                    country);
        }
    }
}
