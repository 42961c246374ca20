package io.grandstand.gateway.auth;

import static io.grandstand.gateway.auth.Verdicts.later;
import static io.grandstand.gateway.auth.Verdicts.now;
import static io.grandstand.gateway.auth.Verdicts.reason;
import static io.grandstand.gateway.auth.Verdicts.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens by public key, the keys coming from a real server. Times are the test's own.
class KeySetTest {
    private static final Instant START = Instant.parse("2026-04-01T18:00:00Z");
    private static final Duration REFRESH = Duration.ofHours(1);
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef-secret".getBytes(UTF_8);
    private static final String PAYLOAD = "{\"sub\":\"asha\"}";

    /// Keys are slow to make: one of an algorithm and an id for all tests.
    private static final Map<String, JWK> KEYS = new ConcurrentHashMap<>();

    private final List<TokenVerifier> verifiers = new ArrayList<>();
    private KeyServer server;
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void start() throws Exception {
        server = new KeyServer();
        nanos.set(System.nanoTime());
    }

    @AfterEach
    void stop() {
        verifiers.forEach(TokenVerifier::close);
        server.close();
    }

    static Stream<JWSAlgorithm> algorithms() {
        return TokenKey.ALGORITHMS.stream().sorted(Comparator.comparing(JWSAlgorithm::getName));
    }

