package io.grandstand.gateway;

import io.grandstand.gateway.auth.AppData;
import io.grandstand.gateway.auth.Capabilities;
import io.grandstand.gateway.auth.Capability;
import io.grandstand.gateway.auth.ConnectionClaims;
import io.grandstand.gateway.auth.Verdict;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Codes.DisconnectCode;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Message.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection and the player behind it: who it is, what it asks, how it ends. Confined to the
/// connection's event loop.
///
/// What a session does not do itself: `Subscriptions` of channels are in `SessionChannels`,
/// publishes in `SessionPublishes`; the socket below is a `Link`.
final class Session {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /// How long a connection may take to say who it is.
    private static final long CONNECT_MS_MAX = 10_000;

    /// How long a refused connection is waited for before it is closed.
    private static final long REFUSED_MS_MAX = 5_000;

    /// How long a token counts after it ran out: time for the client to bring a new one.
    static final Duration EXPIRY_GRACE = Duration.ofSeconds(25);

    final Node node;
    private final UUID id;
    final LoopSubscriptions loop;
    final Wire wire;

    /// The player's id, empty before the connection stands and for an anonymous one; as the key of
    /// their own channels; and what their token says.
    Player player = Player.ANONYMOUS;

    private final Link link;

    /// Sends commands to this session from another connection; empty where its transport takes
    /// them.
    private final String secret;

    private final boolean pingsTransport;
    private final RateLimit rate;
    private final SessionChannels channels;
    private final SessionPublishes publishes;
    private State state = State.NEW;

    /// What arrived while the token was being checked; null where nothing did.
    private @Nullable List<Pending> pending;

    private long connectId;
    private boolean awaitsPong;
    private long slowSinceNs;

    /// Whether `LoopSubscriptions` will flush this session at the end of its batch.
    boolean flushPending;

    /// The only bytes that the batch has for this session so far, which are the batch's.
    @Nullable ByteBuf onlyBytes;

    private enum State {
        NEW,
        /// The token is being checked, or server-side subscriptions are being started.
        CONNECTING,
        CONNECTED,
        /// The connect was refused with an error; nothing is answered any more.
        REFUSED,
        CLOSED
    }

    private record Pending(Command command, Instant receivedAt) {}

    /// Who is behind a connection.
    ///
    /// @param key the id's bytes: the record key of the player's own channels
    record Player(String id, byte[] key, ConnectionClaims claims) {
        static final Player ANONYMOUS =
                of(
                        new ConnectionClaims(
                                "",
                                null,
                                null,
                                AppData.NONE,
                                List.of(),
                                Map.of(),
                                Capabilities.NONE));

        static Player of(ConnectionClaims claims) {
            return new Player(
                    claims.player(), claims.player().getBytes(StandardCharsets.UTF_8), claims);
        }
    }

    /// A session over `link`.
    ///
    /// @param secret sends commands to this session from another connection; empty where the link
    ///   itself takes them
    /// @param pingsTransport whether the transport's own pings replace those of the protocol
    Session(
            Node node,
            UUID id,
            String secret,
            LoopSubscriptions loop,
            Link link,
            Wire wire,
            boolean pingsTransport) {
        this.node = node;
        this.id = id;
        this.secret = secret;
        this.loop = loop;
        this.link = link;
        this.wire = wire;
        this.pingsTransport = pingsTransport;
        this.rate = new RateLimit(node.config().limits().commandsPerSecond(), System.nanoTime());
        this.channels = new SessionChannels(this);
        this.publishes = new SessionPublishes(this);
        after(
                CONNECT_MS_MAX,
                () -> {
                    if (state == State.NEW) {
                        close(DisconnectCode.STALE);
                    }
                });
    }

    /// The connection's id, as clients and presence see it. Made when asked for: as text it would
    /// be a good part of an idle session.
    String id() {
        return id.toString();
    }

    /// Carries out what a client sent: one frame of commands.
    void received(byte[] frame) {
        if (state == State.REFUSED || state == State.CLOSED) {
            return;
        }
        Instant now = node.clock().instant();
        try {
            if (wire.isUnidirectional()) {
                if (state == State.NEW) {
                    connect(0, wire.codec().connect(frame));
                }
                // Whatever else arrives cannot be meant for anything.
                return;
            }
            boolean tooLarge = frame.length > node.config().limits().frameBytes();
            for (Command command : wire.codec().commands(frame)) {
                if (tooLarge) {
                    fail(command.id(), ErrorCode.LIMIT_EXCEEDED);
                } else {
                    take(command, now);
                }
            }
        } catch (Codec.Malformed malformed) {
            log.debug("connection {} sent a malformed frame: {}", id(), malformed.getMessage());
            close(DisconnectCode.BAD_REQUEST);
        } finally {
            flush();
        }
    }

