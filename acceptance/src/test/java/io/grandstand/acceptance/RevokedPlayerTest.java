package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A player who is kept out, on every node, by one command.
class RevokedPlayerTest {
    private static final List<Namespace> NAMESPACES =
            List.of(Namespace.readable("news", Mode.STREAM, Permission.ANY));

    @Test
    void aRevokedPlayerIsDisconnectedEverywhereAndKeptOutUntilItIsLifted(@TempDir Path data)
            throws Exception {
        try (var cluster = new TestCluster(data.resolve("kafka"))) {
            cluster.create("news", 1, Map.of());
            cluster.create("revocations", 1, Map.of("cleanup.policy", "compact"));
            Path file = data.resolve("gateway.yaml");
            Files.writeString(
                    file,
                    """
                    kafka: {bootstrap.servers: "%s"}
                    authentication: {hmac: {secret: 0123456789abcdef0123456789abcdef}}
                    namespaces: {news: {subscribe: any}}
                    internal-topics: {revocations: revocations}
                    """
                            .formatted(cluster.client().get("bootstrap.servers")));
            GatewayConfig config =
                    TestGateway.config(NAMESPACES)
                            .with(new GatewayConfig.InternalTopics(null, null, "revocations"));
            try (var one = new TestGateway(cluster.client(), config);
                    var two = new TestGateway(cluster.client(), config);
                    var here = new RawSocket(one, "asha");
                    var there = new RawSocket(two, "asha");
                    var other = new RawSocket(two, "ben")) {
                revoke(file, "--for", "1h", "--reason", "several accounts");
                assertThat(here.readToEnd()).isEqualTo("3503 force disconnect");
                assertThat(there.readToEnd()).isEqualTo("3503 force disconnect");
                assertThat(answerToConnect(one)).isEqualTo("3503 force disconnect");
                other.send("{\"id\":2,\"subscribe\":{\"channel\":\"news:1\"}}");
                assertThat(other.read()).contains("\"recoverable\":true");
                revoke(file, "--lift");
                String answer = answerToConnect(two);
                while (answer.startsWith("3503")) {
                    // The node has not read it yet.
                    answer = answerToConnect(two);
                }
                assertThat(answer).contains("\"connect\"");
            }
        }
    }

    private static String answerToConnect(TestGateway node) throws Exception {
        try (var socket = new RawSocket(node, "/connection/websocket", "")) {
            socket.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(node.token("asha")));
            return socket.read();
        }
    }

    private static void revoke(Path config, String... how) throws Exception {
        var arguments =
                new ArrayList<>(
                        List.of("revoke", "--config", config.toString(), "--player", "asha"));
        arguments.addAll(List.of(how));
        try (Program program = Program.java(128, "io.grandstand.cli.Main", arguments)) {
            assertThat(program.awaitEnd(Duration.ofMinutes(1)))
                    .describedAs(program.output())
                    .isZero();
        }
    }
}
