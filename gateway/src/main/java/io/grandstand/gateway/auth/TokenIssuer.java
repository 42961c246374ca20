package io.grandstand.gateway.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// Makes tokens signed with HMAC SHA-256: for the demo, whose gateway knows its own players, and
/// for tests. Thread-safe.
public final class TokenIssuer {
    private static final Base64URL HEADER = Base64URL.encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    private final byte[] secret;
    private final InstantSource clock;

    /// Signs with `secret`, which must not be empty and should have `TokenConfig.SECRET_BYTES_MIN`
    /// bytes; `clock` says when a token was issued.
    public TokenIssuer(byte[] secret, InstantSource clock) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("the token secret is empty");
        }
        this.secret = secret.clone();
        this.clock = clock;
    }

    /// A connection token for `player` that is good until `expiresAt`, cut to the second.
    public String connection(String player, Instant expiresAt) {
        return issue(
                Map.of(
                        "sub",
                        player,
                        "iat",
                        clock.instant().getEpochSecond(),
                        "exp",
                        expiresAt.getEpochSecond()));
    }

    /// A token of exactly these claims: text, numbers, booleans, and lists and maps of them.
    public String issue(Map<String, ?> claims) {
        String input = HEADER + "." + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
        byte[] signature = Hmac.sign(JWSAlgorithm.HS256, secret, input.getBytes(US_ASCII));
        return input + "." + Base64URL.encode(signature);
    }
}
