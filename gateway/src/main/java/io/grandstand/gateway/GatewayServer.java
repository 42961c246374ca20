package io.grandstand.gateway;

import io.grandstand.protocol.Codes.DisconnectCode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening socket and its event loops: each loop with its own subscriptions, pings and
/// sessions.
final class GatewayServer {
    private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);

    /// Name of the handler that closes idle HTTP connections; a WebSocket has pings instead.
    static final String HTTP_IDLE = "http-idle";

    private static final int HTTP_IDLE_SECONDS = 30;
    private static final int HTTP_BODY_BYTES_MAX = 64 << 10;
    private static final int HTTP_HEADERS_BYTES_MAX = 8 << 10;
    private static final int HTTP_CHUNK_BYTES_MAX = 8 << 10;

    /// Longest request line: event streams bring their connect in the address, with a token and
    /// perhaps many positions.
    private static final int HTTP_LINE_BYTES_MAX = 32 << 10;

    private static final int BACKLOG = 4096;

    /// How much is read at once.
    private static final int READ_BYTES = 2048;

    /// How long a client's answer to its close frame is waited for on shutdown.
    private static final long CLOSE_MS_MAX = 1000;

    private static final SecureRandom SECRETS = new SecureRandom();

    private final Node node;
    private final MultiThreadIoEventLoopGroup loops;
    private final Map<EventExecutor, LoopState> byLoop;
    private final Class<? extends ServerSocketChannel> transport;
    private final @Nullable ServerTls tls;
    private @Nullable Channel listener;

    /// What belongs to one event loop, confined to it.
    private record LoopState(
            EventLoop loop,
            LoopSubscriptions subscriptions,
            PingWheel pings,
            Map<Session, Channel> sessions) {}

    /// Event loops for `node`, reading through `readers`; `random` spreads the pings.
    ///
    /// @param tls encrypts connections; null where nothing does
    GatewayServer(
            Node node, List<KafkaReader> readers, RandomGenerator random, @Nullable ServerTls tls) {
        this.node = node;
        this.tls = tls;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        transport = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        loops = new MultiThreadIoEventLoopGroup(io);
        var states = new HashMap<EventExecutor, LoopState>();
        for (EventExecutor executor : loops) {
            var loop = (EventLoop) executor;
            states.put(
                    loop,
                    new LoopState(
                            loop,
                            new LoopSubscriptions(
                                    loop,
                                    readers,
                                    node.config().compression().minBytes(),
                                    node.stats()),
                            new PingWheel(
                                    loop,
                                    node.config().timing().ping().toMillis(),
                                    node.config().timing().pong().toMillis(),
                                    random),
                            new HashMap<>()));
        }
        byLoop = Map.copyOf(states);
    }

    /// Starts to listen. Sessions and routes are served from then on.
    void start(List<HttpRoute> routes, @Nullable StaticFiles files) throws IOException {
        GatewayConfig config = node.config();
        var site =
                new FrontDoor.Site(
                        routes,
                        files,
                        config.listen().allowedOrigins(),
                        config.compression().enabled(),
                        node,
                        this::newSession);
        var bootstrap =
                new ServerBootstrap()
                        .group(loops)
                        .channel(transport)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        // Recycles the views that a broadcast makes of its buffer; Netty's default
                        // allocator makes a new one per recipient.
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        // One guess for all: clients send little, and a guess of its own costs each
                        // connection a hundred bytes.
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_BYTES))
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(
                                        config.backpressure().lowBytes(),
                                        config.backpressure().highBytes()))
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        if (tls != null) {
                                            tls.addTo(channel);
                                        }
                                        channel.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(
                                                                HTTP_LINE_BYTES_MAX,
                                                                HTTP_HEADERS_BYTES_MAX,
                                                                HTTP_CHUNK_BYTES_MAX))
                                                .addLast(
                                                        new HttpObjectAggregator(
                                                                HTTP_BODY_BYTES_MAX))
                                                .addLast(
                                                        HTTP_IDLE,
                                                        new IdleStateHandler(
                                                                HTTP_IDLE_SECONDS, 0, 0))
                                                .addLast(new FrontDoor(site));
                                    }
                                });
        var address = new InetSocketAddress(config.listen().host(), config.listen().port());
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on %s:%d (%s): choose another port, or stop what uses it"
                            .formatted(
                                    config.listen().host(),
                                    config.listen().port(),
                                    bound.cause().getMessage()));
        }
        listener = bound.channel();
    }

    /// The port listened on; known once started.
    int port() {
        if (listener == null) {
            throw new IllegalStateException("not started");
        }
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /// Stops accepting, then tells every client to move to another node, at an even pace over the
    /// configured time, so that they do not all arrive there at once.
    void drain() throws InterruptedException {
        if (listener != null) {
            listener.close().await();
        }
        long drainMs = node.config().timing().drain().toMillis();
        var gone = new ArrayList<CompletableFuture<?>>();
        for (LoopState state : byLoop.values()) {
            var loopGone = new CompletableFuture<@Nullable Void>();
            gone.add(loopGone);
            state.loop().execute(() -> drain(state, drainMs, loopGone));
        }
        try {
            CompletableFuture.allOf(gone.toArray(CompletableFuture[]::new))
                    .get(drainMs + CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException someDoNotAnswer) {
            log.debug("some clients did not answer their close frame");
        }
    }

    /// Ends the loops; what is still connected is cut.
    void close() throws InterruptedException {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }

    private static void drain(
            LoopState state, long drainMs, CompletableFuture<@Nullable Void> gone) {
        Map<Session, Channel> sessions = Map.copyOf(state.sessions());
        if (sessions.isEmpty()) {
            gone.complete(null);
            return;
        }
        var left = new AtomicInteger(sessions.size());
        int turn = 0;
        for (Map.Entry<Session, Channel> entry : sessions.entrySet()) {
            entry.getValue()
                    .closeFuture()
                    .addListener(_ -> {
                        if (left.decrementAndGet() == 0) {
                            gone.complete(null);
                        }
                    });
            var _ =
                    state.loop()
                            .schedule(
                                    () -> entry.getKey().close(DisconnectCode.SHUTDOWN),
                                    drainMs * turn / sessions.size(),
                                    TimeUnit.MILLISECONDS);
            turn++;
        }
    }

    private Function<Link, Session> newSession(
            Channel channel, Wire wire, boolean emulated, boolean pingsTransport) {
        LoopState state = byLoop.get(channel.eventLoop());
        if (state == null) {
            throw new AssertionError("a connection on a foreign event loop");
        }
        String secret = emulated && !wire.isUnidirectional() ? newSecret() : "";
        return link -> {
            var session =
                    new Session(
                            node,
                            UUID.randomUUID(),
                            secret,
                            state.subscriptions(),
                            link,
                            wire,
                            pingsTransport);
            int slot = state.pings().add(session);
            state.sessions().put(session, channel);
            node.stats().connections.incrementAndGet();
            if (!secret.isEmpty()) {
                node.emulated().put(secret, session);
            }
            channel.closeFuture()
                    .addListener(_ -> {
                        state.sessions().remove(session);
                        state.pings().remove(slot, session);
                        node.stats().connections.decrementAndGet();
                        node.emulated().remove(secret);
                    });
            return session;
        };
    }

    /// Nobody can guess it: who has it can speak for the session.
    private static String newSecret() {
        byte[] secret = new byte[24];
        SECRETS.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /// Runs `task` for every session of a player, each on its own loop; any thread.
    void forEachSession(String player, Consumer<Session> task) {
        for (LoopState state : byLoop.values()) {
            state.subscriptions()
                    .execute(() -> {
                        for (Session session : List.copyOf(state.sessions().keySet())) {
                            if (session.isConnected() && session.player.id().equals(player)) {
                                task.accept(session);
                            }
                        }
                    });
        }
    }

    /// A topic is gone or another; any thread.
    void topicChanged(String topic, boolean isGone) {
        for (LoopState state : byLoop.values()) {
            LoopSubscriptions subscriptions = state.subscriptions();
            subscriptions.execute(() -> subscriptions.changed(topic, isGone));
        }
    }
}
