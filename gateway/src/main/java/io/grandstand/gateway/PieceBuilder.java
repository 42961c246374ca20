package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Joins frames into the one buffer of a piece.
final class PieceBuilder {
    private final String channel;
    private @Nullable ByteBuf frames;

    PieceBuilder(String channel) {
        this.channel = channel;
    }

    void add(Entry entry) {
        byte[] frame = entry.frame(channel);
        if (frames == null) {
            frames = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(512, frame.length));
        }
        frames.writeBytes(frame);
    }

    boolean isFull() {
        return frames != null && frames.readableBytes() >= PieceRequest.BYTES_MAX;
    }

    /// The buffer, whose owner is now the caller; null where nothing was added.
    @Nullable ByteBuf build() {
        ByteBuf built = frames;
        frames = null;
        return built;
    }
}
