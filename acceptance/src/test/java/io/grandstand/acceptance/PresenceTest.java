package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Who is in a channel, seen from two nodes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PresenceTest {
    private static final List<Namespace> NAMESPACES =
            List.of(
                    namespace("room", Namespace.Presence.FULL),
                    namespace("stadium", Namespace.Presence.COUNTS));

    private TestCluster cluster;
    private TestGateway one;
    private TestGateway two;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cluster = new TestCluster(data);
        cluster.create("room", 2, Map.of());
        cluster.create("stadium", 2, Map.of());
        cluster.create("presence", 4, Map.of("cleanup.policy", "compact"));
        one = node();
        two = node();
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        cluster.close();
    }

    @Test
    void whoJoinedIsSeenAtOnceWhereTheyAreAndSoonElsewhere() throws Exception {
        try (var asha = new RawSocket(one, "asha");
                var ben = new RawSocket(two, "ben")) {
            subscribe(asha, "room:a");
            assertThat(ask(asha, "presence", "room:a")).contains("\"user\":\"asha\"");
            assertThat(ask(asha, "presence_stats", "room:a"))
                    .contains("\"num_clients\":1,\"num_users\":1");
            subscribe(ben, "room:a");
            awaitAnswer(asha, "presence", "room:a", "\"user\":\"ben\"");
            awaitAnswer(ben, "presence", "room:a", "\"user\":\"asha\"");
            awaitAnswer(ben, "presence_stats", "room:a", "\"num_clients\":2,\"num_users\":2");
            asha.send("{\"id\":9,\"unsubscribe\":{\"channel\":\"room:a\"}}");
            awaitAnswer(ben, "presence_stats", "room:a", "\"num_clients\":1,\"num_users\":1");
        }
        try (var cleo = new RawSocket(two, "cleo")) {
            awaitAnswer(cleo, "presence_stats", "room:a", "\"num_clients\":0,\"num_users\":0");
            assertThat(ask(cleo, "presence", "room:a")).contains("\"presence\":{\"presence\":{}}");
        }
    }

    @Test
    void comingAndGoingIsToldOnBothNodes() throws Exception {
        try (var near = new RawSocket(one, "near");
                var far = new RawSocket(two, "far")) {
            for (RawSocket socket : List.of(near, far)) {
                socket.send(
                        "{\"id\":2,\"subscribe\":{\"channel\":\"room:j\",\"join_leave\":true}}");
            }
            // Once each sees the other, both hear what happens.
            awaitAnswer(near, "presence_stats", "room:j", "\"num_clients\":2");
            awaitAnswer(far, "presence_stats", "room:j", "\"num_clients\":2");
            try (var guest = new RawSocket(one, "guest")) {
                subscribe(guest, "room:j");
                awaitPush(near, "\"join\":{\"info\":{\"user\":\"guest\"");
                awaitPush(far, "\"join\":{\"info\":{\"user\":\"guest\"");
            }
            awaitPush(near, "\"leave\":{\"info\":{\"user\":\"guest\"");
            awaitPush(far, "\"leave\":{\"info\":{\"user\":\"guest\"");
        }
    }

    @Test
    void aStadiumIsCountedOverNodesAndTellsNoNames() throws Exception {
        try (var asha = new RawSocket(one, "asha");
                var ben = new RawSocket(two, "ben")) {
            subscribe(asha, "stadium:a");
            subscribe(ben, "stadium:a");
            awaitAnswer(asha, "presence_stats", "stadium:a", "\"num_clients\":2,\"num_users\":2");
            assertThat(ask(asha, "presence", "stadium:a")).contains("\"code\":108");
        }
    }

    @Test
    void aNodeThatEndsInOrderTakesItsMembersAlong() throws Exception {
        try (var asha = new RawSocket(one, "asha")) {
            subscribe(asha, "room:n");
            TestGateway three = node();
            try (var dora = new RawSocket(three, "dora")) {
                subscribe(dora, "room:n");
                awaitAnswer(asha, "presence_stats", "room:n", "\"num_clients\":2");
                three.close();
                awaitAnswer(asha, "presence_stats", "room:n", "\"num_clients\":1");
            } finally {
                three.close();
            }
        }
    }

    private TestGateway node() throws Exception {
        var topics = new GatewayConfig.InternalTopics("presence", null, null);
        GatewayConfig config = TestGateway.config(List.of());
        return new TestGateway(
                cluster.client(),
                new GatewayConfig(
                        config.listen(),
                        NAMESPACES,
                        false,
                        config.limits(),
                        config.backpressure(),
                        config.timing(),
                        config.compression(),
                        topics,
                        0));
    }

    private static Namespace namespace(String name, Namespace.Presence presence) {
        return new Namespace(
                name,
                name,
                Mode.STREAM,
                Permission.ANY,
                Permission.ANY,
                KeySource.CHANNEL,
                0,
                presence,
                presence == Namespace.Presence.FULL,
                Set.of(),
                false,
                0,
                0,
                null);
    }

    private static void subscribe(RawSocket socket, String channel) throws Exception {
        socket.send("{\"id\":5,\"subscribe\":{\"channel\":\"%s\"}}".formatted(channel));
        awaitPush(socket, "{\"id\":5,\"subscribe\":");
    }

    private static String ask(RawSocket socket, String command, String channel) throws Exception {
        socket.send("{\"id\":7,\"%s\":{\"channel\":\"%s\"}}".formatted(command, channel));
        return awaitPush(socket, "{\"id\":7,");
    }

    /// Asks again until the answer is the one expected; the socket's own timeout bounds it.
    private static void awaitAnswer(
            RawSocket socket, String command, String channel, String expected) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        String answer = ask(socket, command, channel);
        while (!answer.contains(expected)) {
            assertThat(System.nanoTime())
                    .describedAs("last answer: %s", answer)
                    .isLessThan(deadline);
            answer = ask(socket, command, channel);
        }
    }

    /// Reads until a message that contains `part`.
    private static String awaitPush(RawSocket socket, String part) throws Exception {
        while (true) {
            String text = socket.read();
            if (text.contains(part)) {
                return text;
            }
            assertThat(text).describedAs("instead of %s", part).startsWith("{");
        }
    }
}