    @Test
    void allAlgorithmsAreThere() {
        assertThat(algorithms().map(JWSAlgorithm::getName))
                .containsExactlyInAnyOrder(
                        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                        "ES512", "EdDSA");
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void aTokenIsGoodIfItsKeySignedIt(JWSAlgorithm algorithm) throws Exception {
        JWK key = key(algorithm, "k1");
        server.has(key);
        TokenVerifier verifier = verifier();
        String token = Jwts.signed(algorithm, key, PAYLOAD);
        assertThat(valid(later(verifier.connection(token))).player()).isEqualTo("asha");

        String wrong = "its key did not make its signature";
        assertThat(reason(now(verifier.connection(Jwts.tampered(token, 1, 20))))).isEqualTo(wrong);
        assertThat(reason(now(verifier.connection(Jwts.tampered(token, 2, 20))))).isEqualTo(wrong);
        String others = Jwts.signed(algorithm, Jwts.key(algorithm, "k1"), PAYLOAD);
        assertThat(reason(now(verifier.connection(others)))).isEqualTo(wrong);
        String[] parts = token.split("\\.", -1);
        assertThat(reason(now(verifier.connection(parts[0] + "." + parts[1] + ".AAAA"))))
                .isEqualTo(wrong);
        assertThat(now(verifier.connection(parts[0] + "." + parts[1] + ".")))
                .isInstanceOf(Verdict.Invalid.class);
    }

    /// CVE-2022-21449: a signature of zeros fits everything where nobody looks.
    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512", "EdDSA"})
    void aSignatureOfZerosIsNone(String name) throws Exception {
        var algorithm = JWSAlgorithm.parse(name);
        server.has(key(algorithm, "k1"));
        TokenVerifier verifier = verifier();
        String[] parts = Jwts.signed(algorithm, key(algorithm, "k1"), PAYLOAD).split("\\.", -1);
        int length = Base64.getUrlDecoder().decode(parts[2]).length;
        String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
        assertThat(reason(later(verifier.connection(parts[0] + "." + parts[1] + "." + zeros))))
                .isEqualTo("its key did not make its signature");
    }

    @Test
    void publicKeysAreNoSecrets() throws Exception {
        var rsa = (RSAKey) key(JWSAlgorithm.RS256, "k1");
        var ec = (ECKey) key(JWSAlgorithm.ES256, "k2");
        server.has(rsa, ec);
        TokenVerifier keysAlone = verifier();
        TokenVerifier both = verifier(List.of(SECRET));
        assertThat(later(both.connection(Jwts.signed(JWSAlgorithm.RS256, rsa, PAYLOAD))))
                .isInstanceOf(Verdict.Valid.class);
        String pem =
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(rsa.toRSAPublicKey().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n";
        List<byte[]> publicMaterial =
                List.of(
                        rsa.toRSAPublicKey().getEncoded(),
                        pem.getBytes(UTF_8),
                        rsa.getModulus().decode(),
                        rsa.toPublicJWK().toJSONString().getBytes(UTF_8),
                        ec.toECPublicKey().getEncoded(),
                        ec.getX().decode());
        for (byte[] secret : publicMaterial) {
            for (String id : List.of("k1", "k2")) {
                String header = "{\"alg\":\"HS256\",\"kid\":\"%s\"}".formatted(id);
                String token = Jwts.hmac(header, JWSAlgorithm.HS256, secret, PAYLOAD);
                assertThat(reason(now(keysAlone.connection(token))))
                        .isEqualTo("none of the secrets made its signature");
                assertThat(reason(now(both.connection(token))))
                        .isEqualTo("none of the secrets made its signature");
            }
        }
    }

    @Test
    void aSecretIsNoPublicKey() throws Exception {
        server.has(key(JWSAlgorithm.RS256, "k1"));
        TokenVerifier verifier = verifier(List.of(SECRET));
        String token =
                Jwts.hmac(
                        "{\"alg\":\"RS256\",\"kid\":\"k1\"}", JWSAlgorithm.HS256, SECRET, PAYLOAD);
        assertThat(reason(later(verifier.connection(token))))
                .isEqualTo("its key did not make its signature");
    }

    @Test
    void symmetricKeysInASetAreIgnored() throws Exception {
        var symmetric = new OctetSequenceKey.Builder(SECRET).keyID("k1").build();
        server.has(new JWKSet(List.of(symmetric, key(JWSAlgorithm.RS256, "k2"))).toString(false));
        TokenVerifier verifier = verifier();
        String token =
                Jwts.hmac(
                        "{\"alg\":\"HS256\",\"kid\":\"k1\"}", JWSAlgorithm.HS256, SECRET, PAYLOAD);
        assertThat(reason(later(verifier.connection(token))))
                .isEqualTo("none of the secrets made its signature");
        String pretended =
                Jwts.hmac(
                        "{\"alg\":\"RS256\",\"kid\":\"k1\"}", JWSAlgorithm.HS256, SECRET, PAYLOAD);
        assertThat(reason(later(verifier.connection(pretended))))
                .isEqualTo("its key is not in the key set");
    }

    @Test
    void aKeyIsForItsTypesAlgorithmsAlone() throws Exception {
        JWK rsa = key(JWSAlgorithm.RS256, "k1");
        JWK p256 = key(JWSAlgorithm.ES256, "k2");
        server.has(rsa, p256);
        TokenVerifier verifier = verifier();
        JWK p384 = key(JWSAlgorithm.ES384, "k2");
        assertThat(
                        reason(
                                later(
                                        verifier.connection(
                                                Jwts.signed(JWSAlgorithm.ES384, p384, PAYLOAD)))))
                .isEqualTo("its key is not for its algorithm");
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build();
        assertThat(reason(now(verifier.connection(Jwts.signed(header, p256, PAYLOAD)))))
                .isEqualTo("its key is not for its algorithm");
    }

    @Test
    void aKeyThatNamesItsAlgorithmIsForThatAlone() throws Exception {
        var rsa = (RSAKey) key(JWSAlgorithm.RS256, "k1");
        server.has(new RSAKey.Builder(rsa).algorithm(JWSAlgorithm.PS256).build());
        TokenVerifier verifier = verifier();
        assertThat(later(verifier.connection(Jwts.signed(JWSAlgorithm.PS256, rsa, PAYLOAD))))
                .isInstanceOf(Verdict.Valid.class);
        assertThat(reason(now(verifier.connection(Jwts.signed(JWSAlgorithm.RS256, rsa, PAYLOAD)))))
                .isEqualTo("its key is not for its algorithm");
    }

    @Test
    void keysForOtherEndsAndWeakKeysAreIgnored() throws Exception {
        var rsa = (RSAKey) key(JWSAlgorithm.RS256, "k1");
        var weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
        server.has(
                new RSAKey.Builder(rsa).keyID("use").keyUse(KeyUse.ENCRYPTION).build(),
                new RSAKey.Builder(rsa)
                        .keyID("ops")
                        .keyOperations(Set.of(KeyOperation.ENCRYPT))
                        .build(),
                new RSAKey.Builder(rsa)
                        .keyID("alg")
                        .algorithm(new Algorithm("RSA-OAEP-256"))
                        .build(),
                weak,
                rsa);
        TokenVerifier verifier = verifier();
        assertThat(later(verifier.connection(Jwts.signed(JWSAlgorithm.RS256, rsa, PAYLOAD))))
                .isInstanceOf(Verdict.Valid.class);
        nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos());
        for (String id : List.of("use", "ops", "alg", "weak")) {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build();
            // Made in the past: the keys fetched since are the last word.
            String token = Jwts.signed(header, rsa, issued(START.minusSeconds(60)));
            assertThat(reason(later(verifier.connection(token))))
                    .isEqualTo("its key is not in the key set");
        }
    }

    @Test
    void keysThatATokenBringsAlongCountForNothing() throws Exception {
        server.has(key(JWSAlgorithm.RS256, "k1"));
        var own = (RSAKey) Jwts.key(JWSAlgorithm.RS256, "k1");
        TokenVerifier verifier = verifier();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("k1")
                        .jwk(own.toPublicJWK())
                        .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                        .build();
        assertThat(reason(later(verifier.connection(Jwts.signed(header, own, PAYLOAD)))))
                .isEqualTo("its key did not make its signature");
    }

    @Test
    void aTokenThatNamesNoKeyIsAcceptedWhereOnlyOneFits() throws Exception {
        JWK rsa = key(JWSAlgorithm.RS256, "k1");
        JWK ec = key(JWSAlgorithm.ES256, "k2");
        server.has(rsa, ec);
        TokenVerifier verifier = verifier();
        var header = new JWSHeader(JWSAlgorithm.RS256);
        String token = Jwts.signed(header, rsa, PAYLOAD);
        assertThat(later(verifier.connection(token))).isInstanceOf(Verdict.Valid.class);
        server.has(rsa, ec, key(JWSAlgorithm.RS256, "k3"));
        assertThat(reason(later(verifier().connection(token))))
                .isEqualTo("it does not name its key");
    }

    @Test
    void aBrokenKeyDoesNotSpoilTheOthers() throws Exception {
        JWK good = key(JWSAlgorithm.ES256, "k1");
        server.has(
                """
                {"keys":[7,null,{},{"kty":"later"},{"kty":"RSA","n":"AQAB"},
                 {"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"OKP","crv":"Ed25519","x":"AA"},
                 {"kty":"OKP","crv":"X25519","x":"AA"},%s]}\
                """
                        .formatted(good.toPublicJWK().toJSONString()));
        assertThat(later(verifier().connection(Jwts.signed(JWSAlgorithm.ES256, good, PAYLOAD))))
                .isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void aNewKeyIsFetchedWhenItsFirstTokenComes() throws Exception {
        JWK first = key(JWSAlgorithm.ES256, "k1");
        JWK second = key(JWSAlgorithm.ES256, "k2");
        server.has(first);
        TokenVerifier verifier = verifier();
        later(verifier.connection(Jwts.signed(JWSAlgorithm.ES256, first, PAYLOAD)));
        server.has(first, second);
        nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos());
        String token = Jwts.signed(JWSAlgorithm.ES256, second, PAYLOAD);
        assertThat(later(verifier.connection(token))).isInstanceOf(Verdict.Valid.class);
        assertThat(now(verifier.connection(token))).isInstanceOf(Verdict.Valid.class);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void aStormOfUnknownKeysFetchesOnceInAWhile() throws Exception {
        JWK key = key(JWSAlgorithm.ES256, "k1");
        server.has(key);
        TokenVerifier verifier = verifier();
        String good = Jwts.signed(JWSAlgorithm.ES256, key, PAYLOAD);
        later(verifier.connection(good));
        for (int wave = 1; wave <= 3; wave++) {
            nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos());
            server.hold();
            List<CompletionStage<Verdict<ConnectionClaims>>> storm =
                    IntStream.range(0, 1000)
                            .mapToObj(i -> verifier.connection(unknown("x" + i, PAYLOAD)))
                            .toList();
            // Others are not held up.
            assertThat(now(verifier.connection(good))).isInstanceOf(Verdict.Valid.class);
            server.open();
            for (var verdict : storm) {
                assertThat(reason(later(verdict))).isEqualTo("its key is not in the key set");
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(now(verifier.connection(unknown("y" + i, PAYLOAD))))
                        .isInstanceOf(Verdict.Unavailable.class);
            }
            assertThat(server.fetches()).isEqualTo(1 + wave);
        }
        nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos() - 1);
        now(verifier.connection(unknown("z", PAYLOAD)));
        assertThat(server.fetches()).isEqualTo(4);
    }

