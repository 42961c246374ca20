package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Before TLS: tells whoever speaks plain HTTP what to do instead, in plain HTTP. One per
/// connection, and gone once the first bytes have come.
final class PlainHttpDoor extends ChannelInboundHandlerAdapter {
    private static final String SENTENCE = "This port speaks HTTPS and wss: alone.";

    private static final byte[] ANSWER =
            """
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: %d\r
            Connection: close\r
            \r
            %s\
            """
                    .formatted(SENTENCE.length(), SENTENCE)
                    .getBytes(US_ASCII);

    /// Whether the answer is on its way, behind which nothing is heard.
    private boolean isAnswered;

    @Override
    public void channelRead(ChannelHandlerContext own, Object received) {
        var bytes = (ByteBuf) received;
        if (!isAnswered && !isHttp(bytes)) {
            own.pipeline().remove(this);
            own.fireChannelRead(bytes);
            return;
        }
        ReferenceCountUtil.release(bytes);
        if (!isAnswered) {
            isAnswered = true;
            own.writeAndFlush(Unpooled.wrappedBuffer(ANSWER))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    /// A request begins with its method; a TLS record with its type, which is no letter.
    private static boolean isHttp(ByteBuf bytes) {
        byte first = bytes.getByte(bytes.readerIndex());
        return first >= 'A' && first <= 'Z';
    }
}
