package io.grandstand.cli.gateway;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes in bytes as people write them: `512`, `64 KiB`, `1 MiB`.
final class Sizes {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB)?");

    private Sizes() {}

    /// The bytes, or empty where `text` is no size.
    static OptionalLong parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            return OptionalLong.empty();
        }
        long count = Long.parseLong(written.group(1));
        return OptionalLong.of(
                switch (written.group(2)) {
                    case "KiB" -> count << 10;
                    case "MiB" -> count << 20;
                    case null, default -> count;
                });
    }

    /// In the largest unit that needs no fraction.
    static String show(int bytes) {
        if (bytes != 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + " MiB";
        }
        if (bytes != 0 && bytes % (1 << 10) == 0) {
            return (bytes >> 10) + " KiB";
        }
        return String.valueOf(bytes);
    }
}
