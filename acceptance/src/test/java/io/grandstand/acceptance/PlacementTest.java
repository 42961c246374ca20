package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.client.ClientConfig;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Players kept together by their shard: what a node reads from Kafka follows from whom it has.
class PlacementTest {
    private static final int SHARDS = 12;
    private static final int PLAYERS = 120;
    private static final List<Namespace> NAMESPACES =
            List.of(Namespace.readable("inbox", Mode.STREAM, Permission.OWN));
    private static final Pattern SHARD = Pattern.compile("\"shard\":(\\d+)");

    /// `DOMAIN 3.5`: bytes read for each delivered record stay flat as nodes are added.
    @Test
    void threeNodesReadEachRecordOnceWherePlayersArePlacedByShard(@TempDir Path data)
            throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var nodes = new ArrayList<TestGateway>();
        var clients = new ArrayList<GrandstandClient>();
        try (var cluster = new TestCluster(data)) {
            cluster.create("inbox", SHARDS, Map.of());
            for (int i = 0; i < 3; i++) {
                nodes.add(
                        new TestGateway(
                                cluster.client(),
                                TestGateway.config(NAMESPACES).withShards(SHARDS)));
            }
            var recordings = new ArrayList<Recording>();
            for (int i = 0; i < PLAYERS; i++) {
                String player = "player-" + i;
                TestGateway node = nodes.get(shard(nodes.getFirst(), player) % nodes.size());
                var client =
                        new GrandstandClient(
                                loops,
                                new ClientConfig(node.endpoint(), node.token(player)),
                                new SplittableRandom(i),
                                new ClientListener() {});
                clients.add(client);
                client.connect();
                var recording = new Recording();
                client.subscribe("inbox:" + player, recording);
                recordings.add(recording);
            }
            for (Recording recording : recordings) {
                recording.next(Recording.Subscribed.class);
            }
            for (int i = 0; i < PLAYERS; i++) {
                cluster.write("inbox", "player-" + i, Integer.toString(i));
            }
            cluster.flush();
            for (int i = 0; i < PLAYERS; i++) {
                assertThat(recordings.get(i).messages(1)).containsExactly(Integer.toString(i));
            }
            long read = 0;
            long partitions = 0;
            for (TestGateway node : nodes) {
                read += metric(node, "kafka_records_read_total");
                partitions += metric(node, "partitions");
            }
            assertThat(read).describedAs("records read by all nodes together").isEqualTo(PLAYERS);
            assertThat(partitions).isEqualTo(SHARDS);
        } finally {
            clients.forEach(GrandstandClient::close);
            nodes.forEach(TestGateway::close);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /// What the gateway tells a player of their shard, on whichever node.
    private static int shard(TestGateway node, String player) throws Exception {
        try (var socket = new RawSocket(node, "/connection/websocket", "")) {
            socket.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(node.token(player)));
            Matcher shard = SHARD.matcher(socket.read());
            assertThat(shard.find()).isTrue();
            return Integer.parseInt(shard.group(1));
        }
    }

    private static long metric(TestGateway node, String name) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            var metrics =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d/metrics".formatted(node.port())))
                            .build();
            Matcher value =
                    Pattern.compile("(?m)^grandstand_gateway_" + name + " (\\d+)$")
                            .matcher(
                                    http.send(metrics, HttpResponse.BodyHandlers.ofString())
                                            .body());
            assertThat(value.find()).isTrue();
            return Long.parseLong(value.group(1));
        }
    }
}
