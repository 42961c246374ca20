package io.grandstand.bots;

import java.nio.charset.StandardCharsets;

/// The channels that a player uses.
final class Channels {
    private static final String UNRESERVED_MARKS = "-._~";

    private Channels() {}

    static String questions(String match) {
        return "question:" + match;
    }

    static String answers(String player) {
        return "answer:" + encoded(player);
    }

    static String results(String player) {
        return "result:" + encoded(player);
    }

    /// Percent-encoding of everything but RFC 3986's unreserved characters.
    private static String encoded(String key) {
        var out = new StringBuilder(key.length());
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved((char) b)) {
                out.append((char) b);
            } else {
                out.append('%').append("%02X".formatted(b));
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        return ('a' <= c && c <= 'z')
                || ('A' <= c && c <= 'Z')
                || ('0' <= c && c <= '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }
}
