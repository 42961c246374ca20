package io.grandstand.client;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client of the gateway.
///
/// It keeps one WebSocket open, returns by itself when that is lost, subscribes again to every
/// channel it was subscribed to, and continues each from the last publication it saw.
///
/// Methods may be called from any thread. Everything happens on one event loop, on which listeners
/// are called too and must not block. Futures complete there.
public final class GrandstandClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrandstandClient.class);

    /// Subscriptions that the server ends with a lower code stay ended.
    private static final int RESUBSCRIBE_CODE_MIN = UnsubscribeCode.INSUFFICIENT_STATE.code();

    private static final byte[] NONE = {};

    /// A frame of ours was too big: the same would happen again.
    private static final int MESSAGE_TOO_BIG = 1009;

    /// How late a ping may be.
    private static final Duration PING_GRACE = Duration.ofSeconds(10);

    private enum State {
        NEW,
        CONNECTING,
        CONNECTED,
        WAITING,
        CLOSED
    }

    private final EventLoop loop;
    private final ClientConfig config;
    private final RandomGenerator random;
    private final ClientListener listener;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    // Confined to the loop from here on.
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final Map<Long, Pending> pending = new HashMap<>();
    private State state = State.NEW;
    private @Nullable Connection connection;
    private @Nullable ScheduledFuture<?> retry;
    private @Nullable ScheduledFuture<?> noPing;
    private @Nullable ScheduledFuture<?> refresh;
    private long pingSeconds;
    private boolean pong;
    private int failures;
    private int refreshFailures;
    private long lastId;

    /// What is known of a channel.
    private static final class Subscription {
        final String channel;
        final SubscriptionListener listener;
        @Nullable Position position;
        boolean requested;
        boolean subscribed;
        int failures;

        Subscription(String channel, @Nullable Position from, SubscriptionListener listener) {
            this.channel = channel;
            this.position = from;
            this.listener = listener;
        }
    }

    private interface OnReply {
        void succeeded(Message.Result result);

        void failed(ClientException error);
    }

    private static final OnReply IGNORED =
            new OnReply() {
                @Override
                public void succeeded(Message.Result result) {}

                @Override
                public void failed(ClientException error) {}
            };

    private record Pending(OnReply onReply, ScheduledFuture<?> timeout) {}

    /// A client that does not connect yet.
    ///
    /// @param loops event loops for NIO, shared by many clients; the client takes one of them
    /// @param random decides how long to wait between attempts to connect; used on the loop alone
    public GrandstandClient(
            EventLoopGroup loops,
            ClientConfig config,
            RandomGenerator random,
            ClientListener listener) {
        this.loop = loops.next();
        this.config = config;
        this.random = random;
        this.listener = listener;
    }

    /// The client's thread, for timers of its owner.
    public EventLoop loop() {
        return loop;
    }

    /// Connects, and stays connected until closed. Said again, it does nothing.
    public void connect() {
        onLoop(() -> {
            if (state == State.NEW) {
                open();
            }
        });
    }

    /// Subscribes to a channel from now on.
    public void subscribe(String channel, SubscriptionListener listener) {
        onLoop(() -> add(new Subscription(channel, null, listener)));
    }

    /// Subscribes to a channel, beginning after a position.
    public void subscribe(String channel, Position from, SubscriptionListener listener) {
        onLoop(() -> add(new Subscription(channel, from, listener)));
    }

    /// Ends a subscription. Its listener hears nothing after `unsubscribed`.
    public void unsubscribe(String channel) {
        onLoop(() -> remove(channel));
    }

    /// Publishes `data`, which in the format JSON is one JSON value in UTF-8. Completes when the
    /// server has it for good; fails with a `ClientException`, at once where there is no
    /// connection. The array is not to be changed afterwards.
    ///
    /// @throws IllegalArgumentException if `data` is not JSON where it should be
    public CompletableFuture<@Nullable Void> publish(String channel, byte[] data) {
        checkFormat(data);
        return call(new Command.Publish(channel, data), _ -> null);
    }

    /// Publishes text, which in the format JSON is one JSON value.
    public CompletableFuture<@Nullable Void> publish(String channel, String data) {
        return publish(channel, data.getBytes(StandardCharsets.UTF_8));
    }

    /// Calls a method of the server with `data`, which may be empty, and in the format JSON is one
    /// JSON value otherwise. Completes with what it returns, of the same kind; fails as `publish`
    /// does.
    ///
    /// @throws IllegalArgumentException if `data` is not JSON where it should be
    public CompletableFuture<byte[]> rpc(String method, byte[] data) {
        if (data.length > 0) {
            checkFormat(data);
        }
        return call(
                new Command.Rpc(method, data),
                result -> result instanceof Message.RpcResult(byte[] returned) ? returned : NONE);
    }

    /// Calls a method with text.
    public CompletableFuture<byte[]> rpc(String method, String data) {
        return rpc(method, data.getBytes(StandardCharsets.UTF_8));
    }

    /// Completes when the client is closed, by its owner or by the server.
    public CompletableFuture<@Nullable Void> closed() {
        return closed.copy();
    }

    /// Ends the connection and all subscriptions; returns at once. Closing twice is harmless.
    @Override
    public void close() {
        try {
            onLoop(() -> {
                if (state != State.CLOSED) {
                    leave();
                    lost(ClientListener.CLOSED, "closed by the client", false);
                }
            });
        } catch (RejectedExecutionException loopIsGone) {
            closed.complete(null);
        }
    }

    /// What is no JSON value would make the server close the connection for good.
    private void checkFormat(byte[] data) {
        if (!config.format().accepts(data)) {
            throw new IllegalArgumentException("data is not one JSON value");
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void open() {
        state = State.CONNECTING;
        connection =
                Connection.open(
                        loop,
                        config,
                        new Connection.Events() {
                            @Override
                            public void opened() {
                                sayHello();
                            }

                            @Override
                            public void received(byte[] frame) {
                                read(frame);
                            }

                            @Override
                            public void closed(int code, String reason) {
                                connection = null;
                                lost(code, reason, !isFinal(code));
                            }
                        });
    }

    private void sayHello() {
        Optional<String> token = token();
        if (token.isEmpty()) {
            leave();
            lost(ClientListener.NO_TOKEN, "no token", true);
            return;
        }
        send(
                new Command.Connect(token.get(), NONE, Map.of(), "grandstand", "", Map.of()),
                new OnReply() {
                    @Override
                    public void succeeded(Message.Result result) {
                        if (result instanceof Message.Connected connected) {
                            welcome(connected);
                        } else {
                            malformed();
                        }
                    }

                    @Override
                    public void failed(ClientException error) {
                        refused(error);
                    }
                });
    }

    private Optional<String> token() {
        try {
            return Optional.of(config.token().get());
        } catch (RuntimeException e) {
            LOG.warn("The supplier of tokens failed", e);
            return Optional.empty();
        }
    }

    private void welcome(Message.Connected connected) {
        state = State.CONNECTED;
        failures = 0;
        pingSeconds = connected.pingSeconds();
        pong = connected.pong();
        expectPing();
        expectExpiry(connected.expires(), connected.ttlSeconds());
        tell(() -> listener.connected(connected.client()));
        List.copyOf(subscriptions.values()).forEach(this::request);
    }

    /// The token did not find favour, at the start or later. If that is because the connection was
    /// lost in between, it has been dealt with.
    private void refused(ClientException error) {
        if (connection == null) {
            return;
        }
        leave();
        boolean again = error.temporary() || error.code() == ErrorCode.TOKEN_EXPIRED.code();
        int code =
                error.code() == ClientException.NO_REPLY ? ClientListener.NO_REPLY : error.code();
        lost(code, String.valueOf(error.getMessage()), again);
    }

    /// Sees to it that the token is replaced in time; servers give some seconds of grace.
    private void expectExpiry(boolean expires, int ttlSeconds) {
        cancel(refresh);
        refreshFailures = 0;
        if (expires && ttlSeconds == 0) {
            // Not at once: a server that always says so would be asked without pause.
            refreshLater();
        } else if (expires) {
            refresh = loop.schedule(this::refresh, ttlSeconds, TimeUnit.SECONDS);
        }
    }

    private void refresh() {
        Optional<String> token = token();
        if (token.isEmpty()) {
            refreshLater();
            return;
        }
        send(
                new Command.Refresh(token.get()),
                new OnReply() {
                    @Override
                    public void succeeded(Message.Result result) {
                        if (result instanceof Message.Refreshed refreshed) {
                            expectExpiry(refreshed.expires(), refreshed.ttlSeconds());
                        } else {
                            malformed();
                        }
                    }

                    @Override
                    public void failed(ClientException error) {
                        if (error.temporary() && connection != null) {
                            refreshLater();
                        } else {
                            refused(error);
                        }
                    }
                });
    }

    private void refreshLater() {
        long waitMs = config.backoff().delay(refreshFailures++, random).toMillis();
        refresh = loop.schedule(this::refresh, waitMs, TimeUnit.MILLISECONDS);
    }

    private void leave() {
        Connection left = connection;
        connection = null;
        if (left != null) {
            left.leave();
        }
    }

    /// The connection is gone. Everything is in order before anybody hears of it.
    private void lost(int code, String reason, boolean again) {
        cancel(noPing);
        cancel(refresh);
        cancel(retry);
        List<Pending> unanswered = List.copyOf(pending.values());
        pending.clear();
        for (Subscription subscription : subscriptions.values()) {
            subscription.requested = false;
            subscription.subscribed = false;
        }
        if (again) {
            state = State.WAITING;
            long waitMs = config.backoff().delay(failures++, random).toMillis();
            retry = loop.schedule(this::open, waitMs, TimeUnit.MILLISECONDS);
        } else {
            state = State.CLOSED;
            subscriptions.clear();
        }
        var error =
                new ClientException(
                        ClientException.CONNECTION_LOST, "connection lost: " + reason, true);
        for (Pending command : unanswered) {
            cancel(command.timeout);
            command.onReply.failed(error);
        }
        tell(() -> listener.disconnected(code, reason, again));
        if (!again) {
            closed.complete(null);
        }
    }

    private static boolean isFinal(int code) {
        return code == MESSAGE_TOO_BIG
                || (3500 <= code && code <= 3999)
                || (4500 <= code && code <= 4999);
    }

    private void read(byte[] frame) {
        List<Message> messages;
        try {
            messages = config.format().codec().messages(frame);
        } catch (Codec.Malformed e) {
            LOG.warn("The server sent a malformed frame: {}", e.getMessage());
            malformed();
            return;
        }
        Connection readFrom = connection;
        for (Message message : messages) {
            if (connection != readFrom) {
                return;
            }
            handle(message);
        }
    }

    private void malformed() {
        leave();
        lost(ClientListener.MALFORMED, "the server sent a malformed frame", true);
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Ping _ -> pinged();
            case Message.Reply(long id, Message.Result result) -> replied(id, result);
            case Message.Push(String channel, Message.Event event) -> happened(channel, event);
        }
    }

    private void happened(String channel, Message.Event event) {
        switch (event) {
            case Message.PublicationEvent(io.grandstand.protocol.Publication publication) ->
                    published(channel, publication);
            case Message.SubscriptionEnded(int code, String reason) -> ended(channel, code, reason);
            case Message.Disconnected(int code, String reason) -> {
                leave();
                lost(code, reason, !isFinal(code));
            }
            case Message.RefreshEvent(boolean expires, int ttlSeconds) ->
                    expectExpiry(expires, ttlSeconds);
            // This client asks for none of these.
            case Message.Joined _,
                    Message.Left _,
                    Message.DirectMessage _,
                    Message.SubscriptionAdded _,
                    Message.Connected _ -> {}
        }
    }

    private void pinged() {
        expectPing();
        if (pong && connection != null) {
            connection.send(config.format().codec().encode(Command.PONG));
        }
    }

    private void expectPing() {
        cancel(noPing);
        if (pingSeconds > 0) {
            noPing =
                    loop.schedule(
                            () -> {
                                leave();
                                lost(ClientListener.NO_PING, "no ping", true);
                            },
                            pingSeconds + PING_GRACE.toSeconds(),
                            TimeUnit.SECONDS);
        }
    }

    private void replied(long id, Message.Result result) {
        Pending command = pending.remove(id);
        if (command == null) {
            return;
        }
        cancel(command.timeout);
        if (result instanceof Message.Failed(int code, String message, boolean temporary)) {
            command.onReply.failed(new ClientException(code, message, temporary));
        } else {
            command.onReply.succeeded(result);
        }
    }

    private void send(Command.Request request, OnReply onReply) {
        Connection open = connection;
        if (open == null) {
            onReply.failed(notConnected());
            return;
        }
        long id = ++lastId;
        var timeout =
                loop.schedule(
                        () -> unanswered(id), config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        pending.put(id, new Pending(onReply, timeout));
        open.send(config.format().codec().encode(new Command(id, request)));
    }

    private static ClientException notConnected() {
        return new ClientException(ClientException.NOT_CONNECTED, "not connected", true);
    }

    private void unanswered(long id) {
        Pending command = pending.remove(id);
        if (command != null) {
            var error =
                    new ClientException(
                            ClientException.NO_REPLY,
                            "no reply within %d ms".formatted(config.timeout().toMillis()),
                            true);
            command.onReply.failed(error);
        }
    }

    private <T extends @Nullable Object> CompletableFuture<T> call(
            Command.Request request, Function<Message.Result, T> value) {
        var result = new CompletableFuture<T>();
        var onReply =
                new OnReply() {
                    @Override
                    public void succeeded(Message.Result answer) {
                        result.complete(value.apply(answer));
                    }

                    @Override
                    public void failed(ClientException error) {
                        result.completeExceptionally(error);
                    }
                };
        onLoop(() -> {
            if (state == State.CONNECTED) {
                send(request, onReply);
            } else {
                onReply.failed(notConnected());
            }
        });
        return result;
    }

    private void add(Subscription subscription) {
        if (state == State.CLOSED) {
            tell(() ->
                    subscription.listener.unsubscribed(
                            ClientListener.CLOSED, "the client is closed"));
            return;
        }
        if (subscriptions.putIfAbsent(subscription.channel, subscription) != null) {
            var error =
                    new ClientException(
                            ErrorCode.ALREADY_SUBSCRIBED.code(),
                            ErrorCode.ALREADY_SUBSCRIBED.message(),
                            false);
            tell(() -> subscription.listener.error(error));
            return;
        }
        request(subscription);
    }

    private void remove(String channel) {
        Subscription subscription = subscriptions.remove(channel);
        if (subscription == null) {
            return;
        }
        if (subscription.requested) {
            send(new Command.Unsubscribe(channel), IGNORED);
        }
        tell(() -> subscription.listener.unsubscribed(0, "unsubscribed by the client"));
    }

    /// Asks for a channel, unless that has been done or is no longer wanted.
    private void request(Subscription subscription) {
        if (state != State.CONNECTED || subscription.requested || !isCurrent(subscription)) {
            return;
        }
        subscription.requested = true;
        String channel = subscription.channel;
        Position from = subscription.position;
        send(
                from == null
                        ? Command.Subscribe.to(channel)
                        : Command.Subscribe.after(channel, from.epoch(), from.offset()),
                new OnReply() {
                    @Override
                    public void succeeded(Message.Result result) {
                        if (!(result instanceof Message.Subscribed subscribed)) {
                            malformed();
                        } else if (isCurrent(subscription)) {
                            subscribed(subscription, subscribed);
                        }
                    }

                    @Override
                    public void failed(ClientException error) {
                        notSubscribed(subscription, error);
                    }
                });
    }

    /// Not so once the owner has unsubscribed, even if subscribed to the channel anew.
    private boolean isCurrent(Subscription subscription) {
        return subscriptions.get(subscription.channel) == subscription;
    }

    private void subscribed(Subscription subscription, Message.Subscribed reply) {
        subscription.failures = 0;
        subscription.subscribed = true;
        var position = new Position(reply.epoch(), reply.offset());
        subscription.position = reply.recoverable() ? position : null;
        tell(() ->
                subscription.listener.subscribed(
                        position, reply.wasRecovering(), reply.recovered()));
        for (var publication : reply.publications()) {
            deliver(subscription, Publication.of(publication));
        }
    }

    private void notSubscribed(Subscription subscription, ClientException error) {
        if (error.code() == ClientException.NO_REPLY) {
            leave();
            lost(ClientListener.NO_REPLY, "no reply to a subscribe", true);
        }
        if (connection == null || !isCurrent(subscription)) {
            return;
        }
        if (error.code() == ErrorCode.UNRECOVERABLE_POSITION.code()
                && subscription.position != null) {
            subscription.requested = false;
            subscription.position = null;
            tell(() -> subscription.listener.error(error));
            request(subscription);
        } else if (error.temporary()) {
            subscription.requested = false;
            long waitMs = config.backoff().delay(subscription.failures++, random).toMillis();
            var _ = loop.schedule(() -> request(subscription), waitMs, TimeUnit.MILLISECONDS);
            tell(() -> subscription.listener.error(error));
        } else {
            subscriptions.remove(subscription.channel);
            tell(() -> subscription.listener.error(error));
            tell(() ->
                    subscription.listener.unsubscribed(
                            error.code(), String.valueOf(error.getMessage())));
        }
    }

    private void published(String channel, io.grandstand.protocol.Publication publication) {
        Subscription subscription = subscriptions.get(channel);
        if (subscription != null && subscription.subscribed) {
            deliver(subscription, Publication.of(publication));
        }
    }

    private void deliver(Subscription subscription, Publication publication) {
        Position position = subscription.position;
        if (position != null && publication.offset() > 0) {
            subscription.position = new Position(position.epoch(), publication.offset());
        }
        tell(() -> subscription.listener.publication(publication));
    }

    private void ended(String channel, int code, String reason) {
        Subscription subscription = subscriptions.get(channel);
        if (subscription == null) {
            return;
        }
        subscription.requested = false;
        subscription.subscribed = false;
        if (code >= RESUBSCRIBE_CODE_MIN) {
            request(subscription);
        } else {
            subscriptions.remove(channel);
            tell(() -> subscription.listener.unsubscribed(code, reason));
        }
    }

    /// A listener's mistake must not end the connection.
    private static void tell(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            LOG.error("A listener failed", e);
        }
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
