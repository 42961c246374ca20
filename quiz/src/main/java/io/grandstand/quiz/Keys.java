package io.grandstand.quiz;

/// Keys of state stores: ids joined by a NUL, which no id may contain, so that all entries of a
/// match, a question or a player lie side by side.
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

    /// A time in ms as the first part of a key: keys then stand in order of time.
    static String time(long ms) {
        return String.format("%016x", ms);
    }

    static String[] parts(String key) {
        return key.split(SEPARATOR, -1);
    }
}
