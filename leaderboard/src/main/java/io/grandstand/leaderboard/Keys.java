package io.grandstand.leaderboard;

import java.util.HexFormat;

/// Keys of state stores: ids joined by a NUL, which no id may contain, so that all entries of a
/// board or a player lie side by side.
final class Keys {
    private static final String SEPARATOR = "\0";

    private Keys() {}

    static String of(String... ids) {
        return String.join(SEPARATOR, ids);
    }

    /// What all keys that begin with these ids begin with.
    static String prefix(String... ids) {
        return of(ids) + SEPARATOR;
    }

    static String[] parts(String key) {
        return key.split(SEPARATOR, -1);
    }

    /// A score as part of a key: the higher the score, the earlier the key. Flipping all bits but
    /// the sign's turns the order around and puts negative scores last.
    static String score(long score) {
        return HexFormat.of().toHexDigits(score ^ Long.MAX_VALUE);
    }

    static long score(String part) {
        return HexFormat.fromHexDigitsToLong(part) ^ Long.MAX_VALUE;
    }

    static String partition(int partition) {
        return Integer.toString(partition);
    }
}
