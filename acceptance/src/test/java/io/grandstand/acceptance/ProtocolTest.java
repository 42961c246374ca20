package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the gateway says on the wire, command by command.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolTest {
    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "chat",
                            "chat",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL),
                    Namespace.of(
                            "vault",
                            "vault",
                            Mode.STREAM,
                            Permission.NONE,
                            Permission.NONE,
                            KeySource.CHANNEL),
                    new Namespace(
                            "short",
                            "short",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL,
                            2,
                            Namespace.Presence.NONE,
                            false,
                            Set.of("colour"),
                            true,
                            0,
                            0,
                            "{\"type\":[\"object\",\"number\"]}"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestCluster cluster;
    private TestGateway gateway;

    private int id = 100;

    /// Pushes that came before a reply.
    private final ArrayDeque<String> pushes = new ArrayDeque<>();

    /// The gateway's time; moved by hand.
    private volatile Instant now = NOON;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cluster = new TestCluster(data);
        cluster.create("chat", 2, Map.of());
        cluster.create("vault", 1, Map.of());
        cluster.create("short", 1, Map.of());
        gateway =
                new TestGateway(
                        cluster.client(),
                        TestGateway.config(NAMESPACES)
                                .withShards(16)
                                .with(
                                        new GatewayConfig.Timing(
                                                Duration.ofSeconds(1),
                                                Duration.ofMillis(900),
                                                Duration.ofMillis(900),
                                                Duration.ZERO)),
                        () -> now);
    }

    @AfterAll
    void stop() {
        gateway.close();
        cluster.close();
    }

    @BeforeEach
    void forget() {
        pushes.clear();
    }

    @Test
    void theConnectReplyTellsPingTokenLifeAndShard() throws Exception {
        try (var socket = new RawSocket(gateway, "/connection/websocket", "")) {
            socket.send(
                    "{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(gateway.token("asha")));
            assertThat(socket.read())
                    .startsWith("{\"id\":1,\"connect\":{\"client\":\"")
                    .contains("\"version\":\"test\"")
                    .contains("\"expires\":true,\"ttl\":3600")
                    .containsPattern("\"data\":\\{\"shard\":\\d+,\"shards\":16}")
                    .contains("\"ping\":1,\"pong\":true");
        }
    }

    @Test
    void historyIsReadForwardsBackwardsAndFromAPosition() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            for (int i = 1; i <= 5; i++) {
                publish(socket, "chat:history", Integer.toString(i));
            }
            String all = ask(socket, "history", "{\"channel\":\"chat:history\",\"limit\":-1}");
            assertThat(data(all)).containsExactly("1", "2", "3", "4", "5");
            assertThat(data(ask(socket, "history", "{\"channel\":\"chat:history\",\"limit\":2}")))
                    .containsExactly("1", "2");
            assertThat(
                            data(
                                    ask(
                                            socket,
                                            "history",
                                            "{\"channel\":\"chat:history\",\"limit\":2,\"reverse\":true}")))
                    .containsExactly("5", "4");
            assertThat(data(ask(socket, "history", "{\"channel\":\"chat:history\"}"))).isEmpty();
            String epoch = field(all, "epoch");
            long third = offsets(all).get(2);
            String since = "\"since\":{\"offset\":%d,\"epoch\":\"%s\"}".formatted(third, epoch);
            assertThat(
                            data(
                                    ask(
                                            socket,
                                            "history",
                                            "{\"channel\":\"chat:history\",\"limit\":9,%s}"
                                                    .formatted(since))))
                    .containsExactly("4", "5");
            assertThat(
                            data(
                                    ask(
                                            socket,
                                            "history",
                                            "{\"channel\":\"chat:history\",\"limit\":9,\"reverse\":true,%s}"
                                                    .formatted(since))))
                    .containsExactly("2", "1");
            assertThat(
                            ask(
                                    socket,
                                    "history",
                                    "{\"channel\":\"chat:history\",\"limit\":9,\"since\":{\"offset\":1,\"epoch\":\"other\"}}"))
                    .contains("\"code\":112");
        }
    }

    @Test
    void aLimitedNamespaceRecoversAndShowsItsLastRecordsOnly() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            String start = ask(socket, "history", "{\"channel\":\"short:a\"}");
            String epoch = field(start, "epoch");
            long offset = Long.parseLong(field(start, "offset"));
            for (int i = 1; i <= 3; i++) {
                publish(socket, "short:a", Integer.toString(i));
            }
            String all = ask(socket, "history", "{\"channel\":\"short:a\",\"limit\":-1}");
            assertThat(data(all)).containsExactly("2", "3");
            String recover =
                    "{\"channel\":\"short:a\",\"recover\":true,\"epoch\":\"%s\",\"offset\":%d,\"flag\":%d}";
            assertThat(ask(socket, "subscribe", recover.formatted(epoch, offset, 2)))
                    .contains("\"code\":112");
            String refused = ask(socket, "subscribe", recover.formatted(epoch, offset, 0));
            assertThat(refused).contains("\"was_recovering\":true").doesNotContain("\"recovered\"");
            ask(socket, "unsubscribe", "{\"channel\":\"short:a\"}");
            assertThat(
                            ask(
                                    socket,
                                    "subscribe",
                                    recover.formatted(epoch, offsets(all).getFirst() - 1, 0)))
                    .contains("\"recovered\":true");
            assertThat(data(socket.read())).containsExactly("2");
            assertThat(data(socket.read())).containsExactly("3");
        }
    }

    @Test
    void aPositionThatWasNeverReachedIsUnrecoverable() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            String epoch = field(ask(socket, "history", "{\"channel\":\"chat:forged\"}"), "epoch");
            String forged =
                    ask(
                            socket,
                            "subscribe",
                            "{\"channel\":\"chat:forged\",\"recover\":true,\"epoch\":\"%s\",\"offset\":999999}"
                                    .formatted(epoch));
            assertThat(forged).contains("\"was_recovering\":true").doesNotContain("\"recovered\"");
            publish(socket, "chat:forged", "1");
            assertThat(data(nextPush(socket))).containsExactly("1");
        }
    }

    @Test
    void aTagsFilterLetsThroughWhatMatchesLiveAndRecovered() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            String start = ask(socket, "history", "{\"channel\":\"short:f\"}");
            publishWith(socket, "short:f", "1", "red");
            publishWith(socket, "short:f", "2", "blue");
            String reply =
                    ask(
                            socket,
                            "subscribe",
                            "{\"channel\":\"short:f\",\"recover\":true,\"epoch\":\"%s\",\"offset\":%s,\"tf\":{\"key\":\"h.colour\",\"cmp\":\"eq\",\"val\":\"blue\"}}"
                                    .formatted(field(start, "epoch"), field(start, "offset")));
            assertThat(reply).contains("\"recovered\":true");
            String push = nextPush(socket);
            assertThat(data(push)).containsExactly("2");
            assertThat(push)
                    .contains("\"tags\":{\"h.colour\":\"blue\"}")
                    .contains("\"info\":{\"user\":\"asha\"");
            publishWith(socket, "short:f", "3", "red");
            publishWith(socket, "short:f", "4", "blue");
            assertThat(data(nextPush(socket))).containsExactly("4");
            assertThat(
                            ask(
                                    socket,
                                    "subscribe",
                                    "{\"channel\":\"short:g\",\"tf\":{\"key\":\"a\",\"cmp\":\"like\",\"val\":\"b\"}}"))
                    .contains("\"code\":107");
        }
    }

    @Test
    void aPublishThatBreaksTheSchemaIsRefused() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            assertThat(ask(socket, "publish", "{\"channel\":\"short:s\",\"data\":{}}"))
                    .contains("\"publish\":{}");
            assertThat(ask(socket, "publish", "{\"channel\":\"short:s\",\"data\":\"text\"}"))
                    .contains("\"code\":107");
        }
    }

    @Test
    void theProcedurePublishTellsWhereTheRecordWent() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            String first =
                    ask(
                            socket,
                            "rpc",
                            "{\"method\":\"publish\",\"data\":{\"channel\":\"chat:where\",\"data\":1}}");
            String second =
                    ask(
                            socket,
                            "rpc",
                            "{\"method\":\"publish\",\"data\":{\"channel\":\"chat:where\",\"data\":2}}");
            assertThat(Long.parseLong(field(second, "wire_offset")))
                    .isEqualTo(Long.parseLong(field(second, "offset")) + 1);
            assertThat(Long.parseLong(field(second, "offset")))
                    .isGreaterThan(Long.parseLong(field(first, "offset")));
            String history = ask(socket, "history", "{\"channel\":\"chat:where\",\"limit\":-1}");
            assertThat(offsets(history)).contains(Long.parseLong(field(second, "wire_offset")));
            assertThat(field(second, "epoch")).isEqualTo(field(history, "epoch"));
        }
    }

    @Test
    void clientsCannotSetTrustedHeaders() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            assertThat(
                            ask(
                                    socket,
                                    "rpc",
                                    "{\"method\":\"publish\",\"data\":{\"channel\":\"chat:x\",\"data\":1,\"headers\":{\"gs-player\":\"ben\"}}}"))
                    .contains("\"code\":107");
        }
    }

    @Test
    void whatIsNotOfferedIsAnsweredSo() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            assertThat(ask(socket, "rpc", "{\"method\":\"dance\"}")).contains("\"code\":108");
            assertThat(ask(socket, "ping", "{}")).contains("\"code\":108");
            assertThat(ask(socket, "subscribe", "{\"channel\":\"chat:m\",\"type\":1}"))
                    .contains("\"code\":108");
            assertThat(ask(socket, "presence", "{\"channel\":\"chat:m\"}"))
                    .contains("\"code\":108");
            socket.send("{\"send\":{\"data\":1}}");
            assertThat(socket.readToEnd()).isEqualTo("3508 not available");
        }
    }

    @Test
    void aSubscriptionTokenOpensAChannelThatIsClosedToOthers() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            assertThat(ask(socket, "subscribe", "{\"channel\":\"vault:1\"}"))
                    .contains("\"code\":103");
            String token =
                    gateway.token(
                            Map.of(
                                    "sub",
                                    "asha",
                                    "channel",
                                    "vault:1",
                                    "exp",
                                    now.getEpochSecond() + 60));
            assertThat(
                            ask(
                                    socket,
                                    "subscribe",
                                    "{\"channel\":\"vault:1\",\"token\":\"%s\"}".formatted(token)))
                    .contains("\"expires\":true,\"ttl\":60");
            String expired =
                    gateway.token(
                            Map.of(
                                    "sub",
                                    "asha",
                                    "channel",
                                    "vault:2",
                                    "exp",
                                    now.getEpochSecond() - 1));
            assertThat(
                            ask(
                                    socket,
                                    "subscribe",
                                    "{\"channel\":\"vault:2\",\"token\":\"%s\"}"
                                            .formatted(expired)))
                    .contains("\"code\":109");
            socket.send(
                    "{\"id\":99,\"subscribe\":{\"channel\":\"vault:3\",\"token\":\"%s\"}}"
                            .formatted(token));
            assertThat(socket.readToEnd()).isEqualTo("3500 invalid token");
        }
    }

    @Test
    void capabilitiesInTheConnectionTokenOpenChannels() throws Exception {
        String token =
                gateway.token(
                        Map.of(
                                "sub",
                                "asha",
                                "caps",
                                List.of(
                                        Map.of(
                                                "channels",
                                                List.of("vault:a*"),
                                                "match",
                                                "wildcard",
                                                "allow",
                                                List.of("sub", "pub")))));
        try (var socket = new RawSocket(gateway, "/connection/websocket", "")) {
            socket.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(token));
            assertThat(socket.read()).contains("\"connect\"").doesNotContain("\"expires\"");
            assertThat(ask(socket, "subscribe", "{\"channel\":\"vault:ab\"}"))
                    .contains("\"recoverable\":true");
            assertThat(ask(socket, "publish", "{\"channel\":\"vault:ax\",\"data\":1}"))
                    .contains("\"publish\":{}");
            assertThat(ask(socket, "subscribe", "{\"channel\":\"vault:b\"}"))
                    .contains("\"code\":103");
        }
    }

    @Test
    void theTokensChannelsAreSubscribedByTheServer() throws Exception {
        String token =
                gateway.token(
                        Map.of(
                                "sub",
                                "asha",
                                "channels",
                                List.of("vault:s"),
                                "subs",
                                Map.of("chat:s", Map.of("data", Map.of("hello", true)))));
        try (var socket = new RawSocket(gateway, "/connection/websocket", "")) {
            socket.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(token));
            assertThat(socket.read())
                    .contains("\"subs\":{")
                    .contains("\"vault:s\":{\"recoverable\":true")
                    .contains("\"data\":{\"hello\":true}");
            publish(socket, "chat:s", "7");
            assertThat(nextPush(socket)).contains("\"channel\":\"chat:s\"");
        }
    }

    @Test
    void aTokenThatRunsOutIsRefreshedOrTheConnectionEnds() throws Exception {
        Instant start = now;
        String brief = gateway.token(Map.of("sub", "asha", "exp", start.getEpochSecond() + 10));
        String next = gateway.token(Map.of("sub", "asha", "exp", start.getEpochSecond() + 100));
        try (var refreshed = new RawSocket(gateway, "/connection/websocket", "")) {
            refreshed.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(brief));
            assertThat(refreshed.read()).contains("\"ttl\":10");
            assertThat(ask(refreshed, "refresh", "{\"token\":\"%s\"}".formatted(next)))
                    .contains("\"expires\":true,\"ttl\":100");
            now = start.plusSeconds(36);
            assertThat(refreshed.read()).isEqualTo("{}");
        } finally {
            now = start;
        }
        try (var forgotten = new RawSocket(gateway, "/connection/websocket", "")) {
            forgotten.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(brief));
            assertThat(forgotten.read()).contains("\"ttl\":10");
            now = start.plusSeconds(36);
            assertThat(forgotten.readToEnd()).isEqualTo("3005 connection expired");
        } finally {
            now = start;
        }
    }

    @Test
    void aPingThatIsNotAnsweredEndsTheConnection() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            assertThat(socket.readToEnd()).isEqualTo("3012 no pong");
        }
    }

    @Test
    void withoutATokenNobodyIsLetIn() throws Exception {
        try (var socket = new RawSocket(gateway, "/connection/websocket", "")) {
            socket.send("{\"id\":1,\"connect\":{}}");
            assertThat(socket.readToEnd()).isEqualTo("3501 bad request");
        }
    }

    /// Sends a command and returns its reply; what comes in between is answered or passed over.
    private String ask(RawSocket socket, String command, String arguments) throws Exception {
        int asked = ++id;
        socket.send("{\"id\":%d,\"%s\":%s}".formatted(asked, command, arguments));
        while (true) {
            String text = socket.read();
            if (text.equals("{}")) {
                socket.send("{}");
            } else if (text.startsWith("{\"id\":%d,".formatted(asked))) {
                return text;
            } else if (!text.startsWith("{")) {
                throw new AssertionError("closed: " + text);
            } else {
                pushes.add(text);
            }
        }
    }

    private String nextPush(RawSocket socket) throws Exception {
        while (pushes.isEmpty()) {
            String text = socket.read();
            if (text.equals("{}")) {
                socket.send("{}");
            } else {
                pushes.add(text);
            }
        }
        return pushes.remove();
    }

    private void publish(RawSocket socket, String channel, String data) throws Exception {
        assertThat(
                        ask(
                                socket,
                                "publish",
                                "{\"channel\":\"%s\",\"data\":%s}".formatted(channel, data)))
                .contains("\"publish\":{}");
    }

    private void publishWith(RawSocket socket, String channel, String data, String colour)
            throws Exception {
        assertThat(
                        ask(
                                socket,
                                "rpc",
                                "{\"method\":\"publish\",\"data\":{\"channel\":\"%s\",\"data\":%s,\"headers\":{\"colour\":\"%s\"}}}"
                                        .formatted(channel, data, colour)))
                .contains("wire_offset");
    }

    /// The data of the publications in a message.
    private static List<String> data(String text) throws Exception {
        return JSON.readTree(text).findParents("data").stream()
                .map(publication -> publication.get("data").toString())
                .toList();
    }

    /// The offsets of the publications in a message.
    private static List<Long> offsets(String text) throws Exception {
        return JSON.readTree(text).findParents("data").stream()
                .map(publication -> publication.path("offset").asLong())
                .toList();
    }

    /// A field of a reply's result.
    private static String field(String reply, String name) throws Exception {
        JsonNode message = JSON.readTree(reply);
        JsonNode result = message.properties().stream().toList().getLast().getValue();
        JsonNode data = result.path("data");
        return (data.has(name) ? data : result).path(name).asText();
    }
}
