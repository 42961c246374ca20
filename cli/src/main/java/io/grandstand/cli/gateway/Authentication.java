package io.grandstand.cli.gateway;

import io.grandstand.gateway.auth.TokenConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who may connect. With neither `hmac` nor `jwks` no token is good.
///
/// @param hmac tokens signed with a shared secret (HMAC, such as HS256)
/// @param jwks tokens signed with a key of a published key set
/// @param issuer what a token's `iss` must be; empty for any
/// @param audience what a token's `aud` must hold; empty for any
/// @param anonymous whether a client without a token is let in, as the player with the empty id
record Authentication(
        Optional<Hmac> hmac,
        Optional<Jwks> jwks,
        Optional<String> issuer,
        Optional<String> audience,
        boolean anonymous) {

    /// Shared secrets, each of at least `TokenConfig.SECRET_BYTES_MIN` bytes.
    ///
    /// @param previous secrets whose tokens are still good while issuers move to `secret`
    record Hmac(byte[] secret, List<byte[]> previous) {
        Hmac {
            previous = List.copyOf(previous);
            var all = new ArrayList<>(previous);
            all.add(secret);
            for (byte[] one : all) {
                if (one.length < TokenConfig.SECRET_BYTES_MIN) {
                    throw new IllegalArgumentException(
                            "a token secret has %d bytes: must be at least %d"
                                    .formatted(one.length, TokenConfig.SECRET_BYTES_MIN));
                }
            }
        }
    }

    /// A key set (RFC 7517).
    ///
    /// @param refresh how long its keys are believed before they are fetched again
    record Jwks(URI url, Duration refresh) {}
}
