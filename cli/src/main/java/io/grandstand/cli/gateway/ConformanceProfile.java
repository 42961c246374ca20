package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.cli.StartException;
import io.grandstand.embedded.BrokerStartException;
import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.GatewayConfig.Backpressure;
import io.grandstand.gateway.GatewayConfig.Compression;
import io.grandstand.gateway.GatewayConfig.InternalTopics;
import io.grandstand.gateway.GatewayConfig.Limits;
import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.GatewayConfig.Timing;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.gateway.Namespace.Presence;
import io.grandstand.gateway.auth.TokenConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;

/// A gateway with its own broker that lets everybody do everything, for the test suites of client
/// libraries. Those want: a connection without a token; tokens that are given checked against the
/// secret `secret`; every right on every channel; and these namespaces.
final class ConformanceProfile {
    /// Where the suites look for a server.
    static final int PORT = 8000;

    /// Loopback alone: there is no authentication.
    static final String HOST = "127.0.0.1";

    private static final Duration CLUSTER_TIMEOUT = Duration.ofSeconds(15);
    private static final int PARTITIONS = 4;

    /// The suites publish hundreds of messages without a pause.
    private static final Limits LIMITS =
            new Limits(Limits.FRAME_BYTES_MAX, Limits.FRAME_BYTES_MAX, 10_000, 0, 10_000);

    private ConformanceProfile() {}

    /// Runs the profile until it is told to end; returns the exit code.
    ///
    /// @param data folder of the broker; empty for a temporary one, deleted at the end
    static int run(String host, int port, Optional<Path> data, PrintWriter out)
            throws StartException, InterruptedException {
        try (var lifetime = GatewayProgram.lifetime(settings(host, port, ""));
                var folder = folder(data);
                var broker =
                        EmbeddedBroker.start(folder.path().resolve("kafka"), 0, lifetime::fail)) {
            GatewaySettings settings = settings(host, port, broker.bootstrapServers());
            ClusterTopics.create(settings.kafka(), topics(settings), CLUSTER_TIMEOUT);
            var api = new ConformanceApi();
            return GatewayProgram.serve(settings, api.routes(), api::attach, out, lifetime);
        } catch (BrokerStartException | IOException e) {
            throw new StartException(e);
        }
    }

    static GatewaySettings settings(String host, int port, String bootstrapServers) {
        return new GatewaySettings(
                config(host, port),
                Map.of("bootstrap.servers", bootstrapServers),
                authentication(),
                new GatewaySettings.TopicCreation(true, PARTITIONS, OptionalInt.empty()));
    }

    static GatewayConfig config(String host, int port) {
        return new GatewayConfig(
                new Listen(host, port, Set.of("*")),
                List.of(
                        namespace("", "conformance", 100),
                        namespace("recovery", "recovery", 100),
                        namespace("smallhistory", "smallhistory", 2),
                        namespace("delta", "delta", 100)),
                true,
                LIMITS,
                Backpressure.DEFAULT,
                new Timing(
                        Timing.DEFAULT.ping(),
                        Timing.DEFAULT.pong(),
                        Timing.DEFAULT.publish(),
                        Duration.ZERO),
                Compression.DEFAULT,
                new InternalTopics("gateway-presence", "gateway-publishes", "gateway-revocations"),
                0);
    }

    /// The suites sign with HMAC-SHA256 and the six bytes `secret`. HMAC fills a short key up with
    /// zeros (RFC 2104, 2), so this longer one is the same key, and not too short for libraries.
    static Authentication authentication() {
        byte[] secret = Arrays.copyOf("secret".getBytes(UTF_8), TokenConfig.SECRET_BYTES_MIN);
        return new Authentication(
                Optional.of(new Authentication.Hmac(secret, List.of())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    /// The topics of the profile, internal ones too.
    static List<NewTopic> topics(GatewaySettings settings) {
        var topics = new ArrayList<>(ClusterTopics.internal(settings));
        for (Namespace namespace : settings.gateway().namespaces()) {
            topics.add(new NewTopic(namespace.topic(), Optional.of(PARTITIONS), Optional.empty()));
        }
        return topics;
    }

    private static Namespace namespace(String name, String topic, int recoverLimit) {
        return new Namespace(
                name,
                topic,
                Mode.STREAM,
                Permission.ANY,
                Permission.ANY,
                KeySource.CHANNEL,
                recoverLimit,
                Presence.FULL,
                true,
                Set.of(),
                true,
                0,
                0,
                null);
    }

    private static DataFolder folder(Optional<Path> data) throws IOException {
        return data.isPresent() ? DataFolder.keep(data.get()) : DataFolder.temporary();
    }
}
