package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;

/// The connection under a session. Confined to its event loop.
interface Link {
    /// Queues finished bytes; takes ownership of them.
    void write(ByteBuf bytes);

    void flush();

    /// Sends finished bytes now, behind what is queued. They stay the caller's, and unchanged: many
    /// connections share them.
    void send(ByteBuf shared);

    /// Whether less is queued than the connection's high watermark.
    boolean isWritable();

    /// Stops or resumes taking in what the client sends.
    void read(boolean on);

    /// A ping of the transport itself, where it has one.
    void ping();

    /// Ends the connection. The client is told the code and the reason, a plain word; code 3000 is
    /// a bare drop.
    void close(int code, String reason);
}
