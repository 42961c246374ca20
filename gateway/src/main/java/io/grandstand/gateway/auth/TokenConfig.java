package io.grandstand.gateway.auth;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What tokens are checked against. At least a secret or a key set.
///
/// @param secrets secrets of HS256, HS384 and HS512: the current one, and earlier ones whose tokens
///   still count; none may be empty. Every one is tried, so a token of unknown make costs one HMAC
///   each
/// @param keySet where the public keys of RS, PS and ES tokens and of EdDSA are; null accepts none
///   of these
/// @param issuer what `iss` must be; null accepts any
/// @param audience what `aud` must name; null accepts any
public record TokenConfig(
        List<byte[]> secrets,
        @Nullable KeySetSource keySet,
        @Nullable String issuer,
        @Nullable String audience) {
    /// Shortest secret, in bytes, that a configuration should let pass (RFC 7518, 3.2: at least the
    /// size of the hash). Not demanded here: a conformance suite has its own, shorter one.
    public static final int SECRET_BYTES_MIN = 32;

    public TokenConfig {
        require(!secrets.isEmpty() || keySet != null, "tokens need a secret or a key set");
        secrets = secrets.stream().map(byte[]::clone).toList();
        require(secrets.stream().allMatch(secret -> secret.length > 0), "a token secret is empty");
    }

    /// HMAC tokens of any issuer and audience: the current secret, then earlier ones.
    public static TokenConfig ofSecrets(byte[] current, byte[]... earlier) {
        return new TokenConfig(
                Stream.concat(Stream.of(current), Stream.of(earlier)).toList(), null, null, null);
    }

    /// Tokens of any issuer and audience, by public key.
    public static TokenConfig ofKeySet(URI url, Duration refresh) {
        return new TokenConfig(List.of(), new KeySetSource(url, refresh), null, null);
    }

    /// A JSON Web Key Set (RFC 7517) at an address.
    ///
    /// @param url `http` or `https`; redirects are not followed
    /// @param refresh age from which on the keys are fetched anew; at least 10 s. This is how long
    ///   a key counts after its removal from the set
    public record KeySetSource(URI url, Duration refresh) {
        public KeySetSource {
            require(
                    url.getScheme() != null
                            && Set.of("http", "https").contains(url.getScheme())
                            && url.getHost() != null,
                    "the key set's url is not of the form https://host/path");
            require(
                    refresh.toNanos() >= KeySet.FETCH_INTERVAL.toNanos(),
                    "the key set's refresh is %s: must be at least %s",
                    refresh,
                    KeySet.FETCH_INTERVAL);
        }
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }
}
