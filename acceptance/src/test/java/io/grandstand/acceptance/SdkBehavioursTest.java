package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.TokenCallback;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The published SDKs, unmodified: what each relies on, one behaviour after the other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkBehavioursTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FLOOD = 10_000;

    private TestCluster cluster;
    private TestGateway gateway;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cluster = new TestCluster(data);
        cluster.create("chat", 4, Map.of());
        var chat =
                Namespace.of(
                        "chat",
                        "chat",
                        Mode.STREAM,
                        Permission.ANY,
                        Permission.ANY,
                        KeySource.CHANNEL);
        gateway =
                new TestGateway(
                        cluster.client(),
                        TestGateway.config(List.of(chat))
                                .with(
                                        new GatewayConfig.Timing(
                                                Duration.ofSeconds(2),
                                                Duration.ofSeconds(1),
                                                Duration.ofSeconds(2),
                                                Duration.ZERO)));
    }

    @AfterAll
    void stop() {
        gateway.close();
        cluster.close();
    }

    /// Tokens, publishing, recovery after unsubscribing and after closes, 10,000 records over
    /// several drops, lost positions, pings; see `behaviours.mjs`.
    @ParameterizedTest
    @CsvSource({
        "websocket, json",
        "websocket, protobuf",
        "http_stream, json",
        "http_stream, protobuf",
        "sse, json"
    })
    void theJavaScriptSdkWorks(String transport, String format) throws Exception {
        String player = transport + "-" + format;
        try (Program sdk =
                Program.node("behaviours.mjs", "127.0.0.1:" + gateway.port(), transport, format)) {
            sdk.say(
                    "{\"good\":\"%s\",\"expired\":\"%s\",\"bad\":\"not.a.token\"}"
                            .formatted(gateway.token(player), expired(player)));
            sdk.awaitLine("say close"::equals, PATIENCE);
            gateway.gateway().disconnect(player, 3001, "shutdown");
            sdk.awaitLine("say flood"::equals, PATIENCE);
            for (int n = 21; n < FLOOD + 21; n++) {
                cluster.write("chat", player, "{\"n\":%d}".formatted(n));
                if (n % 2000 == 0) {
                    cluster.flush();
                    gateway.gateway().disconnect(player, 3000, "connection closed");
                }
            }
            cluster.flush();
            sdk.awaitLine("say pings"::equals, PATIENCE);
            pause(Duration.ofSeconds(5));
            sdk.say("now");
            sdk.awaitLine("done"::equals, PATIENCE);
            assertThat(sdk.output().lines().filter(line -> line.startsWith("held ")))
                    .containsExactly(
                            "held refresh",
                            "held terminal close",
                            "held publish",
                            "held recovery after unsubscribe",
                            "held recovery after a close",
                            "held order",
                            "held unrecoverable",
                            "held ping");
        }
    }

    @Test
    void theJavaSdkReplacesATokenThatRanOut() throws Exception {
        var asked = new AtomicInteger();
        var options = options("java-refresh", expired("java-refresh"));
        options.setTokenGetter(
                new ConnectionTokenGetter() {
                    @Override
                    public void getConnectionToken(
                            ConnectionTokenEvent event, TokenCallback callback) {
                        asked.incrementAndGet();
                        callback.Done(null, gateway.token("java-refresh"));
                    }
                });
        var events = new Events();
        var client = new Client(gateway.endpoint().toString(), options, events);
        client.connect();
        assertThat(events.next()).isEqualTo("connected");
        assertThat(asked).hasValue(1);
        client.close(1000);
    }

    @Test
    void theJavaSdkStaysAwayWithABadToken() throws Exception {
        var events = new Events();
        var client =
                new Client(gateway.endpoint().toString(), options("java", "not.a.token"), events);
        client.connect();
        assertThat(events.next()).isEqualTo("disconnected 3500");
        client.close(1000);
    }

    @Test
    void theJavaSdkRecoversAfterClosesAndLosesNothing() throws Exception {
        String player = "java-recovery";
        var events = new Events();
        var client =
                new Client(
                        gateway.endpoint().toString(),
                        options(player, gateway.token(player)),
                        events);
        client.connect();
        var heard = new Heard();
        var subscriptionOptions = new SubscriptionOptions();
        subscriptionOptions.setRecoverable(true);
        subscriptionOptions.setPositioned(true);
        Subscription subscription =
                client.newSubscription("chat:" + player, subscriptionOptions, heard);
        subscription.subscribe();
        assertThat(heard.subscribed.poll(20, TimeUnit.SECONDS)).isEqualTo(false);
        for (int n = 0; n < FLOOD; n++) {
            cluster.write("chat", player, Integer.toString(n));
            if (n % 2000 == 1000) {
                cluster.flush();
                gateway.gateway().disconnect(player, 3001, "shutdown");
            }
        }
        cluster.flush();
        var received = new ArrayList<Integer>();
        while (received.size() < FLOOD) {
            Integer next = heard.data.poll(30, TimeUnit.SECONDS);
            assertThat(next).describedAs("%d received", received.size()).isNotNull();
            received.add(next);
        }
        assertThat(received).isEqualTo(IntStream.range(0, FLOOD).boxed().toList());
        assertThat(heard.subscribed).isNotEmpty().allMatch(recovered -> recovered);
        client.close(1000);
    }

    /// What a client hears, in a word.
    private static final class Events extends EventListener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void onConnected(Client client, ConnectedEvent event) {
            heard.add("connected");
        }

        @Override
        public void onDisconnected(Client client, DisconnectedEvent event) {
            heard.add("disconnected " + event.getCode());
        }

        String next() throws InterruptedException {
            String next = heard.poll(20, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }
    }

    /// What a subscription hears.
    private static final class Heard extends SubscriptionEventListener {
        final BlockingQueue<Integer> data = new LinkedBlockingQueue<>();
        final BlockingQueue<Boolean> subscribed = new LinkedBlockingQueue<>();

        @Override
        public void onPublication(Subscription subscription, PublicationEvent event) {
            data.add(Integer.parseInt(new String(event.getData(), UTF_8)));
        }

        @Override
        public void onSubscribed(Subscription subscription, SubscribedEvent event) {
            subscribed.add(event.getRecovered());
        }
    }

    private static Options options(String name, String token) {
        var options = new Options();
        options.setName(name);
        options.setToken(token);
        options.setMinReconnectDelay(50);
        return options;
    }

    private String expired(String player) {
        long now = Instant.now().getEpochSecond();
        return gateway.token(Map.of("sub", player, "exp", now - 60, "iat", now - 120));
    }

    private static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }
}
