package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.auth.ConnectionClaims;
import io.grandstand.gateway.auth.Revocations;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenIssuer;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.gateway.auth.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A session over a connection that writes down what it is told. Its time is moved by hand. There
/// is no Kafka behind it: subscribes and publishes that get so far are answered with a temporary
/// error.
final class TestSession implements Link {
    private static final byte[] SECRET = "a secret for tests of 32 or more bytes".getBytes(UTF_8);
    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");

    private final EmbeddedChannel time;
    private final TokenIssuer tokens;
    private Instant now = NOON;

    final Session session;

    /// The bytes written, one write after the other.
    final List<byte[]> written = new ArrayList<>();

    /// How it was closed, each time: code and reason.
    final List<String> closes = new ArrayList<>();

    /// How often the transport's own ping was sent.
    int transportPings;

    boolean isReading = true;

    private TestSession(EmbeddedChannel time, GatewayConfig config, Wire wire, boolean pings) {
        time.freezeTime();
        this.time = time;
        this.tokens = new TokenIssuer(SECRET, () -> now);
        var loop = new LoopSubscriptions(time.eventLoop(), List.of(), 512, new GatewayStats());
        session = new Session(node(config), new UUID(1, 2), "", loop, this, wire, pings);
    }

    /// A session of a node with these namespaces and default settings, which lets in players
    /// without a token.
    static TestSession of(List<Namespace> namespaces, Wire wire) {
        return over(
                new EmbeddedChannel(),
                GatewayConfig.of(new Listen("localhost", 0, Set.of()), namespaces)
                        .withAnonymous(true),
                wire);
    }

    /// A session of a node with these settings, on the event loop of `time`.
    static TestSession over(EmbeddedChannel time, GatewayConfig config, Wire wire) {
        return new TestSession(time, config, wire, false);
    }

    /// The same, where the transport's pings replace those of the protocol.
    static TestSession withTransportPings(EmbeddedChannel time, GatewayConfig config, Wire wire) {
        return new TestSession(time, config, wire, true);
    }

    @SuppressWarnings("NullAway") // Without topics, neither the cluster nor the producer is asked.
    private Node node(GatewayConfig config) {
        return new Node(
                "a-node",
                config,
                new Channels(config.namespaces()),
                new TopicDirectory(null, Set.of(), (_, _) -> {}),
                new TokenVerifier(TokenConfig.ofSecrets(SECRET), () -> now),
                Revocations.NONE,
                null,
                null,
                null,
                new Schemas(config.namespaces()),
                new GatewayStats(),
                () -> now,
                new ConcurrentHashMap<>(),
                "test");
    }

    /// A token of exactly these claims.
    String token(Map<String, ?> claims) {
        return tokens.issue(claims);
    }

    /// A token for `player` that runs out after `life`.
    String token(String player, Duration life) {
        return tokens.connection(player, now.plus(life));
    }

    /// What a token of these claims says.
    ConnectionClaims claims(Map<String, ?> claims) {
        Verdict<ConnectionClaims> verdict =
                session.node.tokens().connection(token(claims)).toCompletableFuture().join();
        return ((Verdict.Valid<ConnectionClaims>) verdict).claims();
    }

    /// The client sends a frame of text.
    void receive(String frame) {
        session.received(frame.getBytes(UTF_8));
    }

    /// Time passes, and what was planned for it happens.
    void pass(Duration duration) {
        now = now.plus(duration);
        time.advanceTimeBy(duration.toMillis(), TimeUnit.MILLISECONDS);
        time.runScheduledPendingTasks();
    }

    /// What was said since the last time, each message as text; only on a JSON WebSocket.
    List<String> said() {
        var bytes = new ByteArrayOutputStream();
        written.forEach(bytes::writeBytes);
        written.clear();
        return Received.frames(bytes.toByteArray()).stream()
                .map(frame -> new String(frame.payload(), UTF_8))
                .toList();
    }

    @Override
    public void write(ByteBuf bytes) {
        written.add(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void send(ByteBuf shared) {
        write(shared.retainedDuplicate());
    }

    @Override
    public void flush() {
        // What is written is there.
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void read(boolean on) {
        isReading = on;
    }

    @Override
    public void ping() {
        transportPings++;
    }

    @Override
    public void close(int code, String reason) {
        closes.add(code + " " + reason);
    }
}
