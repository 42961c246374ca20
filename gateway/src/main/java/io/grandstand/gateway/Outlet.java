package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
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
    private final @Nullable FileDescriptor socket;

    /// Whether Netty's queue may hold something.
    private boolean mayWait;

    /// @param isBare whether finished bytes are what goes over the wire: there is no TLS in between
    Outlet(Channel channel, boolean isBare) {
        this.channel = channel;
        this.socket = isBare && channel instanceof UnixChannel unix ? unix.fd() : null;
        this.mayWait = true;
    }

    /// Queues bytes until the next `flush`; takes ownership of them.
    void write(ByteBuf bytes) {
        mayWait = true;
        channel.write(bytes, channel.voidPromise());
    }

    void flush() {
        if (mayWait) {
            channel.flush();
        }
    }

    /// Somebody else wrote through the pipeline.
    void used() {
        mayWait = true;
    }

    /// Sends `shared` now, behind what waits. The buffer stays the caller's, who must keep it
    /// unchanged.
    void send(ByteBuf shared) {
        FileDescriptor direct = socket;
        if (direct == null || !shared.hasMemoryAddress() || isWaiting()) {
            write(shared.retainedDuplicate());
            channel.flush();
            return;
        }
        int start = shared.readerIndex();
        int end = shared.writerIndex();
        int sent;
        try {
            sent = direct.writeAddress(shared.memoryAddress(), start, end);
        } catch (IOException broken) {
            // Netty's own write meets the same, and ends the connection.
            sent = 0;
        }
        if (sent < end - start) {
            write(shared.retainedSlice(start + sent, end - start - sent));
            channel.flush();
        }
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
