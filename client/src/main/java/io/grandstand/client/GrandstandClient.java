package io.grandstand.client;

import io.grandstand.client.ServerMessage.Reply;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static final int ALREADY_SUBSCRIBED = 105;
    private static final int TOKEN_EXPIRED = 109;

    /// Subscriptions that the server ends with a lower code stay ended.
    private static final int RESUBSCRIBE_CODE_MIN = 2500;

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
    private long pingSeconds;
    private boolean pong;
    private int failures;
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
        void succeeded(Reply reply);

        void failed(ClientException error);
    }

    private static final OnReply IGNORED =
            new OnReply() {
                @Override
                public void succeeded(Reply reply) {}

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

    /// Publishes one JSON value. Completes when the server has it for good; fails with a
    /// `ClientException`, at once where there is no connection.
    public CompletableFuture<@Nullable Void> publish(String channel, String data) {
        return call(id -> CommandWriter.publish(id, channel, data), _ -> null);
    }

    /// Publishes one JSON value in UTF-8.
    public CompletableFuture<@Nullable Void> publish(String channel, byte[] data) {
        return publish(channel, new String(data, StandardCharsets.UTF_8));
    }

    /// Calls a method of the server with one JSON value. Completes with the one it returns; fails
    /// as `publish` does.
    public CompletableFuture<byte[]> rpc(String method, String data) {
        return call(
                id -> CommandWriter.rpc(id, method, data),
                reply ->
                        reply instanceof ServerMessage.Called called ? called.data() : new byte[0]);
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
                        config.endpoint(),
                        config.timeout(),
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
        send(
                id -> CommandWriter.connect(id, config.token().get()),
                new OnReply() {
                    @Override
                    public void succeeded(Reply reply) {
                        if (reply instanceof ServerMessage.Connected connected) {
                            welcome(connected);
                        }
                    }

                    @Override
                    public void failed(ClientException error) {
                        refused(error);
                    }
                });
    }

    private void welcome(ServerMessage.Connected connected) {
        state = State.CONNECTED;
        failures = 0;
        pingSeconds = connected.pingSeconds();
        pong = connected.pong();
        expectPing();
        tell(() -> listener.connected(connected.client()));
        List.copyOf(subscriptions.values()).forEach(this::request);
    }

    private void refused(ClientException error) {
        if (error.code() == ClientException.CONNECTION_LOST) {
            return;
        }
        leave();
        boolean again = error.temporary() || error.code() == TOKEN_EXPIRED;
        int code =
                error.code() == ClientException.NO_REPLY ? ClientListener.NO_REPLY : error.code();
        lost(code, String.valueOf(error.getMessage()), again);
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
        List<ServerMessage> messages;
        try {
            messages = MessageReader.read(frame);
        } catch (IOException e) {
            LOG.warn("The server sent what is not JSON", e);
            leave();
            lost(ClientListener.TRANSPORT_CLOSED, "the server sent what is not JSON", true);
            return;
        }
        Connection readFrom = connection;
        for (ServerMessage message : messages) {
            if (connection != readFrom) {
                return;
            }
            handle(message);
        }
    }

    private void handle(ServerMessage message) {
        switch (message) {
            case ServerMessage.Ping _ -> pinged();
            case Reply reply -> replied(reply);
            case ServerMessage.Published published -> published(published);
            case ServerMessage.Unsubscribed ended -> ended(ended);
            case ServerMessage.Disconnected(int code, String reason) -> {
                leave();
                lost(code, reason, !isFinal(code));
            }
            case ServerMessage.Other _ -> {}
        }
    }

    private void pinged() {
        expectPing();
        if (pong && connection != null) {
            connection.send(CommandWriter.PONG);
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

    private void replied(Reply reply) {
        Pending command = pending.remove(reply.id());
        if (command == null) {
            return;
        }
        cancel(command.timeout);
        if (reply instanceof ServerMessage.Failed failed) {
            command.onReply.failed(failed.exception());
        } else {
            command.onReply.succeeded(reply);
        }
    }

    private interface Command {
        String json(long id);
    }

    private void send(Command command, OnReply onReply) {
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
        open.send(command.json(id));
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
            Command command, Function<Reply, T> value) {
        var result = new CompletableFuture<T>();
        var onReply =
                new OnReply() {
                    @Override
                    public void succeeded(Reply reply) {
                        result.complete(value.apply(reply));
                    }

                    @Override
                    public void failed(ClientException error) {
                        result.completeExceptionally(error);
                    }
                };
        onLoop(() -> {
            if (state == State.CONNECTED) {
                send(command, onReply);
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
            var error = new ClientException(ALREADY_SUBSCRIBED, "already subscribed", false);
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
            send(id -> CommandWriter.unsubscribe(id, channel), IGNORED);
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
                id ->
                        from == null
                                ? CommandWriter.subscribe(id, channel)
                                : CommandWriter.subscribe(id, channel, from),
                new OnReply() {
                    @Override
                    public void succeeded(Reply reply) {
                        if (reply instanceof ServerMessage.Subscribed subscribed
                                && isCurrent(subscription)) {
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

    private void subscribed(Subscription subscription, ServerMessage.Subscribed reply) {
        subscription.failures = 0;
        subscription.subscribed = true;
        subscription.position = reply.recoverable() ? reply.position() : null;
        tell(() ->
                subscription.listener.subscribed(
                        reply.position(), reply.wasRecovering(), reply.recovered()));
        for (Publication publication : reply.missed()) {
            deliver(subscription, publication);
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
        if (error.temporary()) {
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

    private void published(ServerMessage.Published published) {
        Subscription subscription = subscriptions.get(published.channel());
        if (subscription != null && subscription.subscribed) {
            deliver(subscription, published.publication());
        }
    }

    private void deliver(Subscription subscription, Publication publication) {
        Position position = subscription.position;
        if (position != null && publication.offset() > 0) {
            subscription.position = new Position(position.epoch(), publication.offset());
        }
        tell(() -> subscription.listener.publication(publication));
    }

    private void ended(ServerMessage.Unsubscribed ended) {
        Subscription subscription = subscriptions.get(ended.channel());
        if (subscription == null) {
            return;
        }
        subscription.requested = false;
        subscription.subscribed = false;
        if (ended.code() >= RESUBSCRIBE_CODE_MIN) {
            request(subscription);
        } else {
            subscriptions.remove(ended.channel());
            tell(() -> subscription.listener.unsubscribed(ended.code(), ended.reason()));
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
