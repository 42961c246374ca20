package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.client.ClientException;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Position;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.protocol.TrustedHeaders;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The gateway in front of a real broker, with topics that have nothing to do with a game.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {
    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "chat",
                            "chat.v1",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL),
                    Namespace.of(
                            "inbox",
                            "inbox",
                            Mode.STREAM,
                            Permission.OWN,
                            Permission.OWN,
                            KeySource.CHANNEL),
                    Namespace.readable("price", Mode.LATEST, Permission.ANY),
                    Namespace.writable("ask", Permission.ANY, KeySource.PLAYER));

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<GrandstandClient> clients = new ArrayList<>();
    private TestCluster cluster;
    private TestGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cluster = new TestCluster(data);
        cluster.create("chat.v1", 3, Map.of());
        cluster.create("inbox", 1, Map.of());
        cluster.create("price", 2, Map.of("cleanup.policy", "compact"));
        cluster.create("ask", 1, Map.of());
        cluster.create("secret", 1, Map.of());
        gateway = new TestGateway(cluster.client(), NAMESPACES);
    }

    @AfterAll
    void stop() {
        clients.forEach(GrandstandClient::close);
        gateway.close();
        cluster.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aSubscriberGetsWhatOthersPublish() throws Exception {
        var asha = subscribe("asha", "chat:room");
        assertThat(asha.next(Recording.Subscribed.class).recovered()).isFalse();
        client("ben").publish("chat:room", "{\"text\":\"hi\"}").get();
        assertThat(asha.next(Recording.Message.class).data()).isEqualTo("{\"text\":\"hi\"}");
    }

    @Test
    void anAcknowledgedPublishIsInKafkaWithTrustedHeaders() throws Exception {
        client("cleo").publish("ask", "{\"board\":\"x\"}").get();
        var message = cluster.readAll("ask").getLast();
        assertThat(message.key()).isEqualTo("cleo");
        assertThat(message.value()).isEqualTo("{\"board\":\"x\"}");
        assertThat(header(message, TrustedHeaders.PLAYER)).isEqualTo("cleo");
        assertThat(header(message, TrustedHeaders.CONNECTION)).hasSize(36);
        long receivedMs = Long.parseLong(header(message, TrustedHeaders.RECEIVED_US)) / 1000;
        assertThat(message.timestamp()).isBetween(receivedMs - 1, receivedMs + 10_000);
    }

    @Test
    void aSlashedSpellingIsTheSameChannelAndPushesUseTheSubscribersSpelling() throws Exception {
        var asha = subscribe("asha", "/chat/spelling");
        asha.next(Recording.Subscribed.class);
        var ben = subscribe("ben", "chat:spelling");
        ben.next(Recording.Subscribed.class);
        client("cleo").publish("chat:spelling", "1").get();
        assertThat(asha.messages(1)).containsExactly("1");
        assertThat(ben.messages(1)).containsExactly("1");
    }

    @Test
    void aPositionIsContinuedFromTheWindow() throws Exception {
        var first = subscribe("asha", "chat:window");
        Position start = first.next(Recording.Subscribed.class).position();
        writeNumbers("chat.v1", "window", 0, 50);
        assertThat(first.messages(50)).isEqualTo(numbers(0, 50));
        var second = subscribe("ben", "chat:window", start);
        assertThat(second.next()).isEqualTo(new Recording.Subscribed(start, true, true));
        assertThat(second.messages(50)).isEqualTo(numbers(0, 50));
    }

    /// 24 MB of other keys push the first records out of the reader's window of 8 MB.
    @Test
    void aPositionOlderThanTheWindowIsContinuedFromKafka() throws Exception {
        var first = subscribe("asha", "inbox:asha");
        Position start = first.next(Recording.Subscribed.class).position();
        String filler = "\"" + "x".repeat(12_000) + "\"";
        for (int i = 0; i < 2000; i++) {
            cluster.write("inbox", "someone else", filler);
            if (i % 10 == 0) {
                cluster.write("inbox", "asha", String.valueOf(i / 10));
            }
        }
        cluster.flush();
        assertThat(first.messages(200)).isEqualTo(numbers(0, 200));
        var second = subscribe("asha", "inbox:asha", start);
        assertThat(second.next()).isEqualTo(new Recording.Subscribed(start, true, true));
        assertThat(second.messages(200)).isEqualTo(numbers(0, 200));
        writeNumbers("inbox", "asha", 200, 210);
        assertThat(second.messages(10)).isEqualTo(numbers(200, 210));
    }

    @Test
    void aClientMissesNothingWhenItsNodeIsReplacedUnderLoad() throws Exception {
        var asha = subscribe("asha", "chat:restart");
        asha.next(Recording.Subscribed.class);
        var writing =
                CompletableFuture.runAsync(() -> writeNumbers("chat.v1", "restart", 0, 20_000));
        assertThat(asha.messages(100)).isEqualTo(numbers(0, 100));
        gateway.restart();
        writing.join();
        assertThat(asha.messages(19_900)).isEqualTo(numbers(100, 20_000));
        assertThat(asha.isEmpty()).isTrue();
    }

    @Test
    void aPositionOfAnotherHistoryIsNotRecovered() throws Exception {
        var asha = subscribe("asha", "chat:other", new Position("another.0", 7));
        var subscribed = asha.next(Recording.Subscribed.class);
        assertThat(subscribed.wasRecovering()).isTrue();
        assertThat(subscribed.recovered()).isFalse();
        cluster.write("chat.v1", "other", "1");
        cluster.flush();
        assertThat(asha.messages(1)).containsExactly("1");
    }

    @Test
    void aLatestChannelStartsWithTheNewestValue() throws Exception {
        cluster.write("price", "gold", "1");
        cluster.write("price", "gold", "2");
        cluster.write("price", "tin", "9");
        cluster.flush();
        var asha = subscribe("asha", "price:gold");
        asha.next(Recording.Subscribed.class);
        assertThat(asha.next(Recording.Message.class).data()).isEqualTo("2");
        cluster.write("price", "gold", "3");
        cluster.flush();
        assertThat(asha.next(Recording.Message.class).data()).isEqualTo("3");
        cluster.write("price", "gold", null);
        cluster.flush();
        var deleted = asha.next(Recording.Message.class);
        assertThat(deleted.data()).isEqualTo("null");
        assertThat(deleted.tags()).isEqualTo("{del=1}");
    }

    @Test
    void bytesThatAreNoJsonTravelAsBase64() throws Exception {
        var asha = subscribe("asha", "chat:binary");
        asha.next(Recording.Subscribed.class);
        cluster.write("chat.v1", "binary", "} not json {");
        cluster.flush();
        var message = asha.next(Recording.Message.class);
        assertThat(message.data()).isEqualTo("\"fSBub3QganNvbiB7\"");
        assertThat(message.tags()).isEqualTo("{enc=b64}");
    }

    @Test
    void anotherPlayersOwnChannelIsDenied() throws Exception {
        assertThat(subscribe("asha", "inbox:ben").next())
                .isEqualTo(new Recording.Refused(103, false));
        checkRefused("asha", "inbox:ben", 103);
    }

    @Test
    void onlyListedNamespacesExist() throws Exception {
        for (String channel :
                List.of("secret:1", "inbox2:asha", "chat.v1:room", "__consumer_offsets:1")) {
            assertThat(subscribe("asha", channel).next())
                    .isEqualTo(new Recording.Refused(102, false));
            checkRefused("asha", channel, 102);
        }
        checkRefused("asha", "price:gold", 103);
        assertThat(subscribe("asha", "ask").next()).isEqualTo(new Recording.Refused(103, false));
    }

    @Test
    void whatIsTooLargeIsRefusedAndTheConnectionStays() throws Exception {
        GrandstandClient asha = client("asha");
        assertThatThrownBy(() -> asha.publish("chat:big", "\"" + "x".repeat(20_000) + "\"").join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, error -> assertThat(error.code()).isEqualTo(106));
        assertThatThrownBy(() -> asha.publish("chat:big", "\"" + "x".repeat(100_000) + "\"").join())
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, error -> assertThat(error.code()).isEqualTo(106));
        asha.publish("chat:big", "1").get();
    }

    @Test
    void brokenFramesCloseTheConnectionWithPlainWords() throws Exception {
        checkClosed("{ broken", "3501 bad request");
        checkClosed("{\"id\":1,\"subscribe\":{\"channel\":\"chat:a\"}}", "3501 bad request");
        checkClosed("{\"id\":1,\"connect\":{}}", "3501 bad request");
        checkClosed("{\"id\":1,\"connect\":{\"token\":\"forged\"}}", "3500 invalid token");
    }

    @Test
    void aSecondSubscribeToAChannelIsRefused() throws Exception {
        var frames = new Frames();
        WebSocket raw = frames.open(gateway.endpoint());
        raw.sendText(
                        "{\"id\":1,\"connect\":{\"token\":\"%s\"}}"
                                .formatted(gateway.token("asha")),
                        true)
                .join();
        assertThat(frames.next()).contains("\"connect\"");
        raw.sendText("{\"id\":2,\"subscribe\":{\"channel\":\"chat:twice\"}}", true).join();
        assertThat(frames.next()).startsWith("{\"id\":2,\"subscribe\"");
        raw.sendText("{\"id\":3,\"subscribe\":{\"channel\":\"chat:twice\"}}", true).join();
        assertThat(frames.next()).startsWith("{\"id\":3,\"error\":{\"code\":105");
        raw.sendText("{\"id\":4,\"unsubscribe\":{\"channel\":\"chat:never\"}}", true).join();
        assertThat(frames.next()).isEqualTo("{\"id\":4,\"unsubscribe\":{}}");
        raw.sendText("{\"id\":5,\"rpc\":{\"method\":\"x\",\"data\":{}}}", true).join();
        assertThat(frames.next()).startsWith("{\"id\":5,\"error\":{\"code\":108");
        raw.abort();
    }

    @Test
    void aForeignWebPageMayNotConnect() throws Exception {
        assertThat(upgradeStatus("http://evil.example")).isEqualTo(403);
        assertThat(upgradeStatus("http://127.0.0.1:" + gateway.port())).isEqualTo(101);
    }

    @Test
    void theNodeSaysWhenItIsReady() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d/health/ready"
                                                    .formatted(gateway.port())))
                            .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
    }

    /// A client that does not read stays behind, costs nobody else anything, and gets all it is
    /// owed once it reads again.
    @Test
    void aSlowReaderCatchesUpFromItsPosition() throws Exception {
        var backpressure =
                new GatewayConfig.Backpressure(32 << 10, 64 << 10, Duration.ofMinutes(5));
        try (var node =
                new TestGateway(
                        cluster.client(), TestGateway.config(NAMESPACES).with(backpressure))) {
            try (var slow = new RawSocket(node, "asha")) {
                slow.send("{\"id\":2,\"subscribe\":{\"channel\":\"chat:slow\"}}");
                assertThat(slow.read()).startsWith("{\"id\":2,\"subscribe\"");
                var quick = new Recording();
                GrandstandClient ben = connect(node, "ben");
                ben.subscribe("chat:slow", quick);
                quick.next(Recording.Subscribed.class);
                String padding = "x".repeat(8000);
                int count = 3000;
                for (int i = 0; i < count; i++) {
                    cluster.write("chat.v1", "slow", "\"" + i + padding + "\"");
                }
                cluster.flush();
                assertThat(quick.messages(count)).hasSize(count);
                for (int i = 0; i < count; i++) {
                    assertThat(slow.read()).contains("\"data\":\"" + i + "x");
                }
            }
        }
    }

    @Test
    void aReaderThatStaysSlowIsClosed() throws Exception {
        var backpressure = new GatewayConfig.Backpressure(1 << 10, 2 << 10, Duration.ofMillis(100));
        try (var node =
                new TestGateway(
                        cluster.client(), TestGateway.config(NAMESPACES).with(backpressure))) {
            try (var slow = new RawSocket(node, "asha")) {
                slow.send("{\"id\":2,\"subscribe\":{\"channel\":\"chat:stuck\"}}");
                assertThat(slow.read()).startsWith("{\"id\":2,\"subscribe\"");
                var quick = new Recording();
                connect(node, "ben").subscribe("chat:stuck", quick);
                quick.next(Recording.Subscribed.class);
                String padding = "x".repeat(8000);
                for (int i = 0; i < 1500; i++) {
                    cluster.write("chat.v1", "stuck", "\"" + padding + "\"");
                }
                cluster.flush();
                quick.messages(1500);
                assertThat(slow.readToEnd()).isEqualTo("3008 slow");
            }
        }
    }

    private Recording subscribe(String player, String channel) throws Exception {
        var recording = new Recording();
        client(player).subscribe(channel, recording);
        return recording;
    }

    private Recording subscribe(String player, String channel, Position from) throws Exception {
        var recording = new Recording();
        client(player).subscribe(channel, from, recording);
        return recording;
    }

    private GrandstandClient client(String player) throws Exception {
        return connect(gateway, player);
    }

    private GrandstandClient connect(TestGateway node, String player) throws Exception {
        var connected = new CompletableFuture<String>();
        var client =
                new GrandstandClient(
                        loops,
                        node.as(player),
                        new SplittableRandom(1),
                        new ClientListener() {
                            @Override
                            public void connected(String id) {
                                connected.complete(id);
                            }
                        });
        clients.add(client);
        client.connect();
        connected.get(10, TimeUnit.SECONDS);
        return client;
    }

    private void checkRefused(String player, String channel, int code) throws Exception {
        GrandstandClient client = client(player);
        assertThatThrownBy(() -> client.publish(channel, "1").join())
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    private void checkClosed(String frame, String close) throws Exception {
        var frames = new Frames();
        frames.open(gateway.endpoint()).sendText(frame, true).join();
        assertThat(frames.next()).isEqualTo(close);
    }

    private int upgradeStatus(String origin) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write(
                            """
                            GET /connection/websocket HTTP/1.1\r
                            Host: 127.0.0.1:%d\r
                            Origin: %s\r
                            Upgrade: websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Version: 13\r
                            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                            \r
                            """
                                    .formatted(gateway.port(), origin)
                                    .getBytes(UTF_8));
            byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 101".length());
            return Integer.parseInt(new String(line, UTF_8).substring("HTTP/1.1 ".length()));
        }
    }

    private void writeNumbers(String topic, String key, int from, int to) {
        IntStream.range(from, to).forEach(i -> cluster.write(topic, key, String.valueOf(i)));
        cluster.flush();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static String header(
            org.apache.kafka.clients.consumer.ConsumerRecord<?, ?> message, String name) {
        return new String(message.headers().lastHeader(name).value(), UTF_8);
    }

    /// Frames as they come, by the JDK's own WebSocket: independent of our client.
    private static final class Frames implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        WebSocket open(URI endpoint) {
            return HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(endpoint, this)
                    .join();
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            frames.add(code + " " + reason);
            return null;
        }

        String next() throws InterruptedException {
            String frame = frames.poll(10, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame in 10 s");
            }
            return frame;
        }
    }
}
