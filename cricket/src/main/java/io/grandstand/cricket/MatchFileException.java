package io.grandstand.cricket;

import java.nio.file.Path;

/// A match file that cannot be played. The message names file, place and reason.
public final class MatchFileException extends Exception {
    private static final long serialVersionUID = 1;

    MatchFileException(Path file, String reason) {
        super(file.getFileName() + ": " + reason);
    }

    /// @param place where in the file: `innings[1].overs[3]`, `line 17`
    MatchFileException(Path file, String place, String reason) {
        super("%s: [%s] %s".formatted(file.getFileName(), place, reason));
    }
}
