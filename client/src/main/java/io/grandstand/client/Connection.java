package io.grandstand.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One WebSocket, from the attempt to open it to its end. Confined to its event loop.
final class Connection extends SimpleChannelInboundHandler<WebSocketFrame> {
    /// A server joins messages into frames of some dozen kilobytes.
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private static final int HANDSHAKE_BYTES_MAX = 16 << 10;

    /// What its owner hears: `opened`, frames, and at last `closed`, unless the owner left it.
    interface Events {
        /// Frames can be sent.
        void opened();

        void received(byte[] frame);

        /// The connection is over.
        ///
        /// @param code the close frame's, or `ClientListener.TRANSPORT_CLOSED`
        void closed(int code, String reason);
    }

    private final Format format;
    private final Events events;
    private @Nullable Channel channel;
    private boolean over;

    private Connection(Format format, Events events) {
        this.format = format;
        this.events = events;
    }

    static Connection open(EventLoop loop, ClientConfig config, Events events) {
        var connection = new Connection(config.format(), events);
        int timeoutMs = Math.toIntExact(config.timeout().toMillis());
        var webSocket =
                WebSocketClientProtocolConfig.newBuilder()
                        .webSocketUri(config.endpoint())
                        .subprotocol(config.format().subprotocol)
                        .maxFramePayloadLength(FRAME_BYTES_MAX)
                        .handshakeTimeoutMillis(timeoutMs)
                        .handleCloseFrames(false)
                        .build();
        var bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel socket) {
                                        if (config.isEncrypted()) {
                                            socket.pipeline().addLast(tls(socket, config));
                                        }
                                        socket.pipeline()
                                                .addLast(
                                                        new HttpClientCodec(),
                                                        new HttpObjectAggregator(
                                                                HANDSHAKE_BYTES_MAX),
                                                        new WebSocketClientProtocolHandler(
                                                                webSocket),
                                                        new WebSocketFrameAggregator(
                                                                FRAME_BYTES_MAX),
                                                        connection);
                                    }
                                });
        var connecting = bootstrap.connect(config.endpoint().getHost(), config.port());
        connection.channel = connecting.channel();
        connecting.addListener(
                (ChannelFutureListener)
                        connected -> {
                            if (!connected.isSuccess()) {
                                connection.end(
                                        ClientListener.TRANSPORT_CLOSED, reason(connected.cause()));
                            }
                        });
        return connection;
    }

    /// Sends one frame.
    void send(byte[] message) {
        if (channel != null && !over) {
            var content = Unpooled.wrappedBuffer(message);
            WebSocketFrame frame =
                    switch (format) {
                        case JSON -> new TextWebSocketFrame(content);
                        case PROTOBUF -> new BinaryWebSocketFrame(content);
                    };
            // A write that fails ends the connection, which is heard of by itself.
            var _ = channel.writeAndFlush(frame, channel.voidPromise());
        }
    }

    /// Says goodbye; the owner hears nothing any more.
    void leave() {
        if (channel != null && !over) {
            over = true;
            sayGoodbye(channel, WebSocketCloseStatus.NORMAL_CLOSURE.code());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE
                && !over) {
            events.opened();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (over) {
            return;
        }
        switch (frame) {
            case CloseWebSocketFrame close -> {
                // A frame without a code, which Netty shows as -1, is a close without a word.
                int code = close.statusCode();
                end(
                        code < 0 ? ClientListener.TRANSPORT_CLOSED : code,
                        code < 0 ? "closed without a code" : close.reasonText());
                sayGoodbye(context.channel(), code);
            }
            case TextWebSocketFrame _, BinaryWebSocketFrame _ ->
                    events.received(ByteBufUtil.getBytes(frame.content()));
            default -> {
                // Pings and pongs of the WebSocket itself.
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(ClientListener.TRANSPORT_CLOSED, "connection closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(ClientListener.TRANSPORT_CLOSED, reason(cause));
        var _ = context.close();
    }

    private static SslHandler tls(SocketChannel socket, ClientConfig config) {
        SslHandler tls =
                Tls.CONTEXT.newHandler(socket.alloc(), config.endpoint().getHost(), config.port());
        tls.setHandshakeTimeoutMillis(config.timeout().toMillis());
        return tls;
    }

    private void end(int code, String reason) {
        if (!over) {
            over = true;
            events.closed(code, reason);
        }
    }

    private static void sayGoodbye(Channel channel, int code) {
        var goodbye =
                code < 0
                        ? new CloseWebSocketFrame()
                        : new CloseWebSocketFrame(new WebSocketCloseStatus(code, ""));
        // In the midst of the handshake this write fails, and closing is all there is to do.
        channel.writeAndFlush(goodbye).addListener(ChannelFutureListener.CLOSE);
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /// Made on first use, for all connections: it holds every certificate that the JDK trusts.
    private static final class Tls {
        static final SslContext CONTEXT = context();

        private static SslContext context() {
            try {
                return SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .endpointIdentificationAlgorithm("HTTPS")
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException("TLS cannot be set up", e);
            }
        }
    }
}
