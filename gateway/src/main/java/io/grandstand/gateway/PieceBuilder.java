package io.grandstand.gateway;

import io.grandstand.protocol.TagsFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Joins the finished bytes of records into the one buffer of a piece.
final class PieceBuilder {
    private final ChannelFeed feed;
    private final @Nullable TagsFilter filter;
    private final long from;
    private @Nullable ByteBuf frames;
    private long last;

    /// A piece that answers `request`, and follows the position `from`.
    PieceBuilder(PieceRequest request, long from) {
        this.feed = request.feed();
        this.filter = request.filter();
        this.from = from;
        this.last = from;
    }

    void add(Entry entry) {
        if (filter != null && !filter.matches(entry.tags(feed))) {
            return;
        }
        byte[] bytes = entry.bytes(feed);
        if (frames == null) {
            frames = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(512, bytes.length));
        }
        frames.writeBytes(bytes);
        last = entry.nextOffset();
    }

    boolean isFull() {
        return frames != null && frames.readableBytes() >= PieceRequest.BYTES_MAX;
    }

    /// The piece up to `next`; its buffer is the caller's. Where nothing was found, the client may
    /// as well stand at `next`: that moves idle positions away from the end that Kafka deletes.
    Piece.Records build(long next, boolean isAtEnd) {
        ByteBuf built = frames;
        frames = null;
        return built == null
                ? new Piece.Records(null, next, next, next, isAtEnd)
                : new Piece.Records(built, from, last, next, isAtEnd);
    }

    /// Forgets what was found.
    void drop() {
        if (frames != null) {
            frames.release();
            frames = null;
        }
    }
}
