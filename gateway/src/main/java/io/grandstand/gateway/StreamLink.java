package io.grandstand.gateway;

import io.grandstand.protocol.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session's HTTP response that does not end: streaming or server-sent events. What the client
/// says comes over other connections. Confined to its event loop.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamLink extends ChannelInboundHandlerAdapter implements Link {
    private static final Logger log = LoggerFactory.getLogger(StreamLink.class);

    /// How long the farewell may take to be sent.
    private static final long CLOSE_MS_MAX = 5_000;

    private final Channel channel;
    private final Outlet outlet;
    private final Wire wire;
    private final Session session;

    /// A link over `channel`, whose response's head was written and whose HTTP codec is gone.
    StreamLink(Channel channel, Wire wire, Function<Link, Session> session) {
        this.channel = channel;
        this.outlet = new Outlet(channel, !ServerTls.isOn(channel));
        this.wire = wire;
        this.session = session.apply(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext own, Object message) {
        // A request behind the one that is being answered would wait for ever.
        ReferenceCountUtil.release(message);
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
        log.debug("stream {} broke: {}", session.id(), cause.toString());
        channel.close();
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
        // Nothing is read here.
    }

    @Override
    public void ping() {
        // HTTP has none.
    }

    @Override
    public void close(int code, String reason) {
        outlet.used();
        var farewell = new Message.Push("", new Message.Disconnected(code, reason));
        channel.write(
                Unpooled.wrappedBuffer(wire.bytes(farewell, Integer.MAX_VALUE)),
                channel.voidPromise());
        channel.writeAndFlush(Unpooled.wrappedBuffer(Frames.lastChunk()))
                .addListener(ChannelFutureListener.CLOSE);
        // Somebody who does not read never gets as far.
        var _ =
                channel.eventLoop()
                        .schedule(() -> channel.close(), CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
    }

    Session session() {
        return session;
    }
}
