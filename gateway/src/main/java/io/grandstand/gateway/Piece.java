package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What a Kafka thread answers to a subscription that asked for records from a position on.
sealed interface Piece {
    /// The next records of the channel, in order.
    ///
    /// @param frames their WebSocket frames, one behind the other, or null where there are none;
    ///   the receiver releases it
    /// @param from the position that these records follow
    /// @param next the position behind them
    /// @param isAtEnd whether every later record comes live from here
    record Records(@Nullable ByteBuf frames, long from, long next, boolean isAtEnd)
            implements Piece {}

    /// The position belongs to another history, or is older than what Kafka retains.
    ///
    /// @param next where live records start
    record Unrecoverable(long next) implements Piece {}

    /// Kafka does not answer, or the partition is not ready; asking again may help.
    record Unavailable() implements Piece {}
}
