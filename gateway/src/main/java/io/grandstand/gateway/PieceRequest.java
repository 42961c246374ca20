package io.grandstand.gateway;

import io.grandstand.protocol.TagsFilter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A subscription asks for the records of its channel from a position on. Immutable.
///
/// @param from the next Kafka offset to read; `LIVE_ONLY` for nothing but what comes from now on
/// @param isBeginning whether `from` means the oldest record there is, wherever the log starts
/// @param recordsMax where more records than this were missed, the position counts as
///   unrecoverable; 0 for any number
/// @param filter lets through only what the client wants; null for everything
record PieceRequest(
        Subscription subscription,
        ChannelFeed feed,
        long from,
        boolean isBeginning,
        int recordsMax,
        @Nullable TagsFilter filter) {
    static final long LIVE_ONLY = -1;

    /// Most bytes of frames in one piece: what a connection can be handed before its backpressure
    /// is looked at again.
    static final int BYTES_MAX = 256 << 10;

    void answer(Piece piece) {
        feed.loop.execute(() -> feed.loop.received(subscription, piece));
    }

    /// Whether the answer to `other`, given at the same moment, is the answer to this one.
    boolean wantsSameAs(PieceRequest other) {
        return feed == other.feed
                && from == other.from
                && isBeginning == other.isBeginning
                && recordsMax == other.recordsMax
                && Objects.equals(filter, other.filter);
    }

    /// The same, once its records are known not to be too many.
    PieceRequest counted() {
        return new PieceRequest(subscription, feed, from, isBeginning, 0, filter);
    }
}
