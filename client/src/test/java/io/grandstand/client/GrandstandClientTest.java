package io.grandstand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.client.ScriptedServer.Peer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The client against a server played by hand, in both formats.
@ParameterizedClass
@EnumSource(Format.class)
@Timeout(30)
final class GrandstandClientTest {
    private static final Backoff SHORT = new Backoff(Duration.ofMillis(1), Duration.ofMillis(4));
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static EventLoopGroup loops;

    private final Format format;

    private final Heard heard = new Heard();
    private ScriptedServer server;
    private GrandstandClient client;

    GrandstandClientTest(Format format) {
        this.format = format;
    }

    @BeforeAll
    static void startLoops() {
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @BeforeEach
    void start() {
        server = new ScriptedServer(loops);
        client = client(() -> "t", RandomGenerator.getDefault(), PATIENCE);
    }

    @AfterEach
    void stop() {
        client.close();
        client.closed().join();
        server.close();
    }

    @Test
    void itConnectsWithItsTokenAndHearsAChannel() throws Exception {
        client.subscribe("ball:m1", heard.of("ball"));
        client.connect();
        Peer peer = server.accept();
        assertThat(peer.receive())
                .isEqualTo("{'id':1,'connect':{'token':'t','name':'grandstand'}}");
        peer.send("{'id':1,'connect':{'client':'c7','version':'1','ping':25}}");
        assertThat(heard.next()).isEqualTo("connected c7");

        assertThat(peer.receive()).isEqualTo("{'id':2,'subscribe':{'channel':'ball:m1'}}");
        peer.send("{'id':2,'subscribe':{'recoverable':true,'epoch':'e','offset':5}}");
        assertThat(heard.next()).isEqualTo("ball subscribed e@5 false false");

        peer.send(
                "{'push':{'channel':'ball:m1','pub':{'data':{'runs':4, 'é':[1]},"
                        + "'offset':8589934823,'tags':{'k':'m1'}}}}");
        assertThat(heard.next()).isEqualTo("ball 8589934823 {'runs':4, 'é':[1]} {k=m1}");
    }

    @Test
    void aFrameMayHoldSeveralMessages() throws Exception {
        Peer peer = subscribed("a", "b");
        peer.send(
                "{}\n"
                        + push("a", "1", 6)
                        + "\n{'push':{'channel':'a','join':{'info':{'user':'x'}}}}\n"
                        + push("b", "'two'", 7)
                        + "\n"
                        + push("nobody", "0", 8)
                        + "\n");
        assertThat(heard.next()).isEqualTo("a 6 1 {}");
        assertThat(heard.next()).isEqualTo("b 7 'two' {}");
        assertThat(peer.receive()).isEqualTo("{}");
    }

    @Test
    void everySubscriptionContinuesFromItsPositionAfterAReconnect() throws Exception {
        Peer peer = subscribed("a", "b");
        peer.send(push("a", "1", 900));
        assertThat(heard.next()).isEqualTo("a 900 1 {}");
        peer.drop();
        assertThat(heard.next()).isEqualTo("disconnected 1 connection closed, again");

        peer = server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
        String a = peer.receive();
        assertThat(a)
                .endsWith("'subscribe':{'channel':'a','recover':true,'epoch':'e','offset':900}}");
        assertThat(peer.receive())
                .endsWith("'subscribe':{'channel':'b','recover':true,'epoch':'e','offset':5}}");
        peer.send(
                ("{'id':%s,'subscribe':{'recoverable':true,'epoch':'e','offset':900,"
                                + "'was_recovering':true,'recovered':true}}")
                        .formatted(ScriptedServer.id(a)));
        peer.send(push("a", "2", 901));
        assertThat(heard.next()).isEqualTo("a subscribed e@900 true true");
        assertThat(heard.next()).isEqualTo("a 901 2 {}");
    }

    @Test
    void aSubscriptionMayBeginAtAPosition() throws Exception {
        client.subscribe("a", Position.BEGINNING, heard.of("a"));
        client.subscribe("b", new Position("e.1", 42), heard.of("b"));
        client.connect();
        Peer peer = server.welcome();
        assertThat(peer.receive()).endsWith("{'channel':'a','recover':true}}");
        assertThat(peer.receive())
                .endsWith("{'channel':'b','recover':true,'epoch':'e.1','offset':42}}");
    }

    @Test
    void publicationsInASubscribeReplyComeFirst() throws Exception {
        client.subscribe("a", heard.of("a"));
        client.connect();
        Peer peer = server.welcome();
        peer.send(
                ("{'id':%s,'subscribe':{'recoverable':true,'epoch':'e','offset':2,"
                                + "'publications':[{'data':1,'offset':1},"
                                + "{'data':null,'offset':2,'tags':{'del':'1'}}]}}")
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("connected c1");
        assertThat(heard.next()).isEqualTo("a subscribed e@2 false false");
        assertThat(heard.next()).isEqualTo("a 1 1 {}");
        assertThat(heard.next()).isEqualTo("a 2 null {del=1}");
    }

    @Test
    void aPublishIsCompletedByTheServersAcknowledgement() throws Exception {
        Peer peer = subscribed();
        var ack = client.publish("answer:p%C3%A9", "{\n\"option\":\"six\"\r\n}");
        String command = peer.receive();
        assertThat(command)
                .endsWith("'publish':{'channel':'answer:p%C3%A9','data':{'option':'six'}}}");
        assertThat(ack).isNotDone();
        peer.send("{'id':%s,'publish':{}}".formatted(ScriptedServer.id(command)));
        ack.get();
    }

    @Test
    void aRefusedPublishFailsWithCodeAndKind() throws Exception {
        Peer peer = subscribed();
        var denied = client.publish("answer:other", "{}");
        peer.send(
                "{'id':%s,'error':{'code':103,'message':'permission denied'}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        checkFails(denied, 103, false, "permission denied");

        var outage = client.publish("answer:own", "{}");
        peer.send(
                "{'id':%s,'error':{'code':100,'message':'internal server error','temporary':true}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        checkFails(outage, 100, true, "internal server error");
    }

    @Test
    void aPublishWithoutAConnectionFailsAtOnce() {
        checkFails(client.publish("a", "1"), ClientException.NOT_CONNECTED, true, "not connected");
    }

    @Test
    void aPublishThatLosesItsConnectionFails() throws Exception {
        Peer peer = subscribed();
        var lost = client.publish("a", "1");
        peer.receive();
        peer.close(3001, "shutdown");
        checkFails(lost, ClientException.CONNECTION_LOST, true, "connection lost: shutdown");
    }

    @Test
    void aPublishWithoutAReplyFailsInTime() throws Exception {
        replaceClient(() -> "t", RandomGenerator.getDefault(), Duration.ofMillis(200));
        subscribed();
        checkFails(
                client.publish("a", "1"), ClientException.NO_REPLY, true, "no reply within 200 ms");
    }

    @Test
    void aCallReturnsWhatTheServerReturns() throws Exception {
        Peer peer = subscribed();
        var result = client.rpc("publish", "{\"channel\":\"a\"}");
        String command = peer.receive();
        assertThat(command).endsWith("'rpc':{'method':'publish','data':{'channel':'a'}}}");
        peer.send("{'id':%s,'rpc':{'data':{'offset':7}}}".formatted(ScriptedServer.id(command)));
        assertThat(result.get()).asString().isEqualTo("{\"offset\":7}");
    }

    @Test
    void dataIsOneJsonValueOrInProtobufAnything() throws Exception {
        Peer peer = subscribed();
        for (String data : List.of("six", "{", "1 2")) {
            if (format == Format.JSON) {
                assertThatThrownBy(() -> client.publish("a", data))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("data is not one JSON value");
                assertThatThrownBy(() -> client.rpc("m", data))
                        .isInstanceOf(IllegalArgumentException.class);
            } else {
                var _ = client.publish("a", data);
                assertThat(peer.receive()).endsWith("'data':%s}}".formatted(data));
            }
        }
    }

    @Test
    void aCallMayBeWithoutDataAndReturnNone() throws Exception {
        Peer peer = subscribed();
        var result = client.rpc("m", "");
        String command = peer.receive();
        assertThat(command).endsWith("'rpc':{'method':'m'}}");
        peer.send("{'id':%s,'rpc':{}}".formatted(ScriptedServer.id(command)));
        assertThat(result.get()).isEmpty();
    }

    @Test
    void aPingIsAnswered() throws Exception {
        Peer peer = subscribed();
        peer.send("{}");
        assertThat(peer.receive()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1009, 3500, 3999, 4500, 4999})
    void aFinalCloseStopsTheClient(int code) throws Exception {
        Peer peer = subscribed();
        peer.close(code, "never again");
        assertThat(heard.next()).isEqualTo("disconnected %d never again, over".formatted(code));
        client.closed().get();
        checkFails(client.publish("a", "1"), ClientException.NOT_CONNECTED, true, "not connected");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 3001, 3499, 4000, 4499})
    void anyOtherCloseIsFollowedByAReconnect(int code) throws Exception {
        Peer peer = subscribed();
        peer.close(code, "later");
        assertThat(heard.next()).isEqualTo("disconnected %d later, again".formatted(code));
        server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
    }

    @Test
    void aDisconnectPushIsLikeAClose() throws Exception {
        Peer peer = subscribed();
        peer.send("{'push':{'disconnect':{'code':3503,'reason':'force disconnect'}}}");
        assertThat(heard.next()).isEqualTo("disconnected 3503 force disconnect, over");
    }

    @Test
    void aRefusedConnectStopsTheClient() throws Exception {
        client.connect();
        Peer peer = server.accept();
        peer.receive();
        peer.send("{'id':1,'error':{'code':101,'message':'unauthorized'}}");
        assertThat(heard.next()).isEqualTo("disconnected 101 unauthorized, over");
        assertThat(peer.receive()).isEqualTo("close 1000");
    }

    @Test
    void anExpiredTokenIsAskedForAgain() throws Exception {
        var tokens = new LinkedBlockingQueue<>(List.of("old", "new"));
        replaceClient(tokens::remove, RandomGenerator.getDefault(), PATIENCE);
        client.connect();
        Peer peer = server.accept();
        assertThat(peer.receive()).contains("'token':'old'");
        peer.send("{'id':1,'error':{'code':109,'message':'token expired'}}");
        assertThat(heard.next()).isEqualTo("disconnected 109 token expired, again");
        assertThat(server.accept().receive()).contains("'token':'new'");
    }

    @Test
    void aTokenThatCannotBeHadIsAskedForLater() throws Exception {
        var tokens = new LinkedBlockingQueue<String>();
        replaceClient(tokens::remove, RandomGenerator.getDefault(), PATIENCE);
        client.connect();
        assertThat(heard.next()).isEqualTo("disconnected 4 no token, again");
        tokens.add("late");
        String connect = server.accept().receive();
        while (connect.equals("close 1000")) {
            connect = server.accept().receive();
        }
        assertThat(connect).contains("'token':'late'");
    }

    @Test
    void aTokenThatRunsOutIsReplacedByANewOne() throws Exception {
        var tokens = new LinkedBlockingQueue<>(List.of("first", "second", "third"));
        replaceClient(tokens::remove, RandomGenerator.getDefault(), PATIENCE);
        client.connect();
        Peer peer = server.accept();
        assertThat(peer.receive()).contains("'token':'first'");
        peer.send("{'id':1,'connect':{'client':'c1','ping':25,'pong':true,'expires':true}}");
        assertThat(heard.next()).isEqualTo("connected c1");
        assertThat(peer.receive()).isEqualTo("{'id':2,'refresh':{'token':'second'}}");
        peer.send("{'id':2,'refresh':{'client':'c1','expires':true}}");
        assertThat(peer.receive()).isEqualTo("{'id':3,'refresh':{'token':'third'}}");
        peer.send("{'id':3,'refresh':{'client':'c1','expires':true,'ttl':3600}}");
        peer.send("{}");
        assertThat(peer.receive()).as("nothing but the pong").isEqualTo("{}");
        assertThat(heard.nothingMore()).isTrue();
    }

    @Test
    void theServerMaySayThatTheTokenRunsOut() throws Exception {
        Peer peer = subscribed();
        peer.send("{'push':{'refresh':{'expires':true}}}");
        assertThat(peer.receive()).endsWith("'refresh':{'token':'t'}}");
    }

    @Test
    void aTemporaryErrorOnRefreshIsTriedAgain() throws Exception {
        Peer peer = subscribed();
        peer.send("{'push':{'refresh':{'expires':true}}}");
        peer.send(
                "{'id':%s,'error':{'code':100,'message':'internal server error','temporary':true}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(peer.receive()).endsWith("'refresh':{'token':'t'}}");
        assertThat(heard.nothingMore()).isTrue();
    }

    @Test
    void anyOtherErrorOnRefreshStopsTheClient() throws Exception {
        Peer peer = subscribed();
        peer.send("{'push':{'refresh':{'expires':true}}}");
        peer.send(
                "{'id':%s,'error':{'code':103,'message':'permission denied'}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("disconnected 103 permission denied, over");
        assertThat(peer.receive()).isEqualTo("close 1000");
    }

    @Test
    void aTokenThatIsRefusedAsExpiredOnRefreshIsReplacedByANewConnection() throws Exception {
        Peer peer = subscribed();
        peer.send("{'push':{'refresh':{'expires':true}}}");
        peer.send(
                "{'id':%s,'error':{'code':109,'message':'token expired'}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("disconnected 109 token expired, again");
        server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
    }

    @Test
    void aLostPositionIsToldAndTheChannelContinuesFromNow() throws Exception {
        client.subscribe("a", new Position("old", 3), heard.of("a"));
        client.connect();
        Peer peer = server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
        peer.send(
                "{'id':%s,'error':{'code':112,'message':'unrecoverable position'}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("a error 112 unrecoverable position");
        assertThat(peer.receive()).endsWith("'subscribe':{'channel':'a'}}");
    }

    @Test
    void aLostPositionThatNobodyHasIsAnErrorLikeOthers() throws Exception {
        client.subscribe("a", heard.of("a"));
        client.connect();
        Peer peer = server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
        peer.send(
                "{'id':%s,'error':{'code':112,'message':'unrecoverable position'}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("a error 112 unrecoverable position");
        assertThat(heard.next()).isEqualTo("a unsubscribed 112 unrecoverable position");
    }

    @Test
    void whatCouldNotBeRecoveredIsTold() throws Exception {
        client.subscribe("a", new Position("old", 3), heard.of("a"));
        client.connect();
        Peer peer = server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
        peer.send(
                ("{'id':%s,'subscribe':{'recoverable':true,'epoch':'new','offset':9,"
                                + "'was_recovering':true}}")
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("a subscribed new@9 true false");
    }

    @Test
    void aTemporaryErrorOnSubscribeIsTriedAgain() throws Exception {
        client.subscribe("a", heard.of("a"));
        client.connect();
        Peer peer = server.welcome();
        peer.send(
                "{'id':%s,'error':{'code':100,'message':'internal server error','temporary':true}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("connected c1");
        assertThat(heard.next()).isEqualTo("a error 100 internal server error, temporary");
        assertThat(peer.receive()).endsWith("'subscribe':{'channel':'a'}}");
    }

    @Test
    void anyOtherErrorOnSubscribeEndsTheSubscription() throws Exception {
        client.subscribe("a", heard.of("a"));
        client.connect();
        Peer peer = server.welcome();
        peer.send(
                "{'id':%s,'error':{'code':102,'message':'unknown channel'}}"
                        .formatted(ScriptedServer.id(peer.receive())));
        assertThat(heard.next()).isEqualTo("connected c1");
        assertThat(heard.next()).isEqualTo("a error 102 unknown channel");
        assertThat(heard.next()).isEqualTo("a unsubscribed 102 unknown channel");
    }

    @Test
    void aChannelIsSubscribedToOnce() throws Exception {
        subscribed("a");
        client.subscribe("a", heard.of("again"));
        assertThat(heard.next()).isEqualTo("again error 105 already subscribed");
    }

    @Test
    void anUnsubscribePushBelow2500EndsTheSubscription() throws Exception {
        Peer peer = subscribed("a");
        peer.send(
                "{'push':{'channel':'a',"
                        + "'unsubscribe':{'code':2000,'reason':'server unsubscribe'}}}\n"
                        + push("a", "1", 6));
        assertThat(heard.next()).isEqualTo("a unsubscribed 2000 server unsubscribe");
        peer.send("{}");
        assertThat(peer.receive()).isEqualTo("{}");
        assertThat(heard.nothingMore()).isTrue();
    }

    @Test
    void anUnsubscribePushFrom2500OnMakesTheClientRecover() throws Exception {
        Peer peer = subscribed("a");
        peer.send(
                "{'push':{'channel':'a',"
                        + "'unsubscribe':{'code':2500,'reason':'insufficient state'}}}");
        assertThat(peer.receive())
                .endsWith("{'channel':'a','recover':true,'epoch':'e','offset':5}}");
    }

    @Test
    void nothingIsHeardOfAChannelAfterItsUnsubscribe() throws Exception {
        Peer peer = subscribed("a");
        client.unsubscribe("a");
        assertThat(heard.next()).isEqualTo("a unsubscribed 0 unsubscribed by the client");
        assertThat(peer.receive()).endsWith("'unsubscribe':{'channel':'a'}}");
        client.subscribe("a", heard.of("new"));
        String command = peer.receive();
        peer.send(push("a", "1", 6));
        peer.send(
                "{'id':%s,'subscribe':{'recoverable':true,'epoch':'e','offset':6}}"
                        .formatted(ScriptedServer.id(command)));
        assertThat(heard.next()).isEqualTo("new subscribed e@6 false false");
    }

    @Test
    void anUnansweredSubscribeIsAReasonToReconnect() throws Exception {
        replaceClient(() -> "t", RandomGenerator.getDefault(), Duration.ofMillis(200));
        client.subscribe("a", heard.of("a"));
        client.connect();
        server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
        assertThat(heard.next()).isEqualTo("disconnected 3 no reply to a subscribe, again");
        server.welcome();
    }

    @Test
    void failuresToConnectAreFollowedByWaitsFromTheGivenRandomness() throws Exception {
        var asked = new LinkedBlockingQueue<Long>();
        RandomGenerator random =
                new RandomGenerator() {
                    @Override
                    public long nextLong() {
                        throw new AssertionError("only bounded numbers are asked for");
                    }

                    @Override
                    public long nextLong(long bound) {
                        asked.add(bound);
                        return 0;
                    }
                };
        replaceClient(() -> "t", random, PATIENCE);
        int port = server.port();
        server.close();
        client.connect();
        for (int i = 0; i < 4; i++) {
            assertThat(heard.next()).startsWith("disconnected 1 ").endsWith(", again");
        }
        assertThat(asked).startsWith(2L, 3L, 5L, 5L);

        try (var returned = new ScriptedServer(loops, port, null)) {
            Peer peer = returned.welcome();
            String line = heard.next();
            while (!line.equals("connected c1")) {
                line = heard.next();
            }
            asked.clear();
            peer.drop();
            assertThat(heard.next()).isEqualTo("disconnected 1 connection closed, again");
            assertThat(asked.peek()).as("the first wait is short again").isEqualTo(2);
        }
    }

    @Test
    void aMalformedFrameIsAReasonToReconnect() throws Exception {
        Peer peer = subscribed();
        peer.sendNonsense();
        assertThat(heard.next())
                .isEqualTo("disconnected 5 the server sent a malformed frame, again");
        server.welcome();
    }

    @Test
    void closingSaysGoodbyeAndIsHarmlessTwice() throws Exception {
        Peer peer = subscribed("a");
        var lost = client.publish("a", "1");
        peer.receive();
        client.close();
        client.close();
        checkFails(
                lost,
                ClientException.CONNECTION_LOST,
                true,
                "connection lost: closed by the client");
        assertThat(peer.receive()).isEqualTo("close 1000");
        assertThat(heard.next()).isEqualTo("disconnected 0 closed by the client, over");
        client.subscribe("b", heard.of("b"));
        assertThat(heard.next()).isEqualTo("b unsubscribed 0 the client is closed");
        assertThat(heard.nothingMore()).isTrue();
    }

    @Test
    void aListenersMistakeDoesNotEndTheConnection() throws Exception {
        client.subscribe(
                "a",
                new SubscriptionListener() {
                    @Override
                    public void subscribed(
                            Position position, boolean wasRecovering, boolean recovered) {
                        throw new IllegalStateException("on purpose, in a test");
                    }
                });
        client.connect();
        Peer peer = server.welcome();
        answerSubscribe(peer);
        peer.send("{}");
        assertThat(peer.receive()).isEqualTo("{}");
    }

    @Test
    void anEndpointThatIsNoWebSocketIsRefused() {
        for (String endpoint : List.of("http://x/", "https://x/", "ws:/path")) {
            assertThatThrownBy(() -> new ClientConfig(URI.create(endpoint), "t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "endpoint is %s: must be ws://host:port/path or wss://host:port/path"
                                    .formatted(endpoint));
        }
    }

    private GrandstandClient client(
            Supplier<String> token, RandomGenerator random, Duration timeout) {
        return new GrandstandClient(
                loops,
                new ClientConfig(server.endpoint(), token, SHORT, timeout).in(format),
                random,
                heard);
    }

    private void replaceClient(Supplier<String> token, RandomGenerator random, Duration timeout)
            throws InterruptedException {
        client.close();
        assertThat(heard.next()).isEqualTo("disconnected 0 closed by the client, over");
        client = client(token, random, timeout);
    }

    /// A connection with these channels, each at offset 5 of epoch `e`.
    private Peer subscribed(String... channels) throws InterruptedException {
        for (String channel : channels) {
            client.subscribe(channel, heard.of(channel));
        }
        client.connect();
        Peer peer = server.welcome();
        assertThat(heard.next()).isEqualTo("connected c1");
        for (String channel : channels) {
            answerSubscribe(peer);
            assertThat(heard.next()).isEqualTo(channel + " subscribed e@5 false false");
        }
        return peer;
    }

    private static void answerSubscribe(Peer peer) throws InterruptedException {
        peer.send(
                "{'id':%s,'subscribe':{'recoverable':true,'epoch':'e','offset':5}}"
                        .formatted(ScriptedServer.id(peer.receive())));
    }

    private static String push(String channel, String data, long offset) {
        return "{'push':{'channel':'%s','pub':{'data':%s,'offset':%d}}}"
                .formatted(channel, data, offset);
    }

    private static void checkFails(
            CompletableFuture<?> future, int code, boolean temporary, String message) {
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class,
                        error -> {
                            assertThat(error.code()).isEqualTo(code);
                            assertThat(error.temporary()).isEqualTo(temporary);
                            assertThat(error).hasMessage(message);
                        });
    }
}