    private void take(Command command, Instant receivedAt) {
        switch (state) {
            case CONNECTING -> {
                List<Pending> waiting = pending == null ? new ArrayList<>() : pending;
                waiting.add(new Pending(command, receivedAt));
                pending = waiting;
            }
            case NEW, CONNECTED -> carryOut(command, receivedAt);
            case REFUSED, CLOSED -> {}
        }
    }

    private void carryOut(Command command, Instant receivedAt) {
        if (command.isPong()) {
            awaitsPong = false;
            return;
        }
        Command.Request request = command.request();
        boolean isOneWay = request instanceof Command.Send;
        boolean isConnect = request instanceof Command.Connect;
        if (request == null
                || (command.id() == 0 && !isOneWay)
                || isConnect != (state == State.NEW)) {
            close(DisconnectCode.BAD_REQUEST);
            return;
        }
        if (!rate.allows(System.nanoTime())) {
            fail(command.id(), ErrorCode.TOO_MANY_REQUESTS);
            return;
        }
        long commandId = command.id();
        switch (request) {
            case Command.Connect connect -> connect(commandId, connect);
            case Command.Subscribe subscribe -> channels.subscribe(commandId, subscribe);
            case Command.Unsubscribe unsubscribe -> channels.unsubscribe(commandId, unsubscribe);
            case Command.SubRefresh refresh -> channels.refresh(commandId, refresh);
            case Command.History history -> channels.history(commandId, history);
            case Command.Presence presence -> channels.presence(commandId, presence);
            case Command.PresenceStats stats -> channels.presenceStats(commandId, stats);
            case Command.Publish publish -> publishes.publish(commandId, publish, receivedAt);
            case Command.Rpc rpc -> publishes.rpc(commandId, rpc, receivedAt);
            case Command.Refresh refresh -> refresh(commandId, refresh);
            case Command.Ping _ -> fail(commandId, ErrorCode.NOT_AVAILABLE);
            case Command.Send _ -> close(DisconnectCode.NOT_AVAILABLE);
        }
    }

    private void connect(long commandId, Command.Connect request) {
        state = State.CONNECTING;
        connectId = commandId;
        // What is already on its way is kept; more is taken in once it is known from whom.
        link.read(false);
        if (!request.token().isEmpty()) {
            await(node.tokens().connection(request.token()), verdict -> connect(request, verdict));
        } else if (node.config().anonymous()) {
            connect(request, Player.ANONYMOUS.claims());
        } else {
            close(DisconnectCode.BAD_REQUEST);
        }
    }

    private void connect(Command.Connect request, @Nullable Verdict<ConnectionClaims> verdict) {
        if (state != State.CONNECTING) {
            return;
        }
        switch (verdict) {
            case Verdict.Valid<ConnectionClaims>(ConnectionClaims claims) -> {
                if (claims.player().isEmpty() && !node.config().anonymous()) {
                    close(DisconnectCode.INVALID_TOKEN);
                } else if (node.revocations().refuses(claims)) {
                    close(DisconnectCode.FORCE_DISCONNECT);
                } else {
                    connect(request, claims);
                }
            }
            case Verdict.Expired<ConnectionClaims> _ -> refuseConnect(ErrorCode.TOKEN_EXPIRED);
            case Verdict.Invalid<ConnectionClaims> invalid -> {
                log.debug("connection {} has a bad token: {}", id(), invalid.reason());
                close(DisconnectCode.INVALID_TOKEN);
            }
            case Verdict.Unavailable<ConnectionClaims> _ -> refuseConnect(ErrorCode.INTERNAL);
            case null -> refuseConnect(ErrorCode.INTERNAL);
        }
    }

    private void connect(Command.Connect request, ConnectionClaims claims) {
        player = Player.of(claims);
        DisconnectCode refusal = channels.startServerSide(request);
        if (refusal != null) {
            close(refusal);
        } else if (!channels.isStarting()) {
            connected();
        }
    }

