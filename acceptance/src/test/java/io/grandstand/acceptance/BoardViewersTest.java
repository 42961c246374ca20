package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What many viewers of one board cost those who write it: nothing.
class BoardViewersTest {
    private static final int VIEWERS = 500;
    private static final int BOARDS = 50;
    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "leaderboard",
                            "leaderboard",
                            Mode.LATEST,
                            Permission.ANY,
                            Permission.NONE,
                            KeySource.CHANNEL));

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<GrandstandClient> clients = new ArrayList<>();

    @TempDir private Path data;

    @AfterEach
    void stop() {
        clients.forEach(GrandstandClient::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /// DOMAIN 4.6: scorers and viewers share Kafka alone, and a gateway reads a board from it once,
    /// however many of its clients look at it.
    @Test
    void kafkaServesABoardOncePerGatewayHoweverManyViewersThereAre() throws Exception {
        try (var cluster = new TestCluster(data)) {
            cluster.create("leaderboard", 1, Map.of("cleanup.policy", "compact"));
            try (var gateway = new TestGateway(cluster.client(), NAMESPACES)) {
                var viewers = new ArrayList<Recording>();
                viewers.add(view(gateway, "first"));
                long one = bytesReadForBoards(cluster, gateway, viewers, 100);
                for (int i = 1; i < VIEWERS; i++) {
                    viewers.add(view(gateway, "viewer-" + i));
                }
                // A newcomer is given the newest board at once.
                for (Recording viewer : viewers.subList(1, VIEWERS)) {
                    assertThat(viewer.messages(1)).containsExactly(board(100 + BOARDS - 1));
                }
                long all = bytesReadForBoards(cluster, gateway, viewers, 200);
                assertThat(all).isEqualTo(one).isGreaterThan(0);
            }
        }
    }

    /// Publishes boards one after the other, sees that each viewer has them, and returns what the
    /// gateway read from Kafka meanwhile.
    private static long bytesReadForBoards(
            TestCluster cluster, TestGateway gateway, List<Recording> viewers, int first)
            throws Exception {
        long before = gateway.kafkaBytesRead();
        for (int i = 0; i < BOARDS; i++) {
            cluster.write("leaderboard", "final", board(first + i));
            cluster.flush();
            for (Recording viewer : viewers) {
                assertThat(viewer.messages(1)).containsExactly(board(first + i));
            }
        }
        return gateway.kafkaBytesRead() - before;
    }

    private static String board(int number) {
        return "\"board-%d\"".formatted(number);
    }

    private Recording view(TestGateway gateway, String player) throws Exception {
        var client =
                new GrandstandClient(
                        loops,
                        gateway.as(player),
                        new SplittableRandom(1),
                        new ClientListener() {});
        clients.add(client);
        client.connect();
        var recording = new Recording();
        client.subscribe("leaderboard:final", recording);
        recording.next(Recording.Subscribed.class);
        return recording;
    }
}
