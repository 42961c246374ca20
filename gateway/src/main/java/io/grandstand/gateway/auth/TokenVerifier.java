package io.grandstand.gateway.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import io.grandstand.gateway.auth.ClaimFields.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Checks the tokens that clients bring (JWT, RFC 7519, signed as of RFC 7515). Thread-safe.
///
/// Made to be called by event loops: never blocks. A verdict is there at return if the token's key
/// is known, and always with secrets alone; else when the key set has been fetched, on a thread
/// that must not be held up, so go on with `thenAcceptAsync` on the loop. A check is computed by
/// the caller; measured on one core: 13 µs for HMAC, 40 for RSA of 2048 bits, 400 to 500 for ES256
/// and EdDSA, 1,500 for ES384, 4,700 for ES512, which is much for an event loop.
///
/// A token's `alg` must be one of the known ones, fit its key's type and the key's own `alg`:
/// secrets check HMAC alone, public keys never do. Keys that a token itself brings or points at
/// count for nothing. No skew of clocks is allowed for.
public final class TokenVerifier implements AutoCloseable {
    /// A longer token is invalid.
    public static final int TOKEN_CHARS_MAX = 64 << 10;

    private final TokenConfig config;
    private final InstantSource clock;
    private final Hmac hmac;
    private final @Nullable KeySet keySet;

    /// Begins to fetch the key set, if there is one. `clock` decides what has expired.
    public TokenVerifier(TokenConfig config, InstantSource clock) {
        this(config, clock, System::nanoTime, KeySet.FETCH_TIME_MAX);
    }

    TokenVerifier(
            TokenConfig config, InstantSource clock, LongSupplier nanoTime, Duration fetchTimeMax) {
        this.config = config;
        this.clock = clock;
        this.hmac = new Hmac(config.secrets());
        this.keySet =
                config.keySet() == null
                        ? null
                        : new KeySet(config.keySet(), clock, nanoTime, fetchTimeMax);
    }

    /// Checks the token of a `connect` or `refresh`.
    public CompletionStage<Verdict<ConnectionClaims>> connection(String token) {
        return check(token, Kind.CONNECTION, ClaimFields::toConnection);
    }

    /// Checks the token of a `subscribe` or `sub_refresh`.
    public CompletionStage<Verdict<SubscriptionClaims>> subscription(String token) {
        return check(token, Kind.SUBSCRIPTION, ClaimFields::toSubscription);
    }

    /// Breaks off a fetch under way; tokens that wait for it become `Unavailable`.
    @Override
    public void close() {
        if (keySet != null) {
            keySet.close();
        }
    }

    private <T> CompletionStage<Verdict<T>> check(
            String token, Kind kind, Function<ClaimFields, T> claims) {
        if (token.length() > TOKEN_CHARS_MAX) {
            return invalid(
                    "it has %d characters: at most %d are accepted"
                            .formatted(token.length(), TOKEN_CHARS_MAX));
        }
        JWSObject parsed;
        try {
            parsed = JWSObject.parse(token);
        } catch (ParseException | RuntimeException notSigned) {
            // Whatever the library makes of hostile text must not reach an event loop.
            return invalid("it is no signed token");
        }
        JWSHeader header = parsed.getHeader();
        JWSAlgorithm algorithm = header.getAlgorithm();
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            return invalid("its header demands an extension");
        }
        if (Hmac.isOwn(algorithm)) {
            return hmac.matches(algorithm, parsed.getSigningInput(), parsed.getSignature().decode())
                    ? CompletableFuture.completedStage(judge(parsed, kind, claims))
                    : invalid("none of the secrets made its signature");
        }
        if (keySet == null || !TokenKey.ALGORITHMS.contains(algorithm)) {
            return invalid("its algorithm is not accepted");
        }
        return checkByKeySet(keySet, parsed, kind, claims);
    }

    private <T> CompletionStage<Verdict<T>> checkByKeySet(
            KeySet keySet, JWSObject token, Kind kind, Function<ClaimFields, T> claims) {
        if (keySet.find(token.getHeader()) instanceof TokenKeys.Unknown) {
            CompletionStage<Void> refreshed = keySet.refresh();
            if (refreshed != null) {
                return refreshed.thenApply(_ -> conclude(keySet, token, kind, claims, true));
            }
        }
        return CompletableFuture.completedStage(conclude(keySet, token, kind, claims, false));
    }

    /// The verdict by the keys known now, which were fetched for this token if `refreshed`.
    private <T> Verdict<T> conclude(
            KeySet keySet,
            JWSObject token,
            Kind kind,
            Function<ClaimFields, T> claims,
            boolean refreshed) {
        return switch (keySet.find(token.getHeader())) {
            case TokenKeys.Found found ->
                    found.key().signed(token)
                            ? judge(token, kind, claims)
                            : new Verdict.Invalid<>("its key did not make its signature");
            case TokenKeys.Unfit unfit -> new Verdict.Invalid<>(unfit.reason());
            case TokenKeys.Unknown _ -> {
                KeySet.Fetch last = keySet.lastFetch();
                yield last != null && last.succeeded() && (refreshed || isOlder(token, kind, last))
                        ? new Verdict.Invalid<>("its key is not in the key set")
                        : new Verdict.Unavailable<>();
            }
        };
    }

    /// Whether the token says that it was issued before `fetch`, whose keys then should have had
    /// its own. Nobody vouches for what it says, nor need they: it decides only between a final and
    /// a temporary refusal. Without it, either players with a new key's first tokens would be
    /// turned away for good, or all those with a withdrawn key's would come back again and again.
    private static boolean isOlder(JWSObject token, Kind kind, KeySet.Fetch fetch) {
        try {
            Instant issuedAt = ClaimFields.parse(kind, payload(token)).issuedAt;
            return issuedAt != null && issuedAt.isBefore(fetch.begun());
        } catch (ClaimException noClaims) {
            return true;
        }
    }

    /// Judges the claims of a token whose signature is good.
    private <T> Verdict<T> judge(JWSObject token, Kind kind, Function<ClaimFields, T> result) {
        ClaimFields claims;
        try {
            claims = ClaimFields.parse(kind, payload(token));
        } catch (ClaimException e) {
            return new Verdict.Invalid<>(String.valueOf(e.getMessage()));
        }
        Instant now = clock.instant();
        if (config.issuer() != null && !config.issuer().equals(claims.issuer)) {
            return new Verdict.Invalid<>("claim iss is not the issuer expected");
        }
        if (config.audience() != null && !claims.audience.contains(config.audience())) {
            return new Verdict.Invalid<>("claim aud does not name the audience expected");
        }
        if (claims.notBefore != null && claims.notBefore.isAfter(now)) {
            return new Verdict.Invalid<>("claim nbf is in the future");
        }
        if (isOver(claims.expiresAt, now) || isOver(claims.end(), now)) {
            return new Verdict.Expired<>();
        }
        return new Verdict.Valid<>(result.apply(claims));
    }

    private static boolean isOver(@Nullable Instant end, Instant now) {
        return end != null && !end.isAfter(now);
    }

    private static String payload(JWSObject token) throws ClaimException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(token.getPayload().toBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ClaimException("the payload is not UTF-8");
        }
    }

    private static <T> CompletionStage<Verdict<T>> invalid(String reason) {
        return CompletableFuture.completedStage(new Verdict.Invalid<>(reason));
    }
}