    /// Every server-side subscription knows where it starts: the connection stands.
    void connected() {
        state = State.CONNECTED;
        boolean isStream = !secret.isEmpty() && !wire.isUnidirectional();
        var connected =
                new Message.Connected(
                        id(),
                        node.version(),
                        player.claims().expiresAt() != null,
                        ttlSeconds(player.claims().expiresAt()),
                        placement(),
                        channels.serverSide(),
                        (int) node.config().timing().ping().toSeconds(),
                        !wire.isUnidirectional() && !pingsTransport,
                        isStream ? secret : "",
                        isStream ? node.id() : "");
        if (wire.isUnidirectional()) {
            send(new Message.Push("", connected));
        } else {
            reply(connectId, connected);
        }
        flush();
        channels.resume();
        link.read(true);
        List<Pending> waited = pending;
        pending = null;
        if (waited != null) {
            for (Pending one : waited) {
                take(one.command(), one.receivedAt());
            }
        }
        flush();
    }

    /// Tells the client its shard, for a load balancer that keeps the players of a shard together.
    private byte[] placement() {
        int shards = node.config().shards();
        if (shards == 0) {
            return new byte[0];
        }
        int shard = TopicDirectory.partition(player.key(), shards);
        return "{\"shard\":%d,\"shards\":%d}"
                .formatted(shard, shards)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Answers the connect with an error, after which the connection is of no use.
    void refuseConnect(ErrorCode error) {
        if (wire.isUnidirectional()) {
            close(
                    switch (error) {
                        case TOKEN_EXPIRED, EXPIRED -> DisconnectCode.EXPIRED;
                        case TOO_MANY_REQUESTS -> DisconnectCode.TOO_MANY_REQUESTS;
                        case PERMISSION_DENIED -> DisconnectCode.PERMISSION_DENIED;
                        default -> DisconnectCode.INTERNAL_ERROR;
                    });
            return;
        }
        fail(connectId, error);
        flush();
        state = State.REFUSED;
        channels.end();
        after(REFUSED_MS_MAX, () -> close(DisconnectCode.EXPIRED));
    }

    private void refresh(long commandId, Command.Refresh request) {
        if (request.token().isEmpty()) {
            close(DisconnectCode.BAD_REQUEST);
            return;
        }
        await(
                node.tokens().connection(request.token()),
                verdict -> {
                    if (state == State.CONNECTED) {
                        refresh(commandId, verdict);
                        flush();
                    }
                });
    }

    private void refresh(long commandId, @Nullable Verdict<ConnectionClaims> verdict) {
        switch (verdict) {
            case Verdict.Valid<ConnectionClaims>(ConnectionClaims claims) -> {
                if (!claims.player().equals(player.id())) {
                    close(DisconnectCode.INVALID_TOKEN);
                } else if (node.revocations().refuses(claims)) {
                    close(DisconnectCode.FORCE_DISCONNECT);
                } else {
                    player = Player.of(claims);
                    reply(
                            commandId,
                            new Message.Refreshed(
                                    id(),
                                    node.version(),
                                    claims.expiresAt() != null,
                                    ttlSeconds(claims.expiresAt())));
                }
            }
            case Verdict.Expired<ConnectionClaims> _ -> close(DisconnectCode.EXPIRED);
            case Verdict.Invalid<ConnectionClaims> _ -> close(DisconnectCode.INVALID_TOKEN);
            case Verdict.Unavailable<ConnectionClaims> _ -> fail(commandId, ErrorCode.INTERNAL);
            case null -> fail(commandId, ErrorCode.INTERNAL);
        }
    }

    /// Sends a ping, or ends what ran out. Called once per ping interval, however much else is
    /// sent: some clients count pings alone as a sign of life.
    void ping() {
        if (state != State.CONNECTED) {
            return;
        }
        Instant now = node.clock().instant();
        if (isOver(player.claims().expiresAt(), now)) {
            close(DisconnectCode.EXPIRED);
            return;
        }
        channels.expire(now);
        if (state != State.CONNECTED) {
            return;
        }
        if (pingsTransport) {
            link.ping();
        } else {
            awaitsPong = !wire.isUnidirectional();
            send(new Message.Ping());
            if (wire.isUnidirectional()) {
                link.ping();
            }
        }
        flush();
    }

    /// Whether a token's time, and the time to bring a new one, is over.
    static boolean isOver(@Nullable Instant expiresAt, Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt.plus(EXPIRY_GRACE));
    }

