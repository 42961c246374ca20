package io.grandstand.gateway.auth;

import static io.grandstand.gateway.auth.Verdicts.now;
import static io.grandstand.gateway.auth.Verdicts.reason;
import static io.grandstand.gateway.auth.Verdicts.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens signed with a shared secret, and what holds for all tokens.
class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-04-01T18:00:00Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef-secret".getBytes(UTF_8);
    private static final byte[] OTHER = "another secret, of 32 or more bytes".getBytes(UTF_8);

    private final TokenIssuer issuer = new TokenIssuer(SECRET, InstantSource.fixed(NOW));
    private final TokenVerifier verifier = verifier(TokenConfig.ofSecrets(SECRET));

    @Test
    void anIssuedTokenNamesItsPlayer() {
        Instant tomorrow = NOW.plus(Duration.ofDays(1));
        ConnectionClaims claims = valid(connection(issuer.connection("asha", tomorrow)));
        assertThat(claims.player()).isEqualTo("asha");
        assertThat(claims.issuedAt()).isEqualTo(NOW);
        assertThat(claims.expiresAt()).isEqualTo(tomorrow);
        assertThat(claims.info().isEmpty()).isTrue();
        assertThat(claims.channels()).isEmpty();
        assertThat(claims.subs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void everyHashIsAccepted(String name) {
        var algorithm = JWSAlgorithm.parse(name);
        String token = Jwts.hmac(algorithm, SECRET, "{\"sub\":\"asha\"}");
        assertThat(valid(connection(token)).player()).isEqualTo("asha");
        checkUnsigned(Jwts.hmac(algorithm, OTHER, "{\"sub\":\"asha\"}"));
        checkUnsigned(Jwts.tampered(token, 1, 20));
        checkUnsigned(Jwts.tampered(token, 2, 20));
    }

    @ParameterizedTest
    @CsvSource({"HS256,HS384", "HS384,HS512", "HS512,HS256"})
    void aSignatureOfAnotherHashIsNone(String named, String used) {
        checkUnsigned(
                Jwts.hmac(
                        "{\"alg\":\"%s\"}".formatted(named),
                        JWSAlgorithm.parse(used),
                        SECRET,
                        "{}"));
    }

    @Property
    void noBitOfATokenCanBeTurned(
            @ForAll @IntRange(max = 2) int part, @ForAll @IntRange(max = 2000) int bit) {
        String token = issuer.connection("asha", NOW.plusSeconds(60));
        assertThat(connection(Jwts.tampered(token, part, bit))).isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void aSignatureCutShortOrMissingIsNone() {
        String token = issuer.connection("asha", NOW.plusSeconds(60));
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
        checkInvalid(unsigned);
        checkInvalid(token.substring(0, token.length() - 4));
        checkInvalid(unsigned + Base64URL.encode(new byte[32]));
    }

    @Test
    void aShortSecretWorks() {
        var shortSecret = "secret".getBytes(UTF_8);
        String token = new TokenIssuer(shortSecret, InstantSource.fixed(NOW)).issue(Map.of());
        var checking = verifier(TokenConfig.ofSecrets(shortSecret));
        assertThat(valid(now(checking.connection(token))).player()).isEmpty();
    }

    @Test
    void tokensOfEarlierSecretsCountUntilTheseAreWithdrawn() {
        var newest = "the newest secret of 32 or more bytes".getBytes(UTF_8);
        String token = issuer.connection("asha", NOW.plusSeconds(60));
        var rotated = verifier(TokenConfig.ofSecrets(newest, OTHER, SECRET));
        assertThat(valid(now(rotated.connection(token))).player()).isEqualTo("asha");
        var withdrawn = verifier(TokenConfig.ofSecrets(newest, OTHER));
        assertThat(reason(now(withdrawn.connection(token))))
                .isEqualTo("none of the secrets made its signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
    void aTokenWithoutAnAlgorithmIsInvalid(String algorithm) {
        String header = "{\"alg\":\"%s\"}".formatted(algorithm);
        checkInvalid(Jwts.of(header, "{\"sub\":\"asha\"}", new byte[0]));
        checkInvalid(Jwts.hmac(header, JWSAlgorithm.HS256, SECRET, "{\"sub\":\"asha\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS512", "ES256", "EdDSA", "ES256K", "HS1", "hs256", "dir"})
    void otherAlgorithmsAreNotAcceptedWithASecretAlone(String algorithm) {
        checkInvalid(
                Jwts.hmac(
                        "{\"alg\":\"%s\"}".formatted(algorithm), JWSAlgorithm.HS256, SECRET, "{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"HS256\",\"b64\":false}",
                "{\"alg\":\"HS256\",\"crit\":[]}",
                "{\"alg\":\"HS256\",\"crit\":7}"
            })
    void aTokenThatDemandsAnExtensionIsInvalid(String header) {
        checkInvalid(Jwts.hmac(header, JWSAlgorithm.HS256, SECRET, "{\"sub\":\"asha\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "a.b",
                "e30.e30.",
                "e30.e30.e30",
                "🏏.🏏.🏏",
                "a.b.c.d.e",
                " "
            })
    void whatIsNoTokenIsInvalid(String text) {
        checkInvalid(text);
    }

    @Test
    void aTokenThatIsTooLongIsNotLookedAt() {
        String longest = "x".repeat(TokenVerifier.TOKEN_CHARS_MAX);
        assertThat(reason(connection(longest))).isEqualTo("it is no signed token");
        assertThat(reason(connection(longest + "x")))
                .isEqualTo("it has 65537 characters: at most 65536 are accepted");
    }

    @Test
    void aTokenIsExpiredFromItsLastMomentOn() {
        long now = NOW.getEpochSecond();
        assertThat(judge("{\"exp\":%d}".formatted(now + 1))).isInstanceOf(Verdict.Valid.class);
        assertThat(judge("{\"exp\":%d.001}".formatted(now))).isInstanceOf(Verdict.Valid.class);
        assertThat(judge("{\"exp\":%d}".formatted(now))).isInstanceOf(Verdict.Expired.class);
        assertThat(judge("{\"exp\":%d}".formatted(now - 1))).isInstanceOf(Verdict.Expired.class);
        assertThat(judge("{\"exp\":0}")).isInstanceOf(Verdict.Expired.class);
        assertThat(judge("{\"exp\":-5}")).isInstanceOf(Verdict.Expired.class);
    }

    @Test
    void anExpiredTokenOfAnotherSecretIsInvalid() {
        String payload = "{\"exp\":1}";
        checkUnsigned(Jwts.hmac(JWSAlgorithm.HS256, OTHER, payload));
    }

    @Test
    void theConnectionMayEndAtAnotherTimeThanTheToken() {
        long now = NOW.getEpochSecond();
        assertThat(end("{\"exp\":%d,\"expire_at\":%d}", now + 60, now + 3600))
                .isEqualTo(NOW.plusSeconds(3600));
        assertThat(end("{\"expire_at\":%d,\"exp\":%d}", now + 60, now + 3600))
                .isEqualTo(NOW.plusSeconds(60));
        assertThat(end("{\"exp\":%d,\"expire_at\":0}", now + 60, 0)).isNull();
        assertThat(end("{}", 0, 0)).isNull();
    }

    @Test
    void aTokenIsExpiredIfItOrItsConnectionIsOver() {
        long now = NOW.getEpochSecond();
        assertThat(judge("{\"exp\":%d,\"expire_at\":0}".formatted(now)))
                .isInstanceOf(Verdict.Expired.class);
        assertThat(judge("{\"exp\":%d,\"expire_at\":%d}".formatted(now + 60, now)))
                .isInstanceOf(Verdict.Expired.class);
    }

    @Test
    void aTokenIsInvalidBeforeItsTime() {
        long now = NOW.getEpochSecond();
        assertThat(judge("{\"nbf\":%d}".formatted(now))).isInstanceOf(Verdict.Valid.class);
        assertThat(reason(judge("{\"nbf\":%d}".formatted(now + 1))))
                .isEqualTo("claim nbf is in the future");
        assertThat(reason(judge("{\"nbf\":%d,\"exp\":1}".formatted(now + 1))))
                .isEqualTo("claim nbf is in the future");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"iss\":\"us\",\"aud\":\"play\"}            | valid",
                "{\"iss\":\"us\",\"aud\":[\"x\",\"play\"]}    | valid",
                "{\"aud\":\"play\"}                           | claim iss is not the issuer"
                        + " expected",
                "{\"iss\":\"them\",\"aud\":\"play\"}          | claim iss is not the issuer"
                        + " expected",
                "{\"iss\":\"us\"}                             | claim aud does not name the"
                        + " audience expected",
                "{\"iss\":\"us\",\"aud\":[]}                  | claim aud does not name the"
                        + " audience expected",
                "{\"iss\":\"us\",\"aud\":\"player\"}          | claim aud does not name the"
                        + " audience expected",
                "{\"iss\":\"them\",\"exp\":1}                 | claim iss is not the issuer"
                        + " expected"
            })
    void issuerAndAudienceMustBeTheExpectedOnes(String payload, String expected) {
        var strict = verifier(new TokenConfig(List.of(SECRET), null, "us", "play"));
        Verdict<?> verdict = now(strict.connection(Jwts.hmac(JWSAlgorithm.HS256, SECRET, payload)));
        if (expected.equals("valid")) {
            assertThat(verdict).isInstanceOf(Verdict.Valid.class);
        } else {
            assertThat(reason(verdict)).isEqualTo(expected);
        }
    }

    @Property
    void anyTextThatNobodySignedIsInvalid(@ForAll String text) {
        checkInvalid(text);
    }

    @Property
    void anyThreePartsThatNobodySignedAreInvalid(
            @ForAll String header,
            @ForAll String payload,
            @ForAll @Size(max = 80) byte[] signature) {
        checkInvalid(Jwts.of(header, payload, signature));
        checkInvalid(Jwts.of("{\"alg\":\"HS256\"}", payload, signature));
    }

    /// The signature is good, so the claims are read.
    @Property
    void anySignedBytesGetAVerdict(@ForAll @Size(max = 200) byte[] payload) {
        String input = Base64URL.encode("{\"alg\":\"HS256\"}") + "." + Base64URL.encode(payload);
        byte[] signature = Hmac.sign(JWSAlgorithm.HS256, SECRET, input.getBytes(UTF_8));
        checkInvalid(input + "." + Base64URL.encode(signature));
    }

    @Test
    void aSecretIsNeverEmptyAndThereIsSomethingToCheckWith() {
        assertThatThrownBy(() -> TokenConfig.ofSecrets(SECRET, new byte[0]))
                .hasMessage("a token secret is empty");
        assertThatThrownBy(() -> new TokenConfig(List.of(), null, null, null))
                .hasMessage("tokens need a secret or a key set");
        assertThatThrownBy(() -> new TokenIssuer(new byte[0], InstantSource.system()))
                .hasMessage("the token secret is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys.json", "file:///etc/keys", "ftp://x/keys", "https:keys"})
    void aKeySetsAddressIsOfTheWeb(String url) {
        assertThatThrownBy(() -> TokenConfig.ofKeySet(URI.create(url), Duration.ofHours(1)))
                .hasMessage("the key set's url is not of the form https://host/path");
    }

    @Test
    void aKeySetIsNotFetchedAllTheTime() {
        var url = URI.create("https://keys.example/set");
        assertThatThrownBy(() -> TokenConfig.ofKeySet(url, Duration.ofSeconds(9)))
                .hasMessage("the key set's refresh is PT9S: must be at least PT10S");
    }

    private static TokenVerifier verifier(TokenConfig config) {
        return new TokenVerifier(config, InstantSource.fixed(NOW));
    }

    private Verdict<ConnectionClaims> connection(String token) {
        return now(verifier.connection(token));
    }

    private Verdict<ConnectionClaims> judge(String payload) {
        return connection(Jwts.hmac(JWSAlgorithm.HS256, SECRET, payload));
    }

    private @Nullable Instant end(String payload, long first, long second) {
        return valid(judge(payload.formatted(first, second))).expiresAt();
    }

    private void checkUnsigned(String token) {
        assertThat(reason(connection(token))).isEqualTo("none of the secrets made its signature");
    }

    private void checkInvalid(String token) {
        assertThat(connection(token)).isInstanceOf(Verdict.Invalid.class);
        assertThat(now(verifier.subscription(token))).isInstanceOf(Verdict.Invalid.class);
    }
}
