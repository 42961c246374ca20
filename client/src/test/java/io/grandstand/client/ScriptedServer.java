package io.grandstand.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A WebSocket server that a test plays by hand: it reads what clients send and answers with what
/// the test says. Tests write and read JSON with single quotes; to clients that ask for Protobuf
/// the server speaks that.
final class ScriptedServer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final String PATH = "/connection/websocket";
    private static final String PROTOBUF = "centrifuge-protobuf";

    private final Channel listener;
    private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();

    ScriptedServer(EventLoopGroup loops) {
        this(loops, 0, null);
    }

    /// @param tls for a server that speaks nothing but TLS
    ScriptedServer(EventLoopGroup loops, int port, @Nullable SslContext tls) {
        var webSocket =
                WebSocketServerProtocolConfig.newBuilder()
                        .websocketPath(PATH)
                        .subprotocols(PROTOBUF)
                        .handleCloseFrames(false)
                        .sendCloseFrame(null)
                        .build();
        listener =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel socket) {
                                        if (tls != null) {
                                            socket.pipeline()
                                                    .addLast(tls.newHandler(socket.alloc()));
                                        }
                                        socket.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(8192),
                                                        new WebSocketServerProtocolHandler(
                                                                webSocket),
                                                        new Peer(socket));
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port))
                        .syncUninterruptibly()
                        .channel();
    }

    URI endpoint() {
        return URI.create("ws://127.0.0.1:" + port() + PATH);
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /// The next client that connects.
    Peer accept() throws InterruptedException {
        return await(peers);
    }

    /// The next client that connects, told that it is welcome.
    Peer welcome() throws InterruptedException {
        Peer peer = accept();
        String connect = peer.receive();
        peer.send(
                "{'id':%s,'connect':{'client':'c1','ping':25,'pong':true}}".formatted(id(connect)));
        return peer;
    }

    static String id(String command) {
        return command.replaceFirst("^\\{'id':(\\d+).*", "$1");
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
    }

    private static ByteBuf toProtobuf(String json) {
        try {
            ByteBuf frame = Unpooled.buffer();
            for (Message message : Codec.JSON.messages(json.getBytes(UTF_8))) {
                frame.writeBytes(Codec.PROTOBUF.encode(message));
            }
            return frame;
        } catch (Codec.Malformed e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static String toJson(ByteBuf protobuf) {
        try {
            return Codec.PROTOBUF.commands(ByteBufUtil.getBytes(protobuf)).stream()
                    .map((Command command) -> new String(Codec.JSON.encode(command), UTF_8))
                    .collect(Collectors.joining("\n"));
        } catch (Codec.Malformed e) {
            return "malformed: " + e.getMessage();
        }
    }

    private static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing within " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    /// The server's end of one connection.
    final class Peer extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final SocketChannel socket;
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private volatile boolean protobuf;

        private Peer(SocketChannel socket) {
            this.socket = socket;
        }

        /// The next frame: its text, or `close <code>`, or `gone`.
        String receive() throws InterruptedException {
            return await(received);
        }

        void send(String frame) {
            String json = frame.replace('\'', '"');
            var _ =
                    socket.writeAndFlush(
                            protobuf
                                    ? new BinaryWebSocketFrame(toProtobuf(json))
                                    : new TextWebSocketFrame(json));
        }

        /// Sends what is a frame of no format.
        void sendNonsense() {
            var _ =
                    socket.writeAndFlush(
                            protobuf
                                    ? new BinaryWebSocketFrame(
                                            Unpooled.wrappedBuffer(new byte[] {9}))
                                    : new TextWebSocketFrame("hello"));
        }

        void close(int code, String reason) {
            var _ =
                    socket.writeAndFlush(
                            new CloseWebSocketFrame(new WebSocketCloseStatus(code, reason)));
        }

        /// Breaks the connection without a word.
        void drop() {
            var _ = socket.close();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete complete) {
                protobuf = PROTOBUF.equals(complete.selectedSubprotocol());
                peers.add(this);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            switch (frame) {
                case TextWebSocketFrame text when !protobuf ->
                        received.add(text.text().replace('"', '\''));
                case BinaryWebSocketFrame binary when protobuf ->
                        received.add(toJson(binary.content()).replace('"', '\''));
                case CloseWebSocketFrame close -> {
                    received.add("close " + close.statusCode());
                    context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
                }
                default -> received.add(frame.toString());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            received.add("gone");
        }
    }
}
