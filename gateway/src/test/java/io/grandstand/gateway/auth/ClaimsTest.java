package io.grandstand.gateway.auth;

import static io.grandstand.gateway.auth.Verdicts.now;
import static io.grandstand.gateway.auth.Verdicts.reason;
import static io.grandstand.gateway.auth.Verdicts.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the claims of a token come to. All tokens here are well signed.
class ClaimsTest {
    private static final Instant NOW = Instant.parse("2026-04-01T18:00:00Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef-secret".getBytes(UTF_8);

    private final TokenVerifier verifier =
            new TokenVerifier(TokenConfig.ofSecrets(SECRET), InstantSource.fixed(NOW));

    @Test
    void aTokenWithoutClaimsIsOfAnAnonymousPlayer() {
        assertThat(claims("{}").player()).isEmpty();
        assertThat(claims("{\"sub\":\"\"}").player()).isEmpty();
        assertThat(claims("{\"sub\":null}").player()).isEmpty();
    }

    @Test
    void unknownClaimsAreIgnored() {
        assertThat(
                        claims(
                                        """
                                        {"jti":7,"meta":{"a":[1]},"roles":["x"],"client":5,"allow":1,\
                                        "override":2,"sub":"asha"}\
                                        """)
                                .player())
                .isEqualTo("asha");
    }

    @Test
    void namesAreTakenAsTheyAre() {
        assertThat(claims("{\"sub\":\"Ω 🏏\\n\\u0061\"}").player()).isEqualTo("Ω 🏏\na");
    }

    @Test
    void infoIsTakenAsItStandsOnOneLine() {
        AppData info =
                claims("{\"info\" :  {\"n\": 12345678901234567890.10,\n \"é\":[1,\r\n 2]} }")
                        .info();
        assertThat(new String(info.bytes(), UTF_8))
                .isEqualTo("{\"n\": 12345678901234567890.10, \"é\":[1, 2]}");
        assertThat(info.isJson()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"42", "-1.5e3", "true", "\"text\"", "[]", "{}"})
    void infoMayBeAnyValue(String value) {
        AppData info = claims("{\"info\":%s,\"sub\":\"asha\"}".formatted(value)).info();
        assertThat(new String(info.bytes(), UTF_8)).isEqualTo(value);
    }

    @Test
    void binaryInfoIsTakenBeforeInfo() {
        AppData info = claims("{\"b64info\":\"/wA=\",\"info\":{\"a\":1}}").info();
        assertThat(info.bytes()).containsExactly(0xff, 0);
        assertThat(info.isJson()).isFalse();
    }

    @Test
    void binaryInfoMayBeJson() {
        String encoded = Base64.getEncoder().encodeToString("{\"a\":\n1}".getBytes(UTF_8));
        AppData info = claims("{\"b64info\":\"%s\"}".formatted(encoded)).info();
        assertThat(new String(info.bytes(), UTF_8)).isEqualTo("{\"a\":1}");
        assertThat(info.isJson()).isTrue();
        assertThat(claims("{\"b64info\":\"\"}").info()).isEqualTo(AppData.NONE);
    }

    @Test
    void aConnectionBringsSubscriptionsAlong() {
        ConnectionClaims claims =
                claims(
                        """
                        {"channels":["news:a","news:b"],"subs":{
                          "chat:1":{"info":{"color":"red"},"data":[1],"override":{
                            "presence":{"value":true},"join_leave":{"value":false},
                            "force_recovery":{"value":true},"force_positioning":{"value":false},
                            "force_push_join_leave":{"value":true},"later":{"value":7}}},
                          "chat:2":{"b64info":"AAE=","b64data":"Ag==","unknown":[]},
                          "chat:3":{},
                          "chat:4":null}}\
                        """);
        assertThat(claims.channels()).containsExactly("news:a", "news:b");
        assertThat(claims.subs()).containsOnlyKeys("chat:1", "chat:2", "chat:3");
        ServerSubscription full = requireNonNull(claims.subs().get("chat:1"));
        assertThat(new String(full.info().bytes(), UTF_8)).isEqualTo("{\"color\":\"red\"}");
        assertThat(new String(full.data().bytes(), UTF_8)).isEqualTo("[1]");
        assertThat(full.overrides()).isEqualTo(new Overrides(true, false, true, false, true));
        ServerSubscription binary = requireNonNull(claims.subs().get("chat:2"));
        assertThat(binary.info().bytes()).containsExactly(0, 1);
        assertThat(binary.data().bytes()).containsExactly(2);
        assertThat(claims.subs().get("chat:3"))
                .isEqualTo(new ServerSubscription(AppData.NONE, AppData.NONE, Overrides.NONE));
    }

    @Test
    void aSubscriptionsTokenOpensOneChannel() {
        SubscriptionClaims claims =
                subscription(
                        """
                        {"sub":"asha","channel":"chat:1","client":"c-1","iat":1775066399,
                         "exp":1775066460,"info":{"a":1},"allow":["pub","hst","later"],
                         "override":{"presence":{"value":false},"force_recovery":null}}\
                        """);
        assertThat(claims.player()).isEqualTo("asha");
        assertThat(claims.channel()).isEqualTo("chat:1");
        assertThat(claims.client()).isEqualTo("c-1");
        assertThat(claims.issuedAt()).isEqualTo(NOW.minusSeconds(1));
        assertThat(claims.expiresAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(new String(claims.info().bytes(), UTF_8)).isEqualTo("{\"a\":1}");
        assertThat(claims.overrides()).isEqualTo(new Overrides(false, null, null, null, null));
        assertThat(claims.allow())
                .containsExactlyInAnyOrder(
                        Capability.SUBSCRIBE, Capability.PUBLISH, Capability.HISTORY);
    }

    @Test
    void aSubscriptionsTokenAllowsToSubscribeIfItSaysNothingElse() {
        SubscriptionClaims claims = subscription("{\"channel\":\"a\"}");
        assertThat(claims.player()).isEmpty();
        assertThat(claims.client()).isNull();
        assertThat(claims.expiresAt()).isNull();
        assertThat(claims.overrides()).isEqualTo(Overrides.NONE);
        assertThat(claims.allow()).containsExactly(Capability.SUBSCRIBE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"sub\":5}                                | claim sub is not text",
                "{\"sub\":[\"asha\"]}                       | claim sub is not text",
                "{\"sub\":\"\\ud800\"}                      | claim sub is not Unicode text",
                "{\"iss\":1}                                | claim iss is not text",
                "{\"aud\":1}                                | claim aud is not a list",
                "{\"aud\":[1]}                              | claim aud is not text",
                "{\"exp\":\"1775066460\"}                   | claim exp is not a number",
                "{\"exp\":true}                             | claim exp is not a number",
                "{\"exp\":1e300}                            | claim exp is not a time before the"
                        + " year 10000",
                "{\"exp\":99999999999999999999999}          | claim exp is not a time before the"
                        + " year 10000",
                "{\"nbf\":{}}                               | claim nbf is not a number",
                "{\"iat\":\"now\"}                          | claim iat is not a number",
                "{\"expire_at\":[]}                         | claim expire_at is not a number",
                "{\"b64info\":\"%\"}                        | claim b64info is not Base64",
                "{\"b64info\":1}                            | claim b64info is not text",
                "{\"channel\":\"chat:1\"}                   | claim channel stands in no"
                        + " connection's token",
                "{\"channel\":\"\"}                         | claim channel stands in no"
                        + " connection's token",
                "{\"channel\":7}                            | claim channel stands in no"
                        + " connection's token",
                "{\"channels\":\"a\"}                       | claim channels is not a list",
                "{\"channels\":[7]}                         | claim channels is not text",
                "{\"channels\":[null]}                      | claim channels is not text",
                "{\"channels\":[\"\"]}                      | claim channels has an empty channel",
                "{\"subs\":[]}                              | claim subs is not an object",
                "{\"subs\":{\"\":{}}}                       | claim subs has an empty channel",
                "{\"subs\":{\"a\":7}}                       | claim subs is not an object",
                "{\"subs\":{\"a\":{\"b64data\":7}}}         | claim subs.b64data is not text",
                "{\"subs\":{\"a\":{\"override\":7}}}        | claim subs.override is not an object",
                "{\"subs\":{\"a\":{\"override\":{\"presence\":true}}}}         | claim"
                        + " subs.override.presence is not an object",
                "{\"subs\":{\"a\":{\"override\":{\"presence\":{}}}}}           | claim"
                        + " subs.override.presence.value is missing",
                "{\"subs\":{\"a\":{\"override\":{\"presence\":{\"value\":1}}}}} | claim"
                        + " subs.override.presence.value is not a boolean",
                "{\"caps\":{}}                              | claim caps is not a list",
                "{\"caps\":[7]}                             | claim caps is not an object",
                "{\"caps\":[{\"channels\":\"a\"}]}          | claim caps.channels is not a list",
                "{\"caps\":[{\"match\":\"glob\"}]}          | claim caps.match is not wildcard or"
                        + " regex",
                "{\"caps\":[{\"allow\":\"sub\"}]}           | claim caps.allow is not a list",
                "{\"caps\":[{\"allow\":[1]}]}               | claim caps.allow is not text",
                "[]                                         | the payload is not an object",
                "7                                          | the payload is not an object",
                "{} {}                                      | the payload is more than one JSON"
                        + " value",
                "{\"sub\":\"a\",\"sub\":\"b\"}              | the payload is not JSON, or has a"
                        + " claim twice",
                "{\"info\":{\"a\":1,\"a\":2}}               | the payload is not JSON, or has a"
                        + " claim twice",
                "{\"sub\":\"asha\"                          | the payload is not JSON, or has a"
                        + " claim twice",
                "{sub:1}                                    | the payload is not JSON, or has a"
                        + " claim twice"
            })
    void aConnectionsTokenMustBeWellFormed(String payload, String reason) {
        assertThat(reason(now(verifier.connection(token(payload))))).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                         | claim channel is missing",
                "{\"channel\":null}                         | claim channel is missing",
                "{\"channel\":\"\"}                         | claim channel has an empty channel",
                "{\"channel\":7}                            | claim channel is not text",
                "{\"channel\":\"a\",\"client\":7}           | claim client is not text",
                "{\"channel\":\"a\",\"allow\":\"pub\"}      | claim allow is not a list",
                "{\"channel\":\"a\",\"override\":[]}        | claim override is not an object",
                "{\"channel\":\"a\",\"sub\":7}              | claim sub is not text"
            })
    void aSubscriptionsTokenMustBeWellFormed(String payload, String reason) {
        assertThat(reason(now(verifier.subscription(token(payload))))).isEqualTo(reason);
    }

    @Test
    void aPayloadThatIsNotUtf8IsInvalid() {
        String input = token("{}").split("\\.", -1)[0] + ".eyJzdWIiOiL_In0";
        byte[] signature = Hmac.sign(JWSAlgorithm.HS256, SECRET, input.getBytes(UTF_8));
        String token = input + "." + com.nimbusds.jose.util.Base64URL.encode(signature);
        assertThat(reason(now(verifier.connection(token)))).isEqualTo("the payload is not UTF-8");
    }

    @Test
    void aPayloadNestedTooDeepIsInvalid() {
        String payload = "{\"info\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";
        assertThat(reason(now(verifier.connection(token(payload)))))
                .isEqualTo("the payload is not JSON, or has a claim twice");
    }

    /// Every claim with every value: none throws, and what is invalid says why.
    @Property(tries = 5000)
    void anyClaimsGetAVerdict(@ForAll("payloads") String payload) {
        String token = token(payload);
        checkSaysWhy(now(verifier.connection(token)));
        checkSaysWhy(now(verifier.subscription(token)));
    }

    @Provide
    Arbitrary<String> payloads() {
        Arbitrary<String> names =
                Arbitraries.of(
                        "sub",
                        "exp",
                        "nbf",
                        "iat",
                        "iss",
                        "aud",
                        "expire_at",
                        "info",
                        "b64info",
                        "channel",
                        "channels",
                        "subs",
                        "caps",
                        "client",
                        "override",
                        "allow",
                        "match",
                        "value",
                        "presence",
                        "data",
                        "b64data",
                        "jti",
                        "");
        Arbitrary<String> leaves =
                Arbitraries.of(
                        "0",
                        "1",
                        "-1",
                        "1775066460",
                        "1e999",
                        "-1e-999",
                        "true",
                        "false",
                        "null",
                        "\"\"",
                        "\"a\"",
                        "\"*\"",
                        "\"sub\"",
                        "\"regex\"",
                        "\"wildcard\"",
                        "\"(\"",
                        "\"AAE=\"",
                        "\"\\ud83c\"",
                        "12345678901234567890",
                        "\"\\u0000\"",
                        "nul",
                        "\"open");
        Arbitrary<String> values =
                Arbitraries.lazyOf(
                        () -> leaves,
                        () -> leaves,
                        () ->
                                anyValue(names, leaves)
                                        .list()
                                        .ofMaxSize(3)
                                        .map(items -> "[" + String.join(",", items) + "]"),
                        () -> object(names, anyValue(names, leaves)));
        return object(names, values);
    }

    private static Arbitrary<String> anyValue(Arbitrary<String> names, Arbitrary<String> leaves) {
        return Arbitraries.lazyOf(
                () -> leaves,
                () -> leaves,
                () ->
                        anyValue(names, leaves)
                                .list()
                                .ofMaxSize(2)
                                .map(items -> "[" + String.join(",", items) + "]"),
                () -> object(names, anyValue(names, leaves)));
    }

    private static Arbitrary<String> object(Arbitrary<String> names, Arbitrary<String> values) {
        return Combinators.combine(names, values)
                .as("\"%s\":%s"::formatted)
                .list()
                .ofMaxSize(4)
                .map(fields -> "{" + String.join(",", fields) + "}");
    }

    private static void checkSaysWhy(Verdict<?> verdict) {
        if (verdict instanceof Verdict.Invalid<?>(String reason)) {
            assertThat(reason).matches("(claim [a-z0-9_.]+|the payload) .+");
        }
    }

    private ConnectionClaims claims(String payload) {
        return valid(now(verifier.connection(token(payload))));
    }

    private SubscriptionClaims subscription(String payload) {
        return valid(now(verifier.subscription(token(payload))));
    }

    private static String token(String payload) {
        return Jwts.hmac(JWSAlgorithm.HS256, SECRET, payload);
    }
}
