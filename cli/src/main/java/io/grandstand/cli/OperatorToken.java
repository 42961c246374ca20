package io.grandstand.cli;

import java.io.IOException;
import java.nio.file.Path;

/// The token that makes whoever knows it a host of the demo. Kept in the data folder.
final class OperatorToken {
    private OperatorToken() {}

    /// The token in `file`, made on first use and readable by its owner alone.
    static String readOrCreate(Path file) throws StartException {
        try {
            String token = SecretFile.readOrCreate(file);
            if (token.length() < HostApi.TOKEN_LENGTH_MIN) {
                throw new IllegalArgumentException(
                        "it must have at least %d characters".formatted(HostApi.TOKEN_LENGTH_MIN));
            }
            return token;
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(
                    "the operator token in %s cannot be used (%s); remove it to have a new one made"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }
}