    /// Seconds until `expiresAt`, at least 1; 0 where it never comes.
    int ttlSeconds(@Nullable Instant expiresAt) {
        if (expiresAt == null) {
            return 0;
        }
        long seconds = Duration.between(node.clock().instant(), expiresAt).toSeconds();
        return Math.clamp(seconds, 1, Integer.MAX_VALUE);
    }

    /// Ends the connection where its last ping was not answered; called when that is overdue.
    void checkPong() {
        if (state == State.CONNECTED && awaitsPong) {
            close(DisconnectCode.NO_PONG);
        }
    }

    /// The connection can take more again, or cannot for now.
    void writabilityChanged(boolean isWritable) {
        if (isWritable) {
            slowSinceNs = 0;
            channels.resume();
        } else if (slowSinceNs == 0) {
            long since = System.nanoTime();
            slowSinceNs = since;
            after(
                    node.config().backpressure().grace().toMillis(),
                    () -> {
                        if (slowSinceNs == since) {
                            close(DisconnectCode.SLOW);
                        }
                    });
        }
    }

    /// The connection is gone.
    void disconnected() {
        state = State.CLOSED;
        pending = null;
        channels.end();
    }

    /// Ends the connection with a reason that tells the client whether to come back.
    void close(DisconnectCode code) {
        close(code.code(), code.reason());
    }

    /// The same with any code and a reason in plain words.
    void close(int code, String reason) {
        if (state != State.CLOSED) {
            disconnected();
            link.close(code, reason);
        }
    }

    /// Ends the connection if its token no longer counts.
    void dropIfRevoked() {
        if (state == State.CONNECTED && node.revocations().refuses(player.claims())) {
            close(DisconnectCode.FORCE_DISCONNECT);
        }
    }

    /// Ends one subscription for good, as an operator asks.
    void unsubscribe(String channel) {
        channels.endByServer(channel);
    }

    /// Whether the connect is not answered yet, so that nothing may be pushed.
    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    /// Whether the connection can take more now.
    boolean hasRoom() {
        if (!link.isWritable()) {
            // What was written in this batch may only wait for its flush.
            link.flush();
        }
        return link.isWritable();
    }

    /// Queues finished bytes; takes ownership of them.
    void write(ByteBuf bytes) {
        if (state == State.CLOSED) {
            bytes.release();
        } else {
            link.write(bytes);
        }
    }

    /// Sends finished bytes now; they stay the caller's.
    void send(ByteBuf shared) {
        if (state != State.CLOSED) {
            link.send(shared);
        }
    }

    void send(Message message) {
        byte[] bytes = wire.bytes(message, loop.deflateBytesMin);
        write(PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes));
    }

    void flush() {
        link.flush();
    }

    /// A subscription's first piece was found: it knows where it starts.
    void subscribed(Subscription subscription) {
        channels.subscribed(subscription);
    }

    /// A subscription cannot start.
    void refuse(Subscription subscription, ErrorCode error) {
        channels.refuse(subscription, error);
        flush();
    }

    /// Ends a subscription unasked.
    void endSubscription(Subscription subscription, UnsubscribeCode code) {
        channels.end(subscription, code);
        flush();
    }

    void reply(long commandId, Result result) {
        // Commands without an id are never answered.
        if (commandId != 0) {
            send(new Message.Reply(commandId, result));
        }
    }

    void fail(long commandId, ErrorCode error) {
        reply(commandId, Message.Failed.of(error));
    }

    /// Runs `then` on the loop with what a stage comes to, null where it failed; at once where it
    /// is there already.
    <T> void await(CompletionStage<T> stage, Consumer<@Nullable T> then) {
        var future = stage.toCompletableFuture();
        if (future.isDone()) {
            then.accept(future.isCompletedExceptionally() ? null : future.join());
            return;
        }
        var _ =
                future.whenComplete((value, failure) -> {
                    if (failure != null) {
                        log.error("connection {}: a step failed", id(), failure);
                    }
                    loop.execute(() -> then.accept(failure == null ? value : null));
                });
    }

    void after(long ms, Runnable task) {
        loop.schedule(task, ms, TimeUnit.MILLISECONDS);
    }

    /// Which rights the connection has on a channel.
    boolean may(Capability capability, Channels.Address address) {
        Namespace namespace = address.namespace();
        Namespace.Permission permission =
                capability == Capability.PUBLISH ? namespace.publish() : namespace.subscribe();
        return Permissions.allow(permission, player, address.key())
                || player.claims().caps().allows(address.channel(), capability);
    }
}
