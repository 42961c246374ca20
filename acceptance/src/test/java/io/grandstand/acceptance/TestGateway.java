package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.client.ClientConfig;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Tokens;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// A gateway for a test, which can be stopped and started again on its port.
final class TestGateway implements AutoCloseable {
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private final Map<String, Object> kafka;
    private final List<Namespace> namespaces;
    private final GatewayConfig.Backpressure backpressure;
    private final Tokens tokens =
            new Tokens(
                    "a secret for tests of 32 or more bytes".getBytes(UTF_8),
                    InstantSource.system());
    private Gateway gateway;

    TestGateway(Map<String, Object> kafka, List<Namespace> namespaces) throws Exception {
        this(kafka, namespaces, GatewayConfig.Backpressure.DEFAULT);
    }

    TestGateway(
            Map<String, Object> kafka,
            List<Namespace> namespaces,
            GatewayConfig.Backpressure backpressure)
            throws Exception {
        this.kafka = kafka;
        this.namespaces = namespaces;
        this.backpressure = backpressure;
        this.gateway = start(0);
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

    String token(String player) {
        return tokens.issue(player, InstantSource.system().instant().plus(TOKEN_LIFE));
    }

    ClientConfig as(String player) {
        return new ClientConfig(endpoint(), token(player));
    }

    URI endpoint() {
        return URI.create("ws://127.0.0.1:" + port() + "/connection/websocket");
    }

    @Override
    public void close() {
        gateway.close();
    }

    private Gateway start(int port) throws Exception {
        return Gateway.start(
                new GatewayConfig(
                        "127.0.0.1",
                        port,
                        namespaces,
                        Set.of(),
                        new GatewayConfig.Limits(64 << 10, 16 << 10, 128, 10_000, 10_000),
                        backpressure,
                        Duration.ofSeconds(25),
                        Duration.ZERO),
                new Gateway.Surroundings(
                        kafka,
                        tokens,
                        List.of(),
                        null,
                        InstantSource.system(),
                        new SplittableRandom(1),
                        "test"));
    }
}
