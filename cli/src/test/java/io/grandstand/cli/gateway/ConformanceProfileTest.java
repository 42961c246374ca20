package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.gateway.Namespace.Presence;
import io.grandstand.gateway.auth.ConnectionClaims;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.gateway.auth.Verdict;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the test suites of client libraries need of a gateway.
class ConformanceProfileTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private static final Pattern READY =
            Pattern.compile("Grandstand gateway .* is ready: ws://127\\.0\\.0\\.1:(\\d+)/.*");

    @Test
    void everybodyMayDoEverythingOnEveryChannel() {
        GatewayConfig config = ConformanceProfile.config("127.0.0.1", 8000);
        assertThat(config.anonymous()).isTrue();
        assertThat(config.listen().allowedOrigins()).containsExactly("*");
        assertThat(config.limits().commandsPerSecond()).isZero();
        assertThat(config.namespaces())
                .allSatisfy(namespace -> {
                    assertThat(namespace.mode()).isEqualTo(Mode.STREAM);
                    assertThat(namespace.subscribe()).isEqualTo(Permission.ANY);
                    assertThat(namespace.publish()).isEqualTo(Permission.ANY);
                    assertThat(namespace.presence()).isEqualTo(Presence.FULL);
                    assertThat(namespace.joinLeave()).isTrue();
                    assertThat(namespace.showPublisher()).isTrue();
                    assertThat(namespace.publishesPerSecond()).isZero();
                });
        assertThat(config.namespaces())
                .extracting(Namespace::name, Namespace::recoverLimit)
                .containsExactly(
                        tuple("", 100),
                        tuple("recovery", 100),
                        tuple("smallhistory", 2),
                        tuple("delta", 100));
    }

    @Test
    void everyTopicIsCreatedInternalOnesToo() {
        GatewaySettings settings = ConformanceProfile.settings("127.0.0.1", 0, "x:1");
        assertThat(ConformanceProfile.topics(settings).stream().map(NewTopic::name))
                .containsExactlyInAnyOrder(
                        "conformance",
                        "recovery",
                        "smallhistory",
                        "delta",
                        "gateway-presence",
                        "gateway-publishes",
                        "gateway-revocations");
    }

    /// The suites sign with the six bytes `secret`.
    @Test
    void tokensOfTheShortSecretAreGoodAndOthersAreNot() throws Exception {
        TokenVerifier tokens =
                GatewayProgram.tokenVerifier(ConformanceProfile.authentication(), CLOCK);
        String claims = "{\"sub\":\"42\",\"exp\":%d}";
        long now = CLOCK.instant().getEpochSecond();
        assertThat(verdict(tokens, token("secret", claims.formatted(now + 60))))
                .isInstanceOfSatisfying(
                        Verdict.Valid.class,
                        valid ->
                                assertThat(((ConnectionClaims) valid.claims()).player())
                                        .isEqualTo("42"));
        assertThat(verdict(tokens, token("secret", claims.formatted(now - 60))))
                .isInstanceOf(Verdict.Expired.class);
        assertThat(verdict(tokens, token("secrets", claims.formatted(now + 60))))
                .isInstanceOf(Verdict.Invalid.class);
    }

    @Test
    void withoutAnySecretNoTokenIsGood() throws Exception {
        var open =
                new Authentication(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true);
        TokenVerifier tokens = GatewayProgram.tokenVerifier(open, CLOCK);
        assertThat(verdict(tokens, token("", "{\"sub\":\"42\"}")))
                .isInstanceOf(Verdict.Invalid.class);
    }

    private static Verdict<ConnectionClaims> verdict(TokenVerifier tokens, String token) {
        return tokens.connection(token).toCompletableFuture().join();
    }

    @Test
    void theProgramServesUntilItIsToldToEndAndLeavesNothing(
            @TempDir Path temporary, @TempDir Path home) throws Exception {
        Process program =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.grandstand.cli.Main",
                                "gateway",
                                "--profile",
                                "conformance",
                                "--port",
                                "0")
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader output = program.inputReader(UTF_8)) {
            Matcher ready = READY.matcher(String.valueOf(output.readLine()));
            assertThat(ready.matches()).as(ready.toString()).isTrue();
            assertThat(health(ready.group(1))).isEqualTo(200);
            assertThat(entries(temporary)).anyMatch(name -> name.startsWith("grandstand"));

            // By its handle, which leaves its output to be read.
            program.toHandle().destroy();
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output.lines().collect(Collectors.joining("\n"))).isEmpty();
            assertThat(program.exitValue()).isEqualTo(128 + 15);
            assertThat(entries(temporary)).noneMatch(name -> name.startsWith("grandstand"));
        } finally {
            program.destroyForcibly();
        }
    }

    private static int health(String port) throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:%s/health/ready".formatted(port)))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static List<String> entries(Path folder) throws Exception {
        try (var entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /// A JWT (RFC 7519) made by hand: libraries refuse to sign with so short a secret.
    private static String token(String secret, String claims) throws Exception {
        String signed =
                encoded("{\"alg\":\"HS256\"}".getBytes(UTF_8))
                        + "."
                        + encoded(claims.getBytes(UTF_8));
        byte[] key = secret.isEmpty() ? new byte[] {0} : secret.getBytes(UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return signed + "." + encoded(mac.doFinal(signed.getBytes(UTF_8)));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
