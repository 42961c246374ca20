package io.grandstand.cricket;

import java.nio.file.Path;

/// A match in a file, of whichever format it is.
public final class MatchFile {
    private MatchFile() {}

    /// Reads a Cricsheet match or a recorded score feed, telling them apart by their content.
    ///
    /// @throws MatchFileException naming file, place and reason
    public static MatchScript read(Path file) throws MatchFileException {
        String text = Place.readText(file).stripLeading();
        if (!text.startsWith("{")) {
            throw new MatchFileException(
                    file,
                    "is no match: must be a Cricsheet file (JSON with info and innings) or a"
                            + " recorded score feed (lines of JSON with op ccm)");
        }
        return isFeed(file, text) ? RecordedFeed.read(file) : Cricsheet.read(file);
    }

    /// Each line of a feed is a message by itself and names its operation.
    private static boolean isFeed(Path file, String text) {
        String line = text.lines().findFirst().orElse("");
        try {
            return Place.parse(file, "line 1", line).get("op") != null;
        } catch (MatchFileException notALineOfJson) {
            return false;
        }
    }
}
