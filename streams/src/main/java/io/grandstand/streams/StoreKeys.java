package io.grandstand.streams;

import java.util.HexFormat;

/// Keys of state stores: ids joined by a NUL, which no id may contain, so that all entries of a
/// match, a question or a player lie side by side.
public final class StoreKeys {
    private static final String SEPARATOR = "\0";

    private StoreKeys() {}

    /// The key of these ids.
    public static String of(String... ids) {
        return String.join(SEPARATOR, ids);
    }

    /// What all keys that begin with these ids begin with.
    public static String prefix(String... ids) {
        return of(ids) + SEPARATOR;
    }

    /// A time in ms as the first part of a key: keys then stand in order of time.
    public static String time(long ms) {
        return HexFormat.of().toHexDigits(ms);
    }

    /// The time that such a part stands for.
    public static long timeOf(String part) {
        return HexFormat.fromHexDigitsToLong(part);
    }

    /// What all keys that begin with these ids stand before, and all that follow them after: the
    /// end of a range over them. No id holds a control character, so no key is equal to it.
    public static String end(String... ids) {
        return of(ids) + '\u0001';
    }

    /// The first key after this one.
    public static String after(String key) {
        return key + SEPARATOR;
    }

    /// The ids that a key was made of.
    public static String[] parts(String key) {
        return key.split(SEPARATOR, -1);
    }

    /// A score as part of a key: the higher the score, the earlier the key. Flipping all bits but
    /// the sign's turns the order around and puts negative scores last.
    public static String score(long score) {
        return HexFormat.of().toHexDigits(score ^ Long.MAX_VALUE);
    }

    /// The score that such a part stands for.
    public static long score(String part) {
        return HexFormat.fromHexDigitsToLong(part) ^ Long.MAX_VALUE;
    }

    /// A partition as part of a key.
    public static String partition(int partition) {
        return Integer.toString(partition);
    }
}
