package io.grandstand.leaderboard;

import io.grandstand.streams.StoreKeys;
import org.jspecify.annotations.Nullable;

/// The keys of the index by which a partition's players stand in the order of a board: (board,
/// score, player), best first, players of equal score in order of their ids' bytes.
final class Order {
    private Order() {}

    /// A player's place on a board.
    record Place(long score, String player) {}

    static String key(String board, long score, String player) {
        return StoreKeys.of(board, StoreKeys.score(score), player);
    }

    /// The first possible key of a score and from this player on; all players of the score where
    /// that is null.
    static String from(String board, long score, @Nullable String player) {
        return player == null
                ? StoreKeys.prefix(board, StoreKeys.score(score))
                : key(board, score, player);
    }

    /// Before all keys of a board.
    static String begin(String board) {
        return StoreKeys.prefix(board);
    }

    /// After all keys of a board: no id holds a control character.
    static String end(String board) {
        return board + '\u0001';
    }

    /// After all keys of a score of a board.
    static String end(String board, long score) {
        return StoreKeys.of(board, StoreKeys.score(score)) + '\u0001';
    }

    static Place place(String key) {
        String[] parts = StoreKeys.parts(key);
        return new Place(StoreKeys.score(parts[1]), parts[2]);
    }
}
