package io.grandstand.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What revocations mean, without the topic they come from.
class RevocationsTableTest {
    private static final Instant START = Instant.parse("2026-04-01T18:00:00Z");

    private Instant now = START;
    private final Revocations revocations = new Revocations(() -> now);

    @Test
    void aPlayerIsRefusedUntilTheTimeGiven() {
        revocations.put(0, Revocation.deny("asha", START.plusSeconds(60), "abuse"));
        assertThat(revocations.refuses("asha", START)).isTrue();
        assertThat(revocations.refuses("asha", null)).isTrue();
        assertThat(revocations.refuses("ben", START)).isFalse();
        now = START.plusMillis(59_999);
        assertThat(revocations.refuses("asha", now)).isTrue();
        now = START.plusSeconds(60);
        assertThat(revocations.refuses("asha", START)).isFalse();
    }

    @Test
    void tokensIssuedBeforeAreRefusedForEver() {
        revocations.put(0, Revocation.ofTokensBefore("asha", START, "stolen"));
        now = START.plus(Duration.ofDays(10_000));
        revocations.dropOver();
        assertThat(revocations.refuses("asha", START.minusSeconds(1))).isTrue();
        assertThat(revocations.refuses("asha", null)).isTrue();
        assertThat(revocations.refuses("asha", START)).isFalse();
        assertThat(revocations.refuses("ben", null)).isFalse();
    }

    @Test
    void claimsOfBothKindsAreAskedFor() {
        revocations.put(0, Revocation.ofTokensBefore("asha", START, ""));
        assertThat(revocations.refuses(connection("asha", START.minusSeconds(1)))).isTrue();
        assertThat(revocations.refuses(connection("asha", START))).isFalse();
        assertThat(revocations.refuses(subscription("asha", null))).isTrue();
        assertThat(revocations.refuses(subscription("asha", START))).isFalse();
        assertThat(Revocations.NONE.refuses(connection("asha", null))).isFalse();
    }

    @Test
    void theNewestRecordOfAPartitionCounts() {
        revocations.put(0, Revocation.deny("asha", START.plusSeconds(60), ""));
        revocations.put(0, Revocation.deny("asha", START.plusSeconds(10), ""));
        now = START.plusSeconds(10);
        assertThat(revocations.refuses("asha", null)).isFalse();
        now = START;
        revocations.lift(0, "asha");
        revocations.lift(7, "asha");
        assertThat(revocations.refuses("asha", null)).isFalse();
    }

    @Test
    void partitionsDoNotSpeakForEachOther() {
        revocations.put(0, Revocation.deny("asha", START.plusSeconds(60), ""));
        revocations.lift(1, "asha");
        revocations.put(1, Revocation.deny("asha", START.plusSeconds(10), ""));
        now = START.plusSeconds(10);
        assertThat(revocations.refuses("asha", null)).isTrue();
    }

    @Test
    void whatHasRunOutIsForgotten() {
        assertThat(revocations.put(0, Revocation.deny("asha", START, ""))).isFalse();
        assertThat(revocations.put(0, new Revocation("asha", null, null, ""))).isFalse();
        assertThat(revocations.size()).isZero();
        revocations.put(0, Revocation.deny("asha", START.plusSeconds(10), ""));
        revocations.put(0, Revocation.ofTokensBefore("ben", START, ""));
        revocations.put(1, new Revocation("cleo", START.plusSeconds(10), START, ""));
        assertThat(revocations.size()).isEqualTo(3);
        now = START.plusSeconds(10);
        revocations.dropOver();
        assertThat(revocations.size()).isEqualTo(2);
        revocations.put(0, Revocation.deny("ben", START, ""));
        assertThat(revocations.size()).isEqualTo(1);
    }

    @Test
    void aRevocationIsWrittenAsItIsRead() throws Exception {
        var revocation = new Revocation("asha", START, START.plusMillis(5), "a \"reason\"");
        assertThat(new String(revocation.toJson(), UTF_8))
                .isEqualTo(
                        "{\"deniedUntil\":1775066400000,\"issuedBefore\":1775066400005,"
                                + "\"reason\":\"a \\\"reason\\\"\"}");
        for (Revocation one :
                List.of(
                        revocation,
                        Revocation.deny("asha", START, ""),
                        Revocation.ofTokensBefore("asha", START, "x"))) {
            assertThat(Revocation.parse("asha", one.toJson())).isEqualTo(one);
        }
    }

    @Test
    void whatAnybodyWritesIsReadLeniently() throws Exception {
        assertThat(parse("{}")).isEqualTo(new Revocation("asha", null, null, ""));
        assertThat(parse("{\"by\":\"ops\",\"deniedUntil\":0,\"issuedBefore\":null}"))
                .isEqualTo(new Revocation("asha", null, null, ""));
        assertThat(parse("{\"reason\":\"%s\"}".formatted("x".repeat(1000))).reason()).hasSize(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"deniedUntil\":\"tomorrow\"}     | claim deniedUntil is not a whole number",
                "{\"deniedUntil\":1.5}              | claim deniedUntil is not a whole number",
                "{\"issuedBefore\":-1}              | claim issuedBefore is not from 0 to"
                        + " 253402300799999",
                "{\"issuedBefore\":1e3}             | claim issuedBefore is not a whole number",
                "{\"deniedUntil\":99999999999999999999} | claim deniedUntil is not from 0 to"
                        + " 253402300799999",
                "{\"reason\":7}                     | claim reason is not text",
                "[]                                 | the payload is not an object",
                "x                                  | it is not JSON"
            })
    void whatIsNoRevocationIsRefused(String json, String problem) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(ClaimException.class)
                .hasMessage(problem);
    }

    @Test
    void aRevocationChecksItself() {
        assertThatThrownBy(() -> Revocation.deny("", START, ""))
                .hasMessage("a revocation needs a player");
        assertThatThrownBy(() -> Revocation.deny("asha", START, "x".repeat(201)))
                .hasMessage("reason has 201 characters: must be at most 200");
        assertThatThrownBy(() -> Revocation.deny("asha", Instant.MAX, ""))
                .hasMessageEndingWith("must be after 1970 and before the year 10000");
    }

    @Test
    void withoutKafkaAStartFailsInASentence() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        checkStartFails(
                Map.of("bootstrap.servers", "127.0.0.1:" + closed),
                "The revocations in topic revoked could not be read to their end within 0 s:"
                        + " .+\\.");
        checkStartFails(
                Map.of("bootstrap.servers", "no such host"),
                "The revocations in topic revoked cannot be read: .*no such host.*");
    }

    private static void checkStartFails(Map<String, Object> kafka, String pattern) {
        assertThatThrownBy(() ->
                        Revocations.start(
                                kafka,
                                "revoked",
                                InstantSource.system(),
                                _ -> {},
                                Duration.ofMillis(300)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(pattern);
    }

    private static Revocation parse(String json) throws ClaimException {
        return Revocation.parse("asha", json.getBytes(UTF_8));
    }

    private static ConnectionClaims connection(String player, @Nullable Instant issuedAt) {
        return new ConnectionClaims(
                player, issuedAt, null, AppData.NONE, List.of(), Map.of(), Capabilities.NONE);
    }

    private static SubscriptionClaims subscription(String player, @Nullable Instant issuedAt) {
        return new SubscriptionClaims(
                player,
                "chat:1",
                null,
                issuedAt,
                null,
                AppData.NONE,
                Overrides.NONE,
                java.util.Set.of());
    }
}
