package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session's WebSocket. Confined to its event loop.
// A write that fails closes the connection, and with it the session: its future tells nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketLink extends SimpleChannelInboundHandler<WebSocketFrame> implements Link {
    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);

    /// Closing with this code drops the connection without a close frame.
    private static final int BARE_DROP = 3000;

    /// How long the peer's close frame is waited for.
    private static final long CLOSE_MS_MAX = 5_000;

    /// In the three bits that extensions use: the frame is compressed.
    private static final int COMPRESSED = 4;

    private final ChannelHandlerContext context;
    private final Session session;

    /// Whether the close frame was sent, of which there is one.
    private boolean isClosing;

    /// A link over the connection of `context`, behind which its handler is to be added.
    WebSocketLink(ChannelHandlerContext context, Function<Link, Session> session) {
        this.context = context;
        this.session = session.apply(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext own, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame _, BinaryWebSocketFrame _ -> received(frame);
            case PingWebSocketFrame ping ->
                    context.writeAndFlush(
                            new PongWebSocketFrame(ping.content().retain()), context.voidPromise());
            case PongWebSocketFrame _ -> {}
            case CloseWebSocketFrame close -> peerCloses(close);
            default -> session.close(3501, "bad request");
        }
    }

    private void peerCloses(CloseWebSocketFrame frame) {
        if (!isClosing) {
            isClosing = true;
            context.writeAndFlush(frame.retain(), context.voidPromise());
        }
        context.close();
    }

    private void received(WebSocketFrame frame) {
        byte[] payload = ByteBufUtil.getBytes(frame.content());
        if ((frame.rsv() & COMPRESSED) == 0) {
            session.received(payload);
            return;
        }
        byte @Nullable [] expanded = Deflate.expand(payload, GatewayConfig.Limits.FRAME_BYTES_MAX);
        if (expanded == null) {
            session.close(3501, "bad request");
        } else {
            session.received(expanded);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext own) {
        session.writabilityChanged(own.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext own) {
        session.disconnected();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
        if (cause instanceof java.io.IOException
                || cause instanceof io.netty.handler.codec.CodecException) {
            // The peer broke off, or broke the WebSocket protocol: its loss, not our fault.
            log.debug("connection {} broke: {}", session.id, cause.toString());
            context.close();
        } else {
            log.error("connection {} failed", session.id, cause);
            session.close(3004, "internal server error");
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        context.write(bytes, context.voidPromise());
    }

    @Override
    public void flush() {
        context.flush();
    }

    @Override
    public boolean isWritable() {
        return context.channel().isWritable();
    }

    @Override
    public void read(boolean on) {
        context.channel().config().setAutoRead(on);
    }

    @Override
    public void ping() {
        context.writeAndFlush(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER), context.voidPromise());
    }

    @Override
    public void close(int code, String reason) {
        if (code == BARE_DROP) {
            context.close();
            return;
        }
        isClosing = true;
        // The peer's own close frame ends the connection, which must be read for that.
        read(true);
        context.writeAndFlush(new CloseWebSocketFrame(code, reason));
        var _ =
                context.executor()
                        .schedule(() -> context.close(), CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
    }

    Session session() {
        return session;
    }
}