    /// Where a fetch may not begin now, a token older than the last one is refused for good, as its
    /// key was withdrawn; a newer one may be of a newer key.
    @Test
    void betweenFetchesOnlyOldTokensOfUnknownKeysAreRefusedForGood() throws Exception {
        JWK key = key(JWSAlgorithm.ES256, "k1");
        server.has(key);
        TokenVerifier verifier = verifier();
        later(verifier.connection(Jwts.signed(JWSAlgorithm.ES256, key, PAYLOAD)));
        assertThat(reason(now(verifier.connection(unknown("x", issued(START.minusSeconds(1)))))))
                .isEqualTo("its key is not in the key set");
        assertThat(now(verifier.connection(unknown("x", issued(START)))))
                .isInstanceOf(Verdict.Unavailable.class);
        assertThat(now(verifier.connection(unknown("x", PAYLOAD))))
                .isInstanceOf(Verdict.Unavailable.class);
        assertThat(now(verifier.connection(unknown("x", "no claims"))))
                .isInstanceOf(Verdict.Invalid.class);
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void oldKeysAreFetchedAnewWhileTheyGoOnBeingUsed() throws Exception {
        JWK first = key(JWSAlgorithm.ES256, "k1");
        JWK second = key(JWSAlgorithm.ES256, "k2");
        String firsts = Jwts.signed(JWSAlgorithm.ES256, first, issued(START.minusSeconds(60)));
        server.has(first);
        TokenVerifier verifier = verifier();
        later(verifier.connection(firsts));
        server.has(second);
        server.hold();
        nanos.addAndGet(REFRESH.toNanos() - 1);
        assertThat(now(verifier.connection(firsts))).isInstanceOf(Verdict.Valid.class);
        assertThat(server.fetches()).isEqualTo(1);
        nanos.addAndGet(1);
        assertThat(now(verifier.connection(firsts))).isInstanceOf(Verdict.Valid.class);
        CompletionStage<?> waiting =
                verifier.connection(Jwts.signed(JWSAlgorithm.ES256, second, PAYLOAD));
        server.open();
        assertThat(waiting.toCompletableFuture().get()).isInstanceOf(Verdict.Valid.class);
        assertThat(server.fetches()).isEqualTo(2);
        // The first key was withdrawn.
        assertThat(reason(now(verifier.connection(firsts))))
                .isEqualTo("its key is not in the key set");
    }

    static Stream<KeyServer.Answer> failures() throws Exception {
        String keys = new JWKSet(key(JWSAlgorithm.ES256, "k2")).toString(true);
        String tooLong = keys + " ".repeat(KeySet.DOCUMENT_BYTES_MAX - keys.length() + 1);
        JWK one = key(JWSAlgorithm.ES256, "k1");
        String tooMany =
                new JWKSet(
                                IntStream.rangeClosed(0, TokenKeys.KEYS_MAX)
                                        .mapToObj(i ->
                                                (JWK)
                                                        new ECKey.Builder((ECKey) one)
                                                                .keyID("k" + i)
                                                                .build())
                                        .toList())
                        .toString(true);
        return Stream.of(
                exchange -> KeyServer.send(exchange, 500, keys),
                exchange -> KeyServer.send(exchange, 404, keys),
                exchange -> KeyServer.send(exchange, 204, ""),
                exchange -> {
                    exchange.getResponseHeaders().set("Location", "/keys?again");
                    KeyServer.send(exchange, 302, "");
                },
                exchange -> KeyServer.send(exchange, 200, "<html>garbage</html>"),
                exchange -> KeyServer.send(exchange, 200, ""),
                exchange -> KeyServer.send(exchange, 200, "[]"),
                exchange -> KeyServer.send(exchange, 200, "{}"),
                exchange -> KeyServer.send(exchange, 200, "{\"keys\":7}"),
                exchange -> KeyServer.send(exchange, 200, "{\"keys\":[]}"),
                exchange -> KeyServer.send(exchange, 200, "{\"keys\":[7]}"),
                exchange -> KeyServer.send(exchange, 200, "[".repeat(100_000)),
                exchange -> KeyServer.send(exchange, 200, "{\"a\":".repeat(40_000)),
                exchange -> KeyServer.send(exchange, 200, tooLong),
                exchange -> KeyServer.send(exchange, 200, tooMany),
                exchange -> exchange.getHttpContext().getServer().stop(0),
                exchange -> {
                    // Announces more than comes.
                    exchange.sendResponseHeaders(200, keys.length() + 10);
                    exchange.getResponseBody().write(keys.getBytes(UTF_8));
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whereTheKeySetCannotBeHadTheKeysKnownStayInUse(KeyServer.Answer failure) throws Exception {
        JWK first = key(JWSAlgorithm.ES256, "k1");
        String known = Jwts.signed(JWSAlgorithm.ES256, first, issued(START.minusSeconds(60)));
        String unknown = unknown("k2", issued(START.minusSeconds(60)));
        server.has(first);
        TokenVerifier verifier = verifier();
        later(verifier.connection(known));
        server.answer(failure);
        nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos());
        assertThat(later(verifier.connection(unknown))).isInstanceOf(Verdict.Unavailable.class);
        assertThat(now(verifier.connection(known))).isInstanceOf(Verdict.Valid.class);
        // No more fetches than otherwise.
        int fetches = server.fetches();
        assertThat(now(verifier.connection(unknown))).isInstanceOf(Verdict.Unavailable.class);
        nanos.addAndGet(REFRESH.toNanos());
        assertThat(now(verifier.connection(known))).isInstanceOf(Verdict.Valid.class);
        assertThat(now(verifier.connection(known))).isInstanceOf(Verdict.Valid.class);
        // One fetch; and the JDK's HTTP client repeats a GET by itself whose connection broke.
        assertThat(server.fetches()).isBetween(fetches, fetches + 2);
    }

    @Test
    void aDocumentOfTheLargestSizeIsAccepted() throws Exception {
        JWK key = key(JWSAlgorithm.ES256, "k1");
        String keys = new JWKSet(key).toString(true);
        server.has(keys + " ".repeat(KeySet.DOCUMENT_BYTES_MAX - keys.length()));
        assertThat(later(verifier().connection(Jwts.signed(JWSAlgorithm.ES256, key, PAYLOAD))))
                .isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void withoutAnyKeysVerdictsWaitForTheFirstFetchAndComeLaterOnFailure() throws Exception {
        JWK key = key(JWSAlgorithm.ES256, "k1");
        String token = Jwts.signed(JWSAlgorithm.ES256, key, PAYLOAD);
        server.hold();
        TokenVerifier verifier = verifier();
        CompletionStage<Verdict<ConnectionClaims>> first = verifier.connection(token);
        assertThat(first.toCompletableFuture()).isNotDone();
        server.open();
        assertThat(later(first)).isInstanceOf(Verdict.Unavailable.class);
        server.has(key);
        assertThat(now(verifier.connection(token))).isInstanceOf(Verdict.Unavailable.class);
        nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos());
        assertThat(later(verifier.connection(token))).isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void tokensOfSecretsDoNotWaitForKeys() throws Exception {
        server.hold();
        TokenVerifier verifier = verifier(List.of(SECRET));
        assertThat(now(verifier.connection(Jwts.hmac(JWSAlgorithm.HS256, SECRET, PAYLOAD))))
                .isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void aServerThatIsAwayIsWaitedFor() throws Exception {
        server.close();
        String token = unknown("k1", PAYLOAD);
        assertThat(later(verifier().connection(token))).isInstanceOf(Verdict.Unavailable.class);
    }

    /// The first sends nothing, the second stops in the middle.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatIsSlowIsGivenUp(boolean head) throws Exception {
        var end = new CountDownLatch(1);
        server.answer(exchange -> {
            if (head) {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
            }
            try {
                end.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        TokenVerifier verifier = verifier(List.of(), Duration.ofMillis(200));
        assertThat(later(verifier.connection(unknown("k1", PAYLOAD))))
                .isInstanceOf(Verdict.Unavailable.class);
        end.countDown();
    }

    @Test
    void closingEndsTheWaiting() throws Exception {
        server.hold();
        TokenVerifier verifier = verifier();
        CompletionStage<Verdict<ConnectionClaims>> waiting =
                verifier.connection(unknown("k1", PAYLOAD));
        verifier.close();
        assertThat(later(waiting)).isInstanceOf(Verdict.Unavailable.class);
        nanos.addAndGet(KeySet.FETCH_INTERVAL.toNanos());
        assertThat(later(verifier.connection(unknown("k1", PAYLOAD))))
                .isInstanceOf(Verdict.Unavailable.class);
    }

    private TokenVerifier verifier() {
        return verifier(List.of());
    }

    private TokenVerifier verifier(List<byte[]> secrets) {
        return verifier(secrets, Duration.ofSeconds(20));
    }

    private TokenVerifier verifier(List<byte[]> secrets, Duration fetchTimeMax) {
        var source = new TokenConfig.KeySetSource(server.url(), REFRESH);
        var verifier =
                new TokenVerifier(
                        new TokenConfig(secrets, source, null, null),
                        () -> START,
                        nanos::get,
                        fetchTimeMax);
        verifiers.add(verifier);
        return verifier;
    }

    private static JWK key(JWSAlgorithm algorithm, String id) {
        return KEYS.computeIfAbsent(
                algorithm.getName().substring(0, 1) + sizeOf(algorithm) + id,
                _ -> {
                    try {
                        return Jwts.key(algorithm, id);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static String sizeOf(JWSAlgorithm algorithm) {
        return algorithm.getName().startsWith("ES") ? algorithm.getName() : "";
    }

    /// A token whose key no server has.
    private static String unknown(String id, String payload) {
        return Jwts.of("{\"alg\":\"ES256\",\"kid\":\"%s\"}".formatted(id), payload, new byte[64]);
    }

    private static String issued(Instant time) {
        return "{\"sub\":\"asha\",\"iat\":%d}".formatted(time.getEpochSecond());
    }
}
