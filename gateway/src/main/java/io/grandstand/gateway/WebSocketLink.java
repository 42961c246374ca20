package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session's WebSocket, from the bytes up: the only handler of its connection. Confined to its
/// event loop.
// A write that fails closes the connection, and with it the session: its future tells nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketLink extends ChannelInboundHandlerAdapter
        implements Link, FrameReader.Listener {
    private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);

    /// Closing with this code drops the connection without a close frame.
    private static final int BARE_DROP = 3000;

    /// How long the peer's close frame is waited for.
    private static final long CLOSE_MS_MAX = 5_000;

    private final Channel connection;
    private final Outlet outlet;
    private final FrameReader frames;
    private final Session session;

    /// Whether the close frame was sent, of which there is one.
    private boolean isClosing;

    /// A link over `connection`, whose handshake was answered and whose HTTP codec is gone.
    ///
    /// @param isCompressed whether compression was agreed on
    WebSocketLink(Channel connection, boolean isCompressed, Function<Link, Session> session) {
        this.connection = connection;
        this.outlet = new Outlet(connection, !ServerTls.isOn(connection));
        this.frames = new FrameReader(this, isCompressed, GatewayConfig.Limits.FRAME_BYTES_MAX);
        this.session = session.apply(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext own, Object bytes) {
        frames.read((ByteBuf) bytes);
    }

    @Override
    public void message(byte[] payload, boolean isCompressed) {
        byte @Nullable [] expanded =
                isCompressed
                        ? Deflate.expand(payload, GatewayConfig.Limits.FRAME_BYTES_MAX)
                        : payload;
        if (expanded == null) {
            session.close(3501, "bad request");
        } else {
            session.received(expanded);
        }
    }

    @Override
    public void ping(byte[] payload) {
        writeNow(Frames.pong(payload));
    }

    @Override
    public void closing(byte[] payload) {
        if (isClosing) {
            connection.close();
        } else {
            isClosing = true;
            writeLast(Frames.close(payload));
        }
    }

    @Override
    public void broken(int code) {
        session.disconnected();
        isClosing = true;
        writeLast(Frames.close(code, ""));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext own) {
        session.writabilityChanged(own.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext own) {
        session.disconnected();
        outlet.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            // The peer broke off, or sent what is no TLS: its loss, not our fault.
            log.debug("connection {} broke: {}", session.id(), cause.toString());
            connection.close();
        } else {
            log.error("connection {} failed", session.id(), cause);
            session.close(3004, "internal server error");
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        outlet.write(bytes);
    }

    @Override
    public void flush() {
        outlet.flush();
    }

    @Override
    public void send(ByteBuf shared) {
        outlet.send(shared);
    }

    @Override
    public boolean isWritable() {
        return outlet.isWritable();
    }

    @Override
    public void read(boolean on) {
        connection.config().setAutoRead(on);
    }

    @Override
    public void ping() {
        writeNow(Frames.ping());
    }

    @Override
    public void close(int code, String reason) {
        if (code == BARE_DROP) {
            connection.close();
            return;
        }
        isClosing = true;
        // The peer's own close frame ends the connection, which must be read for that.
        read(true);
        writeNow(Frames.close(code, reason));
        var _ =
                connection
                        .eventLoop()
                        .schedule(() -> connection.close(), CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
    }

    private void writeNow(byte[] frame) {
        outlet.write(Unpooled.wrappedBuffer(frame));
        outlet.flush();
    }

    private void writeLast(byte[] frame) {
        outlet.used();
        connection
                .writeAndFlush(Unpooled.wrappedBuffer(frame))
                .addListener(ChannelFutureListener.CLOSE);
    }

    Session session() {
        return session;
    }
}
