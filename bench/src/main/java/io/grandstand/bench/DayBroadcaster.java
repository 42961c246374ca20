package io.grandstand.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A broadcaster as one would write it in a day: the reference for what the gateway's care is
/// worth.
///
/// Netty's own codec and protocol handler, a `ChannelGroup`, one `writeAndFlush` a message; nothing
/// tuned, nothing bounded. It is driven like `bench/raw/raw.c`, whose first comment says how, and
/// ends with its driver.
public final class DayBroadcaster {
    private static final int REQUEST_BYTES_MAX = 8192;

    /// Every path is the WebSocket's.
    private static final WebSocketServerProtocolConfig WEB_SOCKET =
            WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath("/")
                    .checkStartsWith(true)
                    .build();

    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Map<Integer, Channel> byIndex = new ConcurrentHashMap<>();

    private DayBroadcaster() {}

    /// Prints `ready PORT CONTROL_PORT` and serves until the control connection ends.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var broadcaster = new DayBroadcaster();
        boolean epoll = Epoll.isAvailable();
        var loops =
                new MultiThreadIoEventLoopGroup(
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        try (var control = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = broadcaster.listen(loops, epoll);
            System.out.println("ready " + port + " " + control.getLocalPort());
            try (Socket driver = control.accept()) {
                broadcaster.obey(new BufferedInputStream(driver.getInputStream(), 1 << 16));
            }
        }
        // Without a farewell to the clients: whoever drives it has what it wanted.
        System.exit(0);
    }

    private int listen(EventLoopGroup loops, boolean epoll) throws InterruptedException {
        var pipeline =
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(REQUEST_BYTES_MAX),
                                        new Join(),
                                        new WebSocketServerProtocolHandler(WEB_SOCKET),
                                        new Discard());
                    }
                };
        Channel server =
                new ServerBootstrap()
                        .group(loops)
                        .channel(
                                epoll
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(pipeline)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .sync()
                        .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private void obey(InputStream in) throws IOException {
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] words = line.split(" ", -1);
            byte[] bytes = in.readNBytes(Integer.parseInt(words[words.length - 1]));
            var frame = new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes));
            if (words[0].equals("A")) {
                var _ = clients.writeAndFlush(frame);
            } else {
                Channel client = byIndex.get(Integer.parseInt(words[1]));
                if (client != null) {
                    var _ = client.writeAndFlush(frame);
                }
            }
        }
    }

    /// Up to the next line feed; empty at the end of the stream.
    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.isEmpty()) {
                    return "";
                }
                throw new EOFException("the driver left in the middle of a line");
            }
            line.append((char) b);
        }
        return line.toString();
    }

    /// Takes a client in with its request: all that is written to it from here on follows the
    /// handshake's answer, which its event loop writes before it does anything else.
    private final class Join extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof FullHttpRequest request) {
                Channel client = context.channel();
                int index =
                        Integer.parseInt(
                                new QueryStringDecoder(request.uri())
                                        .parameters()
                                        .getOrDefault("n", List.of("-1"))
                                        .getFirst());
                clients.add(client);
                byIndex.put(index, client);
                var _ = client.closeFuture().addListener(_ -> byIndex.remove(index, client));
            }
            context.fireChannelRead(message);
        }
    }

    private static final class Discard extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {}
    }
}
