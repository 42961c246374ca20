package io.grandstand.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/// Connection tokens: JWTs signed with HMAC SHA-256, whose `sub` is the player. Thread-safe.
public final class Tokens {
    /// Shortest secret, in bytes (RFC 7518, 3.2: at least the size of the hash).
    public static final int SECRET_BYTES_MIN = 32;

    private final MACSigner signer;
    private final MACVerifier verifier;
    private final InstantSource clock;

    /// Signs and checks with `secret`, at least `SECRET_BYTES_MIN` bytes; `clock` decides what has
    /// expired.
    public Tokens(byte[] secret, InstantSource clock) {
        try {
            signer = new MACSigner(secret);
            verifier = new MACVerifier(secret);
        } catch (JOSEException e) {
            throw new IllegalArgumentException(
                    "token secret has %d bytes: must be at least %d"
                            .formatted(secret.length, SECRET_BYTES_MIN),
                    e);
        }
        this.clock = clock;
    }

    /// What became of a token.
    public sealed interface Verdict {}

    /// The token is good.
    ///
    /// @param player who holds it; not empty
    /// @param expiresAt when it stops being good; null where it never does
    public record Valid(String player, @Nullable Instant expiresAt) implements Verdict {}

    /// The token was good once.
    public record Expired() implements Verdict {}

    /// The token was never good.
    public record Invalid() implements Verdict {}

    public Verdict verify(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)
                    || !jwt.verify(verifier)) {
                return new Invalid();
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Instant now = clock.instant();
            String player = claims.getSubject();
            if (player == null
                    || player.isEmpty()
                    // A channel claim makes it a subscription's token, not a connection's.
                    || claims.getClaim("channel") != null
                    || isAfter(claims.getNotBeforeTime(), now)) {
                return new Invalid();
            }
            Date expires = claims.getExpirationTime();
            if (expires != null && !isAfter(expires, now)) {
                return new Expired();
            }
            return new Valid(player, expires == null ? null : expires.toInstant());
        } catch (ParseException | JOSEException | IllegalArgumentException notAToken) {
            return new Invalid();
        }
    }

    /// A token for `player` that is good until `expiresAt`.
    public String issue(String player, Instant expiresAt) {
        var claims =
                new JWTClaimsSet.Builder()
                        .subject(player)
                        .issueTime(Date.from(clock.instant()))
                        .expirationTime(Date.from(expiresAt))
                        .build();
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            jwt.sign(signer);
        } catch (JOSEException impossible) {
            throw new AssertionError("HMAC cannot fail", impossible);
        }
        return jwt.serialize();
    }

    private static boolean isAfter(@Nullable Date date, Instant now) {
        return date != null && date.toInstant().isAfter(now);
    }
}
