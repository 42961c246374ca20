package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every way in besides the plain WebSocket: HTTP streaming and server-sent events with commands by
/// emulation, connections that only listen, Protobuf, and compression.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class TransportsTest {
    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "chat",
                            "chat",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL),
                    Namespace.readable("vault", Mode.STREAM, Permission.NONE));

    private static final String ORIGIN = "https://play.example";
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

    /// The bits of a frame's first byte.
    private static final int FINAL_TEXT = 0x81;

    private static final int FINAL_BINARY = 0x82;
    private static final int FINAL_CLOSE = 0x88;
    private static final int FINAL_PING = 0x89;
    private static final int COMPRESSED = 0x40;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestCluster cluster;
    private TestGateway gateway;

    /// Pings every second or so and does not compress.
    private TestGateway pinging;

    private int id = 100;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cluster = new TestCluster(data);
        cluster.create("chat", 2, Map.of());
        cluster.create("vault", 1, Map.of());
        GatewayConfig config =
                TestGateway.config(NAMESPACES)
                        .with(new GatewayConfig.Listen("127.0.0.1", 0, Set.of(ORIGIN)));
        gateway = new TestGateway(cluster.client(), config);
        var timing =
                new GatewayConfig.Timing(
                        Duration.ofSeconds(2),
                        Duration.ofMillis(1500),
                        Duration.ofMillis(900),
                        Duration.ZERO);
        pinging =
                new TestGateway(
                        cluster.client(),
                        new GatewayConfig(
                                config.listen(),
                                NAMESPACES,
                                false,
                                config.limits(),
                                config.backpressure(),
                                timing,
                                new GatewayConfig.Compression(false, 512),
                                config.internalTopics(),
                                0));
    }

    @AfterAll
    void stop() {
        http.shutdownNow();
        gateway.close();
        pinging.close();
        cluster.close();
    }

    /// A transport on which the server speaks over HTTP, in JSON.
    enum Stream {
        HTTP_STREAM,
        SSE,
        SSE_BY_POST,
        UNI_HTTP_STREAM,
        UNI_SSE;

        boolean isEvents() {
            return name().contains("SSE");
        }

        boolean isUnidirectional() {
            return name().startsWith("UNI");
        }

        String path() {
            return switch (this) {
                case HTTP_STREAM -> "/connection/http_stream";
                case SSE, SSE_BY_POST -> "/connection/sse";
                case UNI_HTTP_STREAM -> "/connection/uni_http_stream";
                case UNI_SSE -> "/connection/uni_sse";
            };
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_STREAM", "SSE", "SSE_BY_POST"})
    void whatAStreamsClientAsksByEmulationIsAnsweredDownTheStream(Stream transport)
            throws Exception {
        try (HttpStream stream = open(gateway, transport, connect(gateway, "asha"))) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Content-Type"))
                    .isEqualTo(transport.isEvents() ? "text/event-stream" : "application/json");
            assertThat(stream.header("Cache-Control")).contains("no-store");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
            // Or a client would send its next request into a connection that is being closed.
            assertThat(stream.header("Connection")).isEqualTo("close");
            JsonNode connected = JSON.readTree(next(stream, transport)).path("connect");
            assertThat(connected.path("pong").asBoolean()).isTrue();
            assertThat(connected.path("session").asText())
                    .hasSizeGreaterThanOrEqualTo(32)
                    .isNotEqualTo(connected.path("client").asText());

            String channel = "chat:" + transport;
            ask(connected, "{\"id\":2,\"subscribe\":{\"channel\":\"%s\"}}".formatted(channel));
            assertThat(next(stream, transport)).startsWith("{\"id\":2,\"subscribe\":{");
            ask(
                    connected,
                    "{\"id\":3,\"publish\":{\"channel\":\"%s\",\"data\":{\"n\":1}}}"
                            .formatted(channel));
            assertThat(List.of(next(stream, transport), next(stream, transport)))
                    .anyMatch(said -> said.equals("{\"id\":3,\"publish\":{}}"))
                    .anyMatch(said -> said.contains("\"pub\":{\"data\":{\"n\":1}"));
        }
    }

    @Test
    void aProtobufStreamIsAskedAndAnswersInProtobuf() throws Exception {
        byte[] connect =
                Codec.PROTOBUF.encode(
                        new Command(1, Command.Connect.withToken(gateway.token("asha"))));
        try (var stream =
                new HttpStream(http, octets(gateway, "/connection/http_stream", connect).build())) {
            assertThat(stream.header("Content-Type")).isEqualTo("application/octet-stream");
            var connected = result(stream.message(), Message.Connected.class);
            assertThat(connected.session()).hasSizeGreaterThanOrEqualTo(32);

            byte[] both = {0, (byte) 0xff};
            emulate(connected, new Command(2, Command.Subscribe.to("chat:octets")));
            var subscribed = result(stream.message(), Message.Subscribed.class);
            assertThat(subscribed.recoverable()).isTrue();
            emulate(
                    connected,
                    new Command(3, new Command.Publish("chat:octets", both)),
                    new Command(4, new Command.Unsubscribe("chat:never")));
            var heard = List.of(stream.message(), stream.message(), stream.message());
            assertThat(heard)
                    .anyMatch(said -> said.equals(new Message.Reply(3, new Message.Published())))
                    .anyMatch(said -> said.equals(new Message.Reply(4, new Message.Unsubscribed())))
                    .filteredOn(Message.Push.class::isInstance)
                    .singleElement()
                    .extracting(push -> ((Message.Push) push).event())
                    .extracting(event -> ((Message.PublicationEvent) event).publication().data())
                    .isEqualTo(both);
        }
    }

    @Test
    void anEventStreamBeginsWithALineEnd() throws Exception {
        try (HttpStream stream = open(gateway, Stream.SSE, connect(gateway, "asha"))) {
            assertThat(stream.line()).isEqualTo("\r");
            assertThat(stream.line()).startsWith("data: {\"id\":1,\"connect\":{");
            assertThat(stream.line()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_STREAM", "SSE"})
    void aPingThatIsAnsweredByEmulationKeepsTheStream(Stream transport) throws Exception {
        try (HttpStream stream = open(pinging, transport, connect(pinging, "asha"))) {
            JsonNode connected = JSON.readTree(next(stream, transport)).path("connect");
            assertThat(connected.path("ping").asInt()).isEqualTo(2);
            assertThat(next(stream, transport)).isEqualTo("{}");
            emulate(pinging, connected, "{}");
            // Without the pong, the farewell would come before the second ping.
            assertThat(next(stream, transport)).isEqualTo("{}");
            assertThat(next(stream, transport))
                    .isEqualTo(
                            "{\"push\":{\"disconnect\":{\"code\":3012,\"reason\":\"no pong\"}}}");
            assertThat(next(stream, transport)).isEqualTo(HttpStream.END);
        }
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void aShutdownTellsTheClientToMove(Stream transport) throws Exception {
        try (var node = new TestGateway(cluster.client(), NAMESPACES)) {
            String first =
                    transport.isUnidirectional()
                            ? "{\"token\":\"%s\"}".formatted(node.token("asha"))
                            : connect(node, "asha");
            try (HttpStream stream = open(node, transport, first)) {
                assertThat(next(stream, transport)).contains("\"connect\":{");
                node.stop();
                String disconnect = "\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}";
                assertThat(next(stream, transport))
                        .isEqualTo(
                                transport.isUnidirectional()
                                        ? "{" + disconnect + "}"
                                        : "{\"push\":{" + disconnect + "}}");
                assertThat(next(stream, transport)).isEqualTo(HttpStream.END);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "GET|/connection/http_stream|-|405",
                "PUT|/connection/http_stream|{}|405",
                "GET|/connection/uni_http_stream|-|405",
                "PUT|/connection/sse|{}|405",
                "DELETE|/connection/uni_sse|-|405",
                "GET|/emulation|-|405",
                "GET|/connection/sse|-|400",
                "POST|/connection/sse|-|400",
                "GET|/connection/uni_sse|-|400",
                "GET|/connection/websocket|-|400",
                "GET|/connection/uni_websocket|-|400",
                "POST|/emulation|-|400",
                "POST|/emulation|nonsense|400",
                "POST|/emulation|{\"session\":1}|400",
                "POST|/emulation|{\"session\":\"a\",\"node\":\"b\",\"data\":\"{}\"}|404",
                "POST|/emulation|{}|404",
                "GET|/connection/pigeon|-|404",
                "GET|/connection/|-|404",
                "OPTIONS|/connection/http_stream|-|204",
                "OPTIONS|/emulation|-|204",
            })
    void whatIsAskedWronglyIsAnsweredWithAPlainStatus(
            String method, String path, String body, int status) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.http(path))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body))
                        .build();
        assertThat(status(request)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/connection/http_stream", "/connection/sse", "/emulation"})
    void aBodyBeyondTheLimitIsRefused(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(gateway.http(path))
                        .POST(BodyPublishers.ofString(" ".repeat((64 << 10) + 1)))
                        .build();
        assertThat(status(request)).isEqualTo(413);
    }

    @Test
    void commandsForASessionThatIsGoneAreNoError() throws Exception {
        JsonNode connected;
        try (HttpStream stream = open(gateway, Stream.HTTP_STREAM, connect(gateway, "asha"))) {
            connected = JSON.readTree(stream.line()).path("connect");
        }
        // The node may learn of the end later: the answer is the same.
        ask(connected, "{\"id\":2,\"subscribe\":{\"channel\":\"chat:late\"}}");
        assertThat(
                        emulation(
                                gateway,
                                "never there",
                                connected.path("node").asText(),
                                "{\"id\":2,\"ping\":{}}"))
                .isEqualTo(204);
    }

    /// Who has another's client id still cannot speak for them.
    @Test
    void theClientIdOpensNoSession() throws Exception {
        try (HttpStream stream = open(gateway, Stream.HTTP_STREAM, connect(gateway, "asha"))) {
            JsonNode connected = JSON.readTree(stream.line()).path("connect");
            String subscribe = "{\"id\":%d,\"subscribe\":{\"channel\":\"chat:own%d\"}}";
            assertThat(
                            emulation(
                                    gateway,
                                    connected.path("client").asText(),
                                    connected.path("node").asText(),
                                    subscribe.formatted(2, 2)))
                    .isEqualTo(204);
            ask(connected, subscribe.formatted(3, 3));
            assertThat(stream.line()).startsWith("{\"id\":3,");
        }
    }

    @Test
    void aPageOfAnAllowedOriginMayReadTheAnswer() throws Exception {
        HttpRequest preflight =
                HttpRequest.newBuilder(gateway.http("/emulation"))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", ORIGIN)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "content-type")
                        .build();
        HttpResponse<String> allowed = http.send(preflight, HttpResponse.BodyHandlers.ofString());
        assertThat(allowed.statusCode()).isEqualTo(204);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains(ORIGIN);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods"))
                .contains("POST, OPTIONS");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("Content-Type");
        assertThat(allowed.headers().firstValue("Vary")).contains("Origin");

        HttpRequest open =
                json(gateway, "/connection/http_stream", connect(gateway, "asha"))
                        .header("Origin", ORIGIN)
                        .build();
        try (var stream = new HttpStream(http, open)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
            assertThat(stream.line()).startsWith("{\"id\":1,\"connect\":{");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/connection/http_stream",
                "/connection/uni_http_stream",
                "/connection/sse",
                "/connection/uni_sse",
                "/emulation",
            })
    void aPageOfAnotherOriginIsSentAway(String path) throws Exception {
        for (String method : List.of("POST", "OPTIONS")) {
            for (String origin :
                    List.of("https://evil.example", "http://play.example", "null", "nonsense")) {
                HttpRequest request =
                        HttpRequest.newBuilder(gateway.http(path))
                                .method(method, BodyPublishers.ofString("{}"))
                                .header("Origin", origin)
                                .build();
                HttpResponse<String> refused =
                        http.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(refused.statusCode()).describedAs(origin).isEqualTo(403);
                assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            }
        }
    }

    /// Tokens may say much, and an event stream brings its token in the address.
    @Test
    void anEventStreamsAddressMayBeLongButNotEndless() throws Exception {
        String token =
                gateway.token(
                        Map.of("sub", "asha", "caps", List.of(Map.of("channels", longNames()))));
        assertThat(token).hasSizeGreaterThan(8 << 10);
        String connect = "{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(token);
        try (HttpStream stream = open(gateway, Stream.SSE, connect)) {
            assertThat(stream.event()).startsWith("{\"id\":1,\"connect\":{");
        }
        try (HttpStream stream = open(gateway, Stream.SSE, "x".repeat(40_000))) {
            assertThat(stream.status()).isEqualTo(414);
        }
    }

    /// Where nothing can be read any more, the farewell cannot be waited for.
    @Test
    void aStreamWhoseClientDoesNotReadIsClosed() throws Exception {
        var backpressure = new GatewayConfig.Backpressure(1 << 10, 2 << 10, Duration.ofMillis(100));
        try (var node =
                        new TestGateway(
                                cluster.client(),
                                TestGateway.config(NAMESPACES).with(backpressure));
                var slow = new RawHttp(node)) {
            slow.send("POST /connection/uni_http_stream", connectTo(node, "chat:stuck", ""));
            assertThat(slow.read("\"connect\":{")).contains("HTTP/1.1 200 OK");
            String padding = "\"" + "x".repeat(8000) + "\"";
            for (int i = 0; i < 1500; i++) {
                cluster.write("chat", "stuck", padding);
            }
            cluster.flush();
            awaitMetric(node, "grandstand_gateway_connections 0");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNI_HTTP_STREAM", "UNI_SSE"})
    void aListenerHearsItsChannelsAndPings(Stream transport) throws Exception {
        String channel = "chat:" + transport;
        try (HttpStream stream = open(pinging, transport, connectTo(pinging, channel, ""))) {
            check(JSON.readTree(next(stream, transport)).path("connect"), channel, false);
            publish(channel, 1, 1);
            checkPublications(channel, 1, 1, () -> next(stream, transport));
            assertThat(next(stream, transport)).isEqualTo("{}");
        }
    }

    @Test
    void aListenerOnAWebSocketHearsItsChannelsAndPings() throws Exception {
        try (var socket = new RawSocket(pinging, "/connection/uni_websocket", "")) {
            socket.send(connectTo(pinging, "chat:uni", ""));
            check(JSON.readTree(socket.read()).path("connect"), "chat:uni", false);
            publish("chat:uni", 1, 1);
            checkPublications("chat:uni", 1, 1, socket::read);
            assertThat(socket.read()).isEqualTo("{}");
            assertThat(socket.readFrame().firstByte()).isEqualTo(FINAL_PING);
            // It cannot ask for anything, and need not answer.
            socket.send("{\"id\":2,\"subscribe\":{\"channel\":\"chat:more\"}}");
            assertThat(socket.read()).isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNI_HTTP_STREAM", "UNI_SSE"})
    void aListenerRecoversFromThePositionItBrings(Stream transport) throws Exception {
        String channel = "chat:recover-" + transport;
        JsonNode before;
        try (HttpStream stream = open(gateway, transport, connectTo(gateway, channel, ""))) {
            before = JSON.readTree(next(stream, transport)).path("connect");
        }
        publish(channel, 1, 3);
        try (HttpStream stream =
                open(gateway, transport, connectTo(gateway, channel, position(before, channel)))) {
            check(JSON.readTree(next(stream, transport)).path("connect"), channel, true);
            checkPublications(channel, 1, 3, () -> next(stream, transport));
            publish(channel, 4, 4);
            checkPublications(channel, 4, 4, () -> next(stream, transport));
        }
    }

    @Test
    void aListenerOnAWebSocketRecoversFromThePositionItBrings() throws Exception {
        JsonNode before;
        try (var socket = new RawSocket(gateway, "/connection/uni_websocket", "")) {
            socket.send(connectTo(gateway, "chat:uni-recover", ""));
            before = JSON.readTree(socket.read()).path("connect");
        }
        publish("chat:uni-recover", 1, 3);
        try (var socket = new RawSocket(gateway, "/connection/uni_websocket", "")) {
            socket.send(
                    connectTo(gateway, "chat:uni-recover", position(before, "chat:uni-recover")));
            check(JSON.readTree(socket.read()).path("connect"), "chat:uni-recover", true);
            checkPublications("chat:uni-recover", 1, 3, socket::read);
        }
    }

    @Test
    void aListenerHearsTheChannelsOfItsToken() throws Exception {
        String token =
                gateway.token(
                        Map.of(
                                "sub",
                                "asha",
                                "channels",
                                List.of("vault:a"),
                                "subs",
                                Map.of("chat:token", Map.of())));
        try (HttpStream stream =
                open(gateway, Stream.UNI_SSE, "{\"token\":\"%s\"}".formatted(token))) {
            JsonNode subs = JSON.readTree(stream.event()).path("connect").path("subs");
            assertThat(subs.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("vault:a", "chat:token");
            cluster.write("vault", "a", "7");
            cluster.flush();
            assertThat(stream.event()).startsWith("{\"channel\":\"vault:a\",\"pub\":{\"data\":7");
        }
    }

    /// A connection that only listens is told by the code alone whether to come back.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expired|3005 connection expired",
                "forged|3500 invalid token",
                "missing|3501 bad request",
                "nonsense|3501 bad request",
                "denied|3507 permission denied",
                "too many|3505 channel limit",
            })
    void aConnectThatFailsIsADisconnect(String why, String farewell) throws Exception {
        String connect =
                switch (why) {
                    case "expired" ->
                            "{\"token\":\"%s\"}"
                                    .formatted(
                                            gateway.token(
                                                    Map.of(
                                                            "sub",
                                                            "asha",
                                                            "exp",
                                                            Instant.now().getEpochSecond() - 1)));
                    case "forged" -> "{\"token\":\"a.b.c\"}";
                    case "missing" -> "{}";
                    case "nonsense" -> "nonsense";
                    case "denied" -> connectTo(gateway, "vault:1", "");
                    default ->
                            "{\"token\":\"%s\",\"subs\":{%s}}"
                                    .formatted(gateway.token("asha"), manyChannels(200));
                };
        try (var socket = new RawSocket(gateway, "/connection/uni_websocket", "")) {
            socket.send(connect);
            assertThat(socket.read()).isEqualTo(farewell);
        }
        for (Stream transport : List.of(Stream.UNI_HTTP_STREAM, Stream.UNI_SSE)) {
            try (HttpStream stream = open(gateway, transport, connect)) {
                JsonNode disconnect = JSON.readTree(next(stream, transport)).path("disconnect");
                assertThat(
                                disconnect.path("code").asInt()
                                        + " "
                                        + disconnect.path("reason").asText())
                        .isEqualTo(farewell);
                assertThat(next(stream, transport)).isEqualTo(HttpStream.END);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', Sec-WebSocket-Protocol: centrifuge-protobuf, centrifuge-protobuf",
        "?format=protobuf, '', ''",
        "?cf_protocol=protobuf&cf_protocol_version=v2, '', ''",
    })
    void protobufIsChosenBySubprotocolOrQuery(String query, String header, String chosen)
            throws Exception {
        try (var socket =
                new RawSocket(
                        gateway,
                        "/connection/websocket" + query,
                        header.isEmpty() ? "" : header + "\r\n")) {
            checkSubprotocol(socket, chosen);
            socket.send(
                    FINAL_BINARY,
                    Codec.PROTOBUF.encode(
                            new Command(1, Command.Connect.withToken(gateway.token("asha")))));
            RawSocket.Frame frame = socket.readFrame();
            assertThat(frame.firstByte()).isEqualTo(FINAL_BINARY);
            Message connected = Codec.PROTOBUF.messages(frame.payload()).getFirst();
            assertThat(result(connected, Message.Connected.class).pingSeconds()).isEqualTo(25);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/connection/websocket, centrifuge-json, centrifuge-json",
        "/connection/websocket, something-else, ''",
        "/connection/uni_websocket, centrifuge-protobuf, ''",
    })
    void jsonIsSpokenToAllOthers(String path, String asked, String chosen) throws Exception {
        try (var socket =
                new RawSocket(gateway, path, "Sec-WebSocket-Protocol: %s\r\n".formatted(asked))) {
            checkSubprotocol(socket, chosen);
            socket.send(
                    path.contains("uni")
                            ? connectTo(gateway, "chat:json", "")
                            : connect(gateway, "asha"));
            RawSocket.Frame frame = socket.readFrame();
            assertThat(frame.firstByte()).isEqualTo(FINAL_TEXT);
            assertThat(new String(frame.payload(), UTF_8)).contains("\"connect\":{");
        }
    }

    @Test
    void theTransportPingsWhereItIsAskedTo() throws Exception {
        try (var socket =
                new RawSocket(pinging, "/connection/websocket?cf_ws_frame_ping_pong=true", "")) {
            socket.send(connect(pinging, "asha"));
            assertThat(socket.read()).contains("\"ping\":2").doesNotContain("\"pong\"");
            assertThat(socket.readFrame().firstByte()).isEqualTo(FINAL_PING);
            // Nobody answered, and the connection stays.
            assertThat(socket.readFrame().firstByte()).isEqualTo(FINAL_PING);
        }
    }

    /// RFC 6455, 5.5.1: whoever did not send a close frame answers one.
    @Test
    void aCloseFrameIsAnsweredWithOne() throws Exception {
        try (var socket = new RawSocket(gateway, "asha")) {
            socket.send(FINAL_CLOSE, new byte[] {0x03, (byte) 0xe8});
            RawSocket.Frame answer = socket.readFrame();
            assertThat(answer.firstByte()).isEqualTo(FINAL_CLOSE);
            assertThat(answer.payload()).startsWith(0x03, 0xe8);
        }
    }

    @Test
    void compressionIsAgreedOnWhereBothWantIt() throws Exception {
        try (var offered = new RawSocket(gateway, "/connection/websocket", DEFLATE);
                var notOffered = new RawSocket(gateway, "/connection/websocket", "");
                var switchedOff = new RawSocket(pinging, "/connection/websocket", DEFLATE)) {
            assertThat(offered.head())
                    .containsIgnoringCase(
                            "Sec-WebSocket-Extensions: permessage-deflate;"
                                + " server_no_context_takeover; client_no_context_takeover\r\n");
            assertThat(notOffered.head()).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            assertThat(switchedOff.head()).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
        }
    }

    /// Compressed once: everybody gets the same bytes, and can read each message for itself.
    @Test
    void aLargeBroadcastIsCompressedOnceForAll() throws Exception {
        try (RawSocket asha = compressed("asha");
                RawSocket ben = compressed("ben");
                var inflater = new Inflater(true)) {
            subscribe(asha, "chat:large");
            subscribe(ben, "chat:large");
            String large = "\"" + "wicket ".repeat(500) + "\"";
            for (String data : List.of(large, "1", large)) {
                cluster.write("chat", "large", data);
            }
            cluster.flush();
            for (String data : List.of(large, "1", large)) {
                RawSocket.Frame frame = asha.readFrame();
                assertThat(ben.readFrame()).usingRecursiveComparison().isEqualTo(frame);
                boolean isCompressed = (frame.firstByte() & COMPRESSED) != 0;
                assertThat(isCompressed).isEqualTo(data.equals(large));
                byte[] payload =
                        isCompressed ? inflated(inflater, frame.payload()) : frame.payload();
                assertThat(new String(payload, UTF_8)).contains("\"pub\":{\"data\":" + data);
            }
        }
    }

    @Test
    void aCompressedCommandIsUnderstood() throws Exception {
        try (RawSocket socket = compressed("asha")) {
            socket.send(
                    FINAL_TEXT | COMPRESSED,
                    deflated(
                            "{\"id\":2,\"subscribe\":{\"channel\":\"chat:small\"}}"
                                    .getBytes(UTF_8)));
            assertThat(socket.read()).startsWith("{\"id\":2,\"subscribe\":{");
        }
    }

    @Test
    void whatUnpacksBeyondTheLimitOrNotAtAllEndsTheConnection() throws Exception {
        try (RawSocket socket = compressed("asha")) {
            byte[] bomb = deflated(new byte[32 << 20]);
            assertThat(bomb).hasSizeLessThan(64 << 10);
            socket.send(FINAL_TEXT | COMPRESSED, bomb);
            assertThat(socket.readToEnd()).isEqualTo("3501 bad request");
        }
        try (RawSocket socket = compressed("asha")) {
            socket.send(FINAL_TEXT | COMPRESSED, new byte[] {7, 7, 7});
            assertThat(socket.readToEnd()).isEqualTo("3501 bad request");
        }
    }

    private HttpStream open(TestGateway node, Stream transport, String first) throws Exception {
        HttpRequest.Builder request =
                switch (transport) {
                    case HTTP_STREAM, UNI_HTTP_STREAM, SSE_BY_POST ->
                            json(node, transport.path(), first);
                    case SSE, UNI_SSE ->
                            HttpRequest.newBuilder(
                                    node.http(
                                            transport.path()
                                                    + "?cf_connect="
                                                    + URLEncoder.encode(first, UTF_8)));
                };
        return new HttpStream(http, request.build());
    }

    private static String next(HttpStream stream, Stream transport) throws IOException {
        return transport.isEvents() ? stream.event() : stream.line();
    }

    private static HttpRequest.Builder json(TestGateway node, String path, String body) {
        return HttpRequest.newBuilder(node.http(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder octets(TestGateway node, String path, byte[] body) {
        return HttpRequest.newBuilder(node.http(path))
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(body));
    }

    private int status(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /// Sends a command for the connection that was answered so.
    private void ask(JsonNode connected, String command) throws Exception {
        emulate(gateway, connected, command);
    }

    private void emulate(TestGateway node, JsonNode connected, String command) throws Exception {
        assertThat(
                        emulation(
                                node,
                                connected.path("session").asText(),
                                connected.path("node").asText(),
                                command))
                .isEqualTo(204);
    }

    private int emulation(TestGateway node, String session, String nodeId, String command)
            throws Exception {
        String body =
                JSON.writeValueAsString(
                        Map.of("session", session, "node", nodeId, "data", command));
        return status(json(node, "/emulation", body).build());
    }

    /// The same in Protobuf, where the request is a message of its own.
    private void emulate(Message.Connected connected, Command... commands) throws Exception {
        var data = new ByteArrayOutputStream();
        for (Command command : commands) {
            data.writeBytes(Codec.PROTOBUF.encode(command));
        }
        var body = new ByteArrayOutputStream();
        field(body, 1, connected.node().getBytes(UTF_8));
        field(body, 2, connected.session().getBytes(UTF_8));
        field(body, 3, data.toByteArray());
        assertThat(status(octets(gateway, "/emulation", body.toByteArray()).build()))
                .isEqualTo(204);
    }

    /// A field of Protobuf's wire type 2, shorter than 128 bytes.
    private static void field(ByteArrayOutputStream out, int number, byte[] value) {
        assertThat(value).hasSizeLessThan(128);
        out.write(number << 3 | 2);
        out.write(value.length);
        out.writeBytes(value);
    }

    private static <T extends Message.Result> T result(Message message, Class<T> type) {
        assertThat(message).isInstanceOf(Message.Reply.class);
        return type.cast(((Message.Reply) message).result());
    }

    private static String connect(TestGateway node, String player) {
        return "{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(node.token(player));
    }

    /// A unidirectional connect that asks for a channel. `position` is empty or what `position`
    /// made.
    private static String connectTo(TestGateway node, String channel, String position) {
        return "{\"token\":\"%s\",\"subs\":{\"%s\":{%s}}}"
                .formatted(node.token("asha"), channel, position);
    }

    private static String position(JsonNode connected, String channel) {
        JsonNode subscribed = connected.path("subs").path(channel);
        return "\"recover\":true,\"epoch\":%s,\"offset\":%s"
                .formatted(subscribed.path("epoch"), subscribed.path("offset"));
    }

    private static String manyChannels(int count) {
        var channels = new StringBuilder();
        for (int i = 0; i < count; i++) {
            channels.append(i == 0 ? "" : ",").append("\"chat:many-").append(i).append("\":{}");
        }
        return channels.toString();
    }

    private static List<String> longNames() {
        return Collections.nCopies(100, "chat:" + "x".repeat(60));
    }

    /// What a unidirectional connection hears first.
    private static void check(JsonNode connected, String channel, boolean recovered) {
        assertThat(connected.path("client").asText()).hasSize(36);
        assertThat(connected.path("ping").asInt()).isPositive();
        assertThat(connected.has("pong")).isFalse();
        JsonNode subscribed = connected.path("subs").path(channel);
        assertThat(subscribed.path("recoverable").asBoolean()).isTrue();
        assertThat(subscribed.path("recovered").asBoolean()).isEqualTo(recovered);
    }

    /// Publishes the numbers from `first` to `last`.
    private void publish(String channel, int first, int last) {
        for (int n = first; n <= last; n++) {
            cluster.write("chat", channel.substring("chat:".length()), Integer.toString(n));
        }
        cluster.flush();
    }

    private interface Hearing {
        String next() throws Exception;
    }

    /// The numbers from `first` to `last` are heard, bare of any envelope; pings are passed over.
    private static void checkPublications(String channel, int first, int last, Hearing hearing)
            throws Exception {
        for (int n = first; n <= last; n++) {
            String heard = hearing.next();
            while (heard.equals("{}")) {
                heard = hearing.next();
            }
            assertThat(heard)
                    .startsWith("{\"channel\":\"%s\",\"pub\":{\"data\":%d,".formatted(channel, n));
        }
    }

    private static void checkSubprotocol(RawSocket socket, String chosen) {
        if (chosen.isEmpty()) {
            assertThat(socket.head()).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
        } else {
            assertThat(socket.head())
                    .containsIgnoringCase("Sec-WebSocket-Protocol: " + chosen + "\r\n");
        }
    }

    /// A connection that compresses, of a player who is let in.
    private RawSocket compressed(String player) throws Exception {
        var socket = new RawSocket(gateway, "/connection/websocket", DEFLATE);
        socket.send(connect(gateway, player));
        assertThat(socket.read()).contains("\"connect\":{");
        return socket;
    }

    private void subscribe(RawSocket socket, String channel) throws Exception {
        int asked = ++id;
        socket.send("{\"id\":%d,\"subscribe\":{\"channel\":\"%s\"}}".formatted(asked, channel));
        assertThat(socket.read()).startsWith("{\"id\":%d,\"subscribe\":{".formatted(asked));
    }

    private static byte[] deflated(byte[] message) {
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(message);
            byte[] buffer = new byte[message.length + 100];
            int length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(buffer, length - 4);
        }
    }

    private static byte[] inflated(Inflater inflater, byte[] payload) throws Exception {
        byte[] input = Arrays.copyOf(payload, payload.length + 4);
        input[payload.length + 2] = (byte) 0xff;
        input[payload.length + 3] = (byte) 0xff;
        inflater.setInput(input);
        byte[] message = new byte[1 << 16];
        return Arrays.copyOf(message, inflater.inflate(message));
    }

    private void awaitMetric(TestGateway node, String line) throws Exception {
        while (true) {
            HttpRequest request = HttpRequest.newBuilder(node.http("/metrics")).build();
            String metrics = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            if (metrics.contains(line + "\n")) {
                return;
            }
        }
    }

    /// A client of HTTP streaming on a bare socket, which reads when it is told to and not before;
    /// its receive buffer is small, so that not reading is soon felt.
    private static final class RawHttp implements AutoCloseable {
        private final Socket socket = new Socket();

        RawHttp(TestGateway node) throws IOException {
            socket.setReceiveBufferSize(8 << 10);
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
        }

        void send(String methodAndPath, String body) throws IOException {
            socket.getOutputStream()
                    .write(
                            "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(methodAndPath, body.length(), body)
                                    .getBytes(UTF_8));
        }

        /// What comes up to and with `end`.
        String read(String end) throws IOException {
            var read = new StringBuilder();
            while (read.indexOf(end) < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new IOException("the end came first: " + read);
                }
                read.append((char) next);
            }
            return read.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
