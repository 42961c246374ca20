package io.grandstand.events;

import java.util.regex.Pattern;

/// The checks that records make of themselves. A message says what, value and bound.
///
/// Null is checked for although types forbid it: a field may be missing in the JSON.
final class Check {
    /// Longest id of a match, question, option or board, in characters.
    static final int ID_LENGTH_MAX = 64;

    /// Longest id of any board, in characters.
    static final int BOARD_LENGTH_MAX = ID_LENGTH_MAX + "season.".length();

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:~-]+");

    private Check() {}

    static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }

    /// Ids travel in channel names and state store keys, so they are plain printable ASCII.
    static void id(String what, String id) {
        require(id != null, "%s is missing", what);
        require(
                id.length() <= ID_LENGTH_MAX && ID.matcher(id).matches(),
                "%s is '%s': must be 1 to %d characters of A-Z a-z 0-9 . _ : ~ -",
                what,
                abbreviated(id),
                ID_LENGTH_MAX);
    }

    /// The board of a season has the season's id in its own.
    static void board(String what, String board) {
        require(board != null, "%s is missing", what);
        require(
                board.length() <= BOARD_LENGTH_MAX && ID.matcher(board).matches(),
                "%s is '%s': must be 1 to %d characters of A-Z a-z 0-9 . _ : ~ -",
                what,
                abbreviated(board),
                BOARD_LENGTH_MAX);
    }

    static void player(String player) {
        require(player != null, "player is missing");
        require(
                PlayerProfile.isPlayer(player),
                "player is '%s': must be 1 to %d characters, none of them a control character",
                abbreviated(player),
                PlayerProfile.PLAYER_LENGTH_MAX);
    }

    static void text(String what, String text, int lengthMax) {
        require(text != null, "%s is missing", what);
        require(
                !text.isBlank() && text.length() <= lengthMax,
                "%s is '%s': must be 1 to %d characters",
                what,
                abbreviated(text),
                lengthMax);
    }

    static void range(String what, long value, long min, long max) {
        require(value >= min && value <= max, "%s is %d: must be %d to %d", what, value, min, max);
    }

    private static String abbreviated(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
