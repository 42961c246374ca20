package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The way out of one connection, below every codec. Confined to its event loop.
///
/// Where nothing waits, bytes go to the kernel in one system call without an entry in Netty's
/// queue, which would cost more than our whole part of a delivery: a view of the buffer, a queue
/// entry and its accounting for each recipient. What the kernel does not take, and everything
/// behind it, waits in Netty's queue as usual.
// A write that fails closes the connection: its future tells nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class Outlet {
    private final Channel channel;

    /// The socket; null where bytes must not bypass the pipeline, or the transport has none.
    private final @Nullable Socket socket;

    /// All that was written since the last `flush`, if that is one buffer and nothing waits before
    /// it; this outlet's. Nearly always there is one, and it need not enter the queue.
    private @Nullable ByteBuf unflushed;

    /// Whether Netty's queue may hold something.
    private boolean mayWait;

    /// @param isBare whether finished bytes are what goes over the wire: there is no TLS in between
    Outlet(Channel channel, boolean isBare) {
        this.channel = channel;
        this.socket =
                isBare && channel instanceof UnixChannel unix && unix.fd() instanceof Socket stream
                        ? stream
                        : null;
        this.mayWait = true;
    }

    /// Keeps bytes until the next `flush`; takes ownership of them.
    void write(ByteBuf bytes) {
        if (unflushed == null && canSend(bytes)) {
            unflushed = bytes;
        } else {
            queueUnflushed();
            queue(bytes);
        }
    }

    void flush() {
        ByteBuf bytes = unflushed;
        if (bytes != null) {
            unflushed = null;
            send(bytes);
            bytes.release();
        } else if (mayWait) {
            channel.flush();
        }
    }

    /// Somebody else is about to write through the pipeline.
    void used() {
        queueUnflushed();
        mayWait = true;
    }

    /// The connection is gone: what was not flushed never will be.
    void closed() {
        if (unflushed != null) {
            unflushed.release();
            unflushed = null;
        }
    }

    /// Sends `shared` now, behind what was written before. The buffer stays the caller's, who must
    /// keep it unchanged.
    void send(ByteBuf shared) {
        if (unflushed != null || !canSend(shared)) {
            write(shared.retainedDuplicate());
            flush();
            return;
        }
        int sent;
        try {
            // The way through send(2) is shorter than that through write(2), which is for files.
            sent =
                    Objects.requireNonNull(socket)
                            .sendAddress(
                                    shared.memoryAddress(),
                                    shared.readerIndex(),
                                    shared.writerIndex());
        } catch (IOException broken) {
            // Netty's own write meets the same, and ends the connection.
            sent = 0;
        }
        if (sent < shared.readableBytes()) {
            queue(shared.retainedSlice(shared.readerIndex() + sent, shared.readableBytes() - sent));
            channel.flush();
        }
    }

    /// Whether `bytes` may go straight to the socket. Not once Netty has closed it, which a session
    /// hears later: its number may be another connection's by then.
    private boolean canSend(ByteBuf bytes) {
        return socket != null && socket.isOpen() && bytes.hasMemoryAddress() && !isWaiting();
    }

    private void queueUnflushed() {
        ByteBuf bytes = unflushed;
        if (bytes != null) {
            unflushed = null;
            queue(bytes);
        }
    }

    private void queue(ByteBuf bytes) {
        mayWait = true;
        channel.write(bytes, channel.voidPromise());
    }

    /// Whether less waits than the connection's high watermark.
    boolean isWritable() {
        return !mayWait || channel.isWritable();
    }

    private boolean isWaiting() {
        if (mayWait) {
            ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
            mayWait = queue == null || queue.totalPendingWriteBytes() > 0;
        }
        return mayWait;
    }
}
