package io.grandstand.events;

/// One entry in a player's account on a board. Topic `points`, keyed by player.
///
/// Points are entries, not a counter: a correction is a further entry. (player, board, question,
/// version) names an entry, so adding it twice can be told from two entries.
///
/// @param board the board it counts on; a match's board is its match id
/// @param question the question it stems from
/// @param version the question's version it follows from
/// @param delta points to add; negative takes back, 0 puts a player on the board
public record Points(String board, String question, int version, int delta) {
    public Points {
        Check.id("board", board);
        Check.id("question", question);
        Check.range("version", version, 1, Integer.MAX_VALUE);
    }
}
