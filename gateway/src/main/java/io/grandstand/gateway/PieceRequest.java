package io.grandstand.gateway;

/// A subscription asks for the records of its channel from a position on. Immutable.
///
/// @param from the next Kafka offset to read; `LIVE_ONLY` for nothing but what comes from now on
/// @param isBeginning whether `from` means the oldest record there is, wherever the log starts
record PieceRequest(Subscription subscription, ChannelFeed feed, long from, boolean isBeginning) {
    static final long LIVE_ONLY = -1;

    /// Most bytes of frames in one piece: what a connection can be handed before its backpressure
    /// is looked at again.
    static final int BYTES_MAX = 256 << 10;

    void answer(Piece piece) {
        feed.loop.execute(() -> feed.loop.received(subscription, piece));
    }
}
