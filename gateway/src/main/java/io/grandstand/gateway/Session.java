package io.grandstand.gateway;

import io.grandstand.protocol.Codes.DisconnectCode;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.JsonDecoder;
import io.grandstand.protocol.JsonEncoder;
import io.grandstand.protocol.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket connection and the player behind it. Confined to the connection's event loop.
// A write that fails closes the connection, and with it this session: its future tells nothing
// more.
@SuppressWarnings("FutureReturnValueIgnored")
final class Session extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private static final JsonDecoder DECODER = new JsonDecoder();
    private static final JsonEncoder ENCODER = new JsonEncoder();

    /// How long a connection may take to say who it is.
    private static final long CONNECT_MS_MAX = 10_000;

    /// How long a refused connection or the peer's close frame is waited for.
    private static final long CLOSE_MS_MAX = 5_000;

    /// When a subscribe is given up; clients give up the whole connection after 5 s.
    private static final long SUBSCRIBE_MS_MAX = 4_000;

    private final Node node;
    private final String id;
    private final LoopSubscriptions subscriptions;
    private final RateLimit rate;
    private final ChannelHandlerContext context;

    private State state = State.NEW;

    /// The authenticated player; empty before that.
    private String player = "";

    private byte[] playerKey = new byte[0];
    private @Nullable Instant expiresAt;
    private final Map<String, Subscription> byChannel = new HashMap<>();
    private int publishesInFlight;
    private boolean awaitsPong;
    private long slowSinceNs;

    /// Whether `LoopSubscriptions` will flush this session at the end of its batch.
    boolean flushPending;

    private enum State {
        NEW,
        CONNECTED,
        /// The connect was refused with an error; nothing is answered any more.
        REFUSED,
        CLOSED
    }

    /// What all sessions of a node share.
    ///
    /// @param clock wall clock of receive times
    record Node(
            GatewayConfig config,
            Channels channels,
            TopicDirectory topics,
            Tokens tokens,
            Publisher publisher,
            InstantSource clock,
            String version) {}

    /// A session on the connection of `context`, whose handler it is about to become.
    Session(Node node, String id, LoopSubscriptions subscriptions, ChannelHandlerContext context) {
        this.node = node;
        this.id = id;
        this.subscriptions = subscriptions;
        this.context = context;
        this.rate = new RateLimit(node.config().limits().commandsPerSecond(), System.nanoTime());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        after(
                CONNECT_MS_MAX,
                () -> {
                    if (state == State.NEW) {
                        close(DisconnectCode.STALE);
                    }
                });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> received(ByteBufUtil.getBytes(text.content()));
            case PingWebSocketFrame ping ->
                    context.writeAndFlush(
                            new PongWebSocketFrame(ping.content().retain()), context.voidPromise());
            case PongWebSocketFrame _ -> {}
            case CloseWebSocketFrame _ -> context.close();
            default -> close(DisconnectCode.BAD_REQUEST);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            slowSinceNs = 0;
            for (Subscription subscription : List.copyOf(byChannel.values())) {
                subscriptions.resume(subscription);
            }
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

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof java.io.IOException
                || cause instanceof io.netty.handler.codec.CodecException) {
            // The peer broke off, or broke the WebSocket protocol: its loss, not our fault.
            log.debug("connection {} broke: {}", id, cause.toString());
            context.close();
        } else {
            log.error("connection {} failed", id, cause);
            close(DisconnectCode.INTERNAL_ERROR);
        }
    }

    /// Sends a ping, or closes the connection where the one before was not answered or its token
    /// ran out. Called once per ping interval, however much else is sent: some clients count pings
    /// alone as a sign of life.
    void ping() {
        if (state != State.CONNECTED) {
            return;
        }
        if (awaitsPong) {
            close(DisconnectCode.NO_PONG);
        } else if (expiresAt != null && !node.clock().instant().isBefore(expiresAt)) {
            close(DisconnectCode.EXPIRED);
        } else {
            awaitsPong = true;
            write(buffer(ENCODER.ping()));
            flush();
        }
    }

    /// Ends the connection with a reason that tells the client whether to come back.
    void close(DisconnectCode code) {
        if (state == State.CLOSED) {
            return;
        }
        end();
        context.writeAndFlush(new CloseWebSocketFrame(code.code(), code.reason()));
        after(CLOSE_MS_MAX, context::close);
    }

    /// Whether the connection can take more now.
    boolean hasRoom() {
        if (!context.channel().isWritable()) {
            // What was written in this batch may only wait for its flush.
            context.flush();
        }
        return context.channel().isWritable();
    }

    /// Queues whole frames; takes ownership of them.
    void write(ByteBuf frames) {
        if (state == State.CLOSED) {
            frames.release();
        } else {
            context.write(frames, context.voidPromise());
        }
    }

    void flush() {
        context.flush();
    }

    /// Answers a subscribe: its pushes start at `offset`.
    void subscribed(Subscription subscription, long offset) {
        boolean wasRecovering = subscription.request.recover();
        reply(
                new Reply.Subscribed(
                        subscription.commandId,
                        subscription.feed.epoch(),
                        offset,
                        wasRecovering,
                        wasRecovering && subscription.isRecoverable));
    }

    /// Answers a subscribe with an error; the subscription ends.
    void refuse(Subscription subscription, ErrorCode error) {
        remove(subscription);
        fail(subscription.commandId, error);
        flush();
    }

    /// Ends a subscription unasked.
    void endSubscription(Subscription subscription, UnsubscribeCode code) {
        remove(subscription);
        write(buffer(ENCODER.unsubscribe(subscription.feed.channel, code)));
        flush();
    }

    private void received(byte[] frame) {
        if (state == State.REFUSED || state == State.CLOSED) {
            return;
        }
        Instant now = node.clock().instant();
        List<Command> commands;
        try {
            commands = DECODER.decode(frame);
        } catch (JsonDecoder.Malformed malformed) {
            log.debug("connection {} sent a malformed frame: {}", id, malformed.getMessage());
            close(DisconnectCode.BAD_REQUEST);
            return;
        }
        boolean tooLarge = frame.length > node.config().limits().frameBytes();
        for (Command command : commands) {
            if (tooLarge) {
                fail(command.id(), ErrorCode.LIMIT_EXCEEDED);
            } else if (state == State.NEW || state == State.CONNECTED) {
                carryOut(command, now);
            }
        }
    }

    private void carryOut(Command command, Instant receivedAt) {
        if (command.isPong()) {
            awaitsPong = false;
            return;
        }
        Command.Request request = command.request();
        boolean isOneWay = request instanceof Command.NotOffered notOffered && notOffered.oneWay();
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
        switch (request) {
            case Command.Connect connect -> connect(command.id(), connect);
            case Command.Subscribe subscribe -> subscribe(command.id(), subscribe);
            case Command.Unsubscribe unsubscribe -> unsubscribe(command.id(), unsubscribe);
            case Command.Publish publish -> publish(command.id(), publish, receivedAt);
            case Command.NotOffered _ -> {
                if (isOneWay) {
                    close(DisconnectCode.NOT_AVAILABLE);
                } else {
                    fail(command.id(), ErrorCode.NOT_AVAILABLE);
                }
            }
        }
    }

    private void connect(long commandId, Command.Connect connect) {
        if (connect.token().isEmpty()) {
            close(DisconnectCode.BAD_REQUEST);
            return;
        }
        switch (node.tokens().verify(connect.token())) {
            case Tokens.Valid valid -> {
                state = State.CONNECTED;
                player = valid.player();
                playerKey = player.getBytes(StandardCharsets.UTF_8);
                expiresAt = valid.expiresAt();
                reply(
                        new Reply.Connected(
                                commandId,
                                id,
                                node.version(),
                                (int) node.config().ping().toSeconds()));
            }
            case Tokens.Expired _ -> {
                fail(commandId, ErrorCode.TOKEN_EXPIRED);
                state = State.REFUSED;
                after(CLOSE_MS_MAX, () -> close(DisconnectCode.EXPIRED));
            }
            case Tokens.Invalid _ -> close(DisconnectCode.INVALID_TOKEN);
        }
    }

    private void subscribe(long commandId, Command.Subscribe request) {
        String channel = request.channel();
        if (channel.isEmpty()) {
            close(DisconnectCode.BAD_REQUEST);
            return;
        }
        Subscription earlier = byChannel.get(channel);
        if (earlier != null) {
            if (earlier.state != Subscription.State.PENDING) {
                fail(commandId, ErrorCode.ALREADY_SUBSCRIBED);
                return;
            }
            // A client that lost patience asks again: the new request supersedes the old.
            remove(earlier);
        }
        switch (node.channels().resolve(channel)) {
            case Channels.Refused refused -> fail(commandId, refused.error());
            case Channels.Address(Namespace namespace, byte[] key) -> {
                if (!allows(namespace.subscribe(), key)) {
                    fail(commandId, ErrorCode.PERMISSION_DENIED);
                } else if (key == null) {
                    // Records without a key are spread over all partitions: there is no one
                    // position.
                    fail(commandId, ErrorCode.BAD_REQUEST);
                } else if (byChannel.size() >= node.config().limits().subscriptions()) {
                    fail(commandId, ErrorCode.LIMIT_EXCEEDED);
                } else {
                    subscribe(commandId, request, namespace, key);
                }
            }
        }
    }

    private void subscribe(
            long commandId, Command.Subscribe request, Namespace namespace, byte[] key) {
        TopicDirectory.Entry topic = node.topics().find(namespace.topic());
        if (topic == null) {
            fail(commandId, ErrorCode.INTERNAL);
            return;
        }
        ChannelFeed feed = subscriptions.join(request.channel(), namespace, topic, key);
        var subscription = new Subscription(this, feed, request, commandId);
        byChannel.put(request.channel(), subscription);
        boolean isLatest = namespace.mode() == Namespace.Mode.LATEST;
        boolean continues =
                request.recover()
                        && (request.epoch().isEmpty() || request.epoch().equals(feed.epoch()));
        // The newest value is all there is to have of a `latest` channel, whatever was missed.
        subscription.isRecoverable = continues || isLatest;
        if (continues) {
            subscriptions.request(subscription, request.offset(), request.offset() == 0);
        } else if (isLatest) {
            subscriptions.request(subscription, 0, true);
        } else {
            subscriptions.request(subscription, PieceRequest.LIVE_ONLY, false);
        }
        after(
                SUBSCRIBE_MS_MAX,
                () -> {
                    if (subscription.state == Subscription.State.PENDING) {
                        refuse(subscription, ErrorCode.INTERNAL);
                    }
                });
    }

    private void unsubscribe(long commandId, Command.Unsubscribe request) {
        Subscription subscription = byChannel.get(request.channel());
        if (subscription != null) {
            remove(subscription);
        }
        reply(new Reply.Unsubscribed(commandId));
    }

    private void publish(long commandId, Command.Publish publish, Instant receivedAt) {
        GatewayConfig.Limits limits = node.config().limits();
        if (publish.data().length == 0) {
            fail(commandId, ErrorCode.BAD_REQUEST);
        } else if (publish.data().length > limits.publishBytes()) {
            fail(commandId, ErrorCode.LIMIT_EXCEEDED);
        } else if (publishesInFlight >= limits.publishesInFlight()) {
            fail(commandId, ErrorCode.TOO_MANY_REQUESTS);
        } else {
            switch (node.channels().resolve(publish.channel())) {
                case Channels.Refused refused -> fail(commandId, refused.error());
                case Channels.Address(Namespace namespace, byte[] channelKey) -> {
                    boolean byPlayer = namespace.key() == Namespace.KeySource.PLAYER;
                    byte[] key = byPlayer && channelKey == null ? playerKey : channelKey;
                    if (!allows(namespace.publish(), key)) {
                        fail(commandId, ErrorCode.PERMISSION_DENIED);
                    } else if (key == null || (byPlayer && channelKey != null)) {
                        fail(commandId, ErrorCode.BAD_REQUEST);
                    } else {
                        publish(commandId, namespace.topic(), key, publish.data(), receivedAt);
                    }
                }
            }
        }
    }

    private void publish(
            long commandId, String topic, byte[] key, byte[] data, Instant receivedAt) {
        publishesInFlight++;
        long receivedUs =
                TimeUnit.SECONDS.toMicros(receivedAt.getEpochSecond())
                        + TimeUnit.NANOSECONDS.toMicros(receivedAt.getNano());
        node.publisher()
                .publish(
                        topic,
                        key,
                        data,
                        new Publisher.Origin(player, id, receivedUs),
                        failure -> subscriptions.execute(() -> published(commandId, failure)));
    }

    private void published(long commandId, @Nullable Exception failure) {
        publishesInFlight--;
        if (failure == null) {
            reply(new Reply.Published(commandId));
        } else {
            fail(commandId, ErrorCode.INTERNAL);
        }
        flush();
    }

    private boolean allows(Namespace.Permission permission, byte @Nullable [] key) {
        return switch (permission) {
            case ANY -> true;
            case OWN -> Arrays.equals(key, playerKey);
            case NONE -> false;
        };
    }

    private void remove(Subscription subscription) {
        byChannel.remove(subscription.feed.channel, subscription);
        subscriptions.leave(subscription);
    }

    private void end() {
        state = State.CLOSED;
        for (Subscription subscription : List.copyOf(byChannel.values())) {
            remove(subscription);
        }
    }

    private void fail(long commandId, ErrorCode error) {
        // Commands without an id are never answered.
        if (commandId != 0) {
            reply(new Reply.Failed(commandId, error));
        }
    }

    private void reply(Reply reply) {
        write(buffer(ENCODER.reply(reply)));
    }

    private ByteBuf buffer(byte[] json) {
        byte[] frame = Frames.text(json);
        return context.alloc().directBuffer(frame.length).writeBytes(frame);
    }

    private void after(long ms, Runnable task) {
        var _ = context.executor().schedule(task, ms, TimeUnit.MILLISECONDS);
    }
}
