package io.grandstand.cli;

import io.grandstand.gateway.auth.TokenConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;

/// The secret that the demo's tokens are signed with. Kept in the data folder, so that players stay
/// who they are over a restart.
final class TokenSecret {
    private TokenSecret() {}

    /// The secret in `file`, made on first use and readable by its owner alone.
    static byte[] readOrCreate(Path file) throws StartException {
        try {
            byte[] secret = Base64.getDecoder().decode(SecretFile.readOrCreate(file));
            if (secret.length < TokenConfig.SECRET_BYTES_MIN) {
                throw new IllegalArgumentException("it is too short");
            }
            return secret;
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(
                    "the token secret in %s cannot be used (%s); remove it to have a new one made, which makes players new"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }
}
