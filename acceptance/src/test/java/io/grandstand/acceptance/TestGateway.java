package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.client.ClientConfig;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenIssuer;
import io.grandstand.gateway.auth.TokenVerifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway for a test, which can be stopped and started again on its port.
final class TestGateway implements AutoCloseable {
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final byte[] SECRET = "a secret for tests of 32 or more bytes".getBytes(UTF_8);

    private static final Pattern KAFKA_BYTES_READ =
            Pattern.compile("(?m)^grandstand_gateway_kafka_bytes_read_total (\\d+)$");

    private final Map<String, Object> kafka;
    private final GatewayConfig config;
    private final InstantSource clock;
    private final TokenIssuer tokens;
    private Gateway gateway;

    TestGateway(Map<String, Object> kafka, List<Namespace> namespaces) throws Exception {
        this(kafka, config(namespaces));
    }

    TestGateway(Map<String, Object> kafka, GatewayConfig config) throws Exception {
        this(kafka, config, InstantSource.system());
    }

    /// A gateway whose tokens run out by `clock`.
    TestGateway(Map<String, Object> kafka, GatewayConfig config, InstantSource clock)
            throws Exception {
        this.kafka = kafka;
        this.config = config;
        this.clock = clock;
        this.tokens = new TokenIssuer(SECRET, clock);
        this.gateway = start(0);
    }

    /// A configuration for tests: limits far away, no time lost at the end.
    static GatewayConfig config(List<Namespace> namespaces) {
        return GatewayConfig.of(new GatewayConfig.Listen("127.0.0.1", 0, Set.of()), namespaces)
                .with(new GatewayConfig.Limits(64 << 10, 16 << 10, 128, 10_000, 10_000))
                .with(GatewayConfig.Timing.DEFAULT.withDrain(Duration.ZERO));
    }

    int port() {
        return gateway.port();
    }

    /// Ends the node and starts another one at the same address.
    void restart() throws Exception {
        int port = gateway.port();
        gateway.close();
        gateway = start(port);
    }

    /// What this node has read from Kafka so far, as its metrics tell.
    long kafkaBytesRead() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(http("/metrics")).build();
            String metrics = client.send(request, BodyHandlers.ofString()).body();
            Matcher matcher = KAFKA_BYTES_READ.matcher(metrics);
            if (!matcher.find()) {
                throw new AssertionError(metrics);
            }
            return Long.parseLong(matcher.group(1));
        }
    }

    String token(String player) {
        return tokens.connection(player, clock.instant().plus(TOKEN_LIFE));
    }

    /// A token of exactly these claims.
    String token(Map<String, ?> claims) {
        return tokens.issue(claims);
    }

    Gateway gateway() {
        return gateway;
    }

    ClientConfig as(String player) {
        return new ClientConfig(endpoint(), token(player));
    }

    URI endpoint() {
        return address("ws", "/connection/websocket");
    }

    /// The address of `path` for HTTP.
    URI http(String path) {
        return address("http", path);
    }

    private URI address(String scheme, String path) {
        boolean isEncrypted = config.listen().tls() != null;
        return URI.create(
                "%s%s://127.0.0.1:%d%s".formatted(scheme, isEncrypted ? "s" : "", port(), path));
    }

    /// Ends the node.
    void stop() {
        gateway.close();
    }

    @Override
    public void close() {
        stop();
    }

    private Gateway start(int port) throws Exception {
        return Gateway.start(
                config.with(config.listen().withPort(port)),
                new Gateway.Surroundings(
                        kafka,
                        new TokenVerifier(TokenConfig.ofSecrets(SECRET), clock),
                        List.of(),
                        null,
                        clock,
                        new SplittableRandom(1),
                        "test"));
    }
}
