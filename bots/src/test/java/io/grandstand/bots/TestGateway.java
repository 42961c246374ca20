package io.grandstand.bots;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.events.Json;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A gateway without Kafka: it welcomes everybody, accepts every publish and remembers it, and
/// tells the subscribers of a channel what a test says.
final class TestGateway implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listener;
    private final Map<String, Set<Channel>> subscribers = new ConcurrentHashMap<>();
    private final Map<String, String> latest = new ConcurrentHashMap<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();

    TestGateway() {
        listener =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel socket) {
                                        socket.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(8192),
                                                        new WebSocketServerProtocolHandler("/ws"),
                                                        new Session());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    URI endpoint() {
        var address = (InetSocketAddress) listener.localAddress();
        return URI.create("ws://127.0.0.1:%d/ws".formatted(address.getPort()));
    }

    /// The error that the next publish is answered with.
    void refuseNext(String error) {
        refusals.add(error);
    }

    /// Tells a record to those subscribed to the channel, and to those who subscribe later.
    void publish(String channel, Object record) {
        String data = new String(Json.write(record), StandardCharsets.UTF_8);
        listener.eventLoop()
                .submit(() -> {
                    latest.put(channel, data);
                    for (Channel subscriber : subscribers.getOrDefault(channel, Set.of())) {
                        push(subscriber, channel, data);
                    }
                })
                .syncUninterruptibly();
    }

    /// The next that clients do, one line each: `subscribe <channel>`, `unsubscribe <channel>`, or
    /// `publish <channel> <data>`.
    List<String> next(int count) throws InterruptedException {
        var next = new ArrayList<String>();
        while (next.size() < count) {
            String event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("only " + next);
            }
            next.add(event);
        }
        return next;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static void push(Channel subscriber, String channel, String data) {
        send(
                subscriber,
                "{\"push\":{\"channel\":\"%s\",\"pub\":{\"data\":%s,\"offset\":1}}}"
                        .formatted(channel, data));
    }

    private static void send(Channel client, String frame) {
        var _ = client.writeAndFlush(new TextWebSocketFrame(frame));
    }

    private final class Session extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame)
                throws Exception {
            JsonNode command = new JsonMapper().readTree(frame.text());
            Channel client = context.channel();
            long id = command.path("id").asLong();
            if (command.has("connect")) {
                send(
                        client,
                        "{\"id\":%d,\"connect\":{\"client\":\"c\",\"ping\":25}}".formatted(id));
            } else if (command.has("subscribe")) {
                String channel = command.path("subscribe").path("channel").asText();
                subscribers
                        .computeIfAbsent(channel, _ -> ConcurrentHashMap.newKeySet())
                        .add(client);
                send(
                        client,
                        "{\"id\":%d,\"subscribe\":{\"recoverable\":true,\"epoch\":\"e\"}}"
                                .formatted(id));
                events.add("subscribe " + channel);
                String data = latest.get(channel);
                if (data != null) {
                    push(client, channel, data);
                }
            } else if (command.has("unsubscribe")) {
                String channel = command.path("unsubscribe").path("channel").asText();
                subscribers.getOrDefault(channel, Set.of()).remove(client);
                send(client, "{\"id\":%d,\"unsubscribe\":{}}".formatted(id));
                events.add("unsubscribe " + channel);
            } else if (command.has("publish")) {
                JsonNode publish = command.path("publish");
                String refusal = refusals.poll();
                send(
                        client,
                        refusal == null
                                ? "{\"id\":%d,\"publish\":{}}".formatted(id)
                                : "{\"id\":%d,\"error\":%s}".formatted(id, refusal));
                events.add(
                        "publish %s %s%s"
                                .formatted(
                                        publish.path("channel").asText(),
                                        publish.path("data"),
                                        refusal == null ? "" : " refused"));
            }
        }
    }
}
