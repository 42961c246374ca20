package io.grandstand.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The client's side of one WebSocket, as cheap as it can be: received bytes are copied once, into
/// an array that all sockets of the event loop share, and looked at there. Confined to its event
/// loop.
// A write that fails closes the connection, which is told by `closed`.
@SuppressWarnings("FutureReturnValueIgnored")
final class ClientSocket extends ChannelInboundHandlerAdapter implements FrameDecoder.Sink {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String SWITCHING = "HTTP/1.1 101";
    private static final int HEAD_BYTES_MAX = 8_192;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int PONG = 0xa;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;

    /// Takes what happens to the socket.
    interface Listener {
        /// The server speaks WebSocket with us.
        void upgraded(ClientSocket socket);

        void message(byte[] bytes, int from, int to);

        /// The connection ended, whatever the cause.
        void closed(String why);
    }

    /// Received bytes, for one event loop.
    static final class Scratch {
        byte[] bytes = new byte[128 << 10];

        void ensure(int length) {
            if (bytes.length < length) {
                bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
            }
        }
    }

    private final Listener listener;
    private final Scratch scratch;
    private final String request;
    private final boolean isBinary;
    private @Nullable ChannelHandlerContext context;
    private boolean isUpgraded;
    private String why = "the connection broke";

    /// The begin of a frame whose rest has not come yet; null mostly.
    private byte @Nullable [] rest;

    /// A socket that will ask for `path`.
    ///
    /// @param protobuf whether messages are Protobuf, for which the protocol has a name
    ClientSocket(Listener listener, Scratch scratch, String host, String path, boolean protobuf) {
        this.listener = listener;
        this.scratch = scratch;
        this.isBinary = protobuf;
        // The key is the RFC's own example: nobody checks that it is random.
        this.request =
                "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                .formatted(path, host)
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + (protobuf ? "Sec-WebSocket-Protocol: centrifuge-protobuf\r\n" : "")
                        + "\r\n";
    }

    /// Sends one message.
    void send(byte[] payload) {
        write(isBinary ? BINARY : TEXT, payload, 0, payload.length);
    }

    /// Reads nothing any more: what the server sends stays where it is.
    void stopReading() {
        context().channel().config().setAutoRead(false);
    }

    void close() {
        context().close();
    }

    @Override
    public void channelActive(ChannelHandlerContext own) {
        context = own;
        own.writeAndFlush(
                own.alloc()
                        .buffer(request.length())
                        .writeBytes(request.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void channelRead(ChannelHandlerContext own, Object received) {
        var buffer = (ByteBuf) received;
        byte[] before = rest;
        int begin = before == null ? 0 : before.length;
        int end = begin + buffer.readableBytes();
        scratch.ensure(end);
        byte[] bytes = scratch.bytes;
        if (before != null) {
            System.arraycopy(before, 0, bytes, 0, begin);
            rest = null;
        }
        buffer.readBytes(bytes, begin, end - begin);
        buffer.release();
        int from = isUpgraded ? 0 : head(bytes, end);
        int taken = isUpgraded ? FrameDecoder.decode(bytes, from, end, this) : 0;
        if (taken < end) {
            rest = Arrays.copyOfRange(bytes, taken, end);
        }
    }

    /// Where the frames begin, if the whole answer to our request has come.
    private int head(byte[] bytes, int end) {
        for (int at = 0; at + HEAD_END.length <= end; at++) {
            if (Arrays.equals(bytes, at, at + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
                String head = new String(bytes, 0, at, StandardCharsets.US_ASCII);
                if (!head.startsWith(SWITCHING)) {
                    throw new MalformedException("no WebSocket but " + head.lines().findFirst());
                }
                isUpgraded = true;
                listener.upgraded(this);
                return at + HEAD_END.length;
            }
        }
        if (end > HEAD_BYTES_MAX) {
            throw new MalformedException("an answer that does not end");
        }
        return 0;
    }

    @Override
    public void message(byte[] bytes, int from, int to) {
        listener.message(bytes, from, to);
    }

    @Override
    public void ping(byte[] bytes, int from, int to) {
        write(PONG, bytes, from, to - from);
    }

    @Override
    public void closing(int code, String reason) {
        why = "the server closed it: %d %s".formatted(code, reason);
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext own) {
        listener.closed(why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
        why = cause instanceof IOException ? String.valueOf(cause.getMessage()) : cause.toString();
        own.close();
    }

    /// A client's frames are masked (RFC 6455, 5.3); with a mask of zeros the payload stays what it
    /// is.
    private void write(int opcode, byte[] payload, int from, int length) {
        ByteBufAllocator allocator = context().alloc();
        ByteBuf frame = allocator.buffer(14 + length);
        frame.writeByte(FINAL | opcode);
        if (length < 126) {
            frame.writeByte(MASKED | length);
        } else if (length < 1 << 16) {
            frame.writeByte(MASKED | 126).writeShort(length);
        } else {
            frame.writeByte(MASKED | 127).writeLong(length);
        }
        frame.writeInt(0).writeBytes(payload, from, length);
        context().writeAndFlush(frame, context().voidPromise());
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("the socket is not connected");
        }
        return context;
    }
}
