package io.grandstand.cricket;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The id of a match: it travels in channel names, and its questions' ids begin with it.
final class MatchId {
    /// Leaves room for a question's number within the 64 characters that an id may have.
    static final int LENGTH_MAX = 56;

    private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9._~-]+");

    private static final List<String> ENDINGS = List.of(".ccm.jsonl", ".jsonl", ".json", ".ccm");

    private MatchId() {}

    /// The file's name without its ending, made to fit the alphabet of ids.
    static String of(Path file) {
        String name = String.valueOf(file.getFileName());
        for (String ending : ENDINGS) {
            if (name.endsWith(ending)) {
                name = name.substring(0, name.length() - ending.length());
                break;
            }
        }
        String id = FOREIGN.matcher(name).replaceAll("-");
        id = id.substring(0, Math.min(id.length(), LENGTH_MAX));
        return id.isEmpty() ? "match" : id;
    }

    static String check(String id) {
        if (id.isEmpty() || id.length() > LENGTH_MAX || FOREIGN.matcher(id).find()) {
            throw new IllegalArgumentException(
                    "match id is '%s': must be 1 to %d characters of A-Z a-z 0-9 . _ ~ -"
                            .formatted(id, LENGTH_MAX));
        }
        return id;
    }
}
