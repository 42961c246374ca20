package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The published JavaScript SDK, unmodified, against our gateway.
class SdkTest {
    private static final Namespace CHAT =
            Namespace.of(
                    "chat", "chat", Mode.STREAM, Permission.ANY, Permission.ANY, KeySource.CHANNEL);

    /// 500 messages by the SDK, 250 straight into Kafka while the gateway is replaced, 250 by the
    /// SDK.
    @Test
    void theJavaScriptSdkLosesDoublesAndReordersNothingOverARestart(@TempDir Path data)
            throws Exception {
        try (var cluster = new TestCluster(data)) {
            cluster.create("chat", 4, Map.of());
            try (var gateway = new TestGateway(cluster.client(), List.of(CHAT));
                    Program sdk =
                            Program.node(
                                    "sdk.mjs",
                                    gateway.endpoint().toString(),
                                    gateway.token("asha"),
                                    "chat:sdk")) {
                sdk.awaitLine("half"::equals, Duration.ofSeconds(30));
                IntStream.range(500, 750)
                        .forEach(n -> cluster.write("chat", "sdk", "{\"n\":%d}".formatted(n)));
                gateway.restart();
                cluster.flush();
                sdk.say("750");
                JsonNode result =
                        new JsonMapper()
                                .readTree(
                                        sdk.awaitLine(
                                                line -> line.startsWith("{"),
                                                Duration.ofSeconds(30)));
                assertThat(result.path("recovered").asBoolean()).isTrue();
                List<Integer> received =
                        StreamSupport.stream(result.path("received").spliterator(), false)
                                .map(JsonNode::asInt)
                                .toList();
                assertThat(received).isEqualTo(IntStream.range(0, 1000).boxed().toList());
            }
        }
    }
}
