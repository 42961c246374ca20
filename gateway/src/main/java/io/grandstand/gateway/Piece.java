package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What a Kafka thread answers to a subscription that asked for records from a position on.
sealed interface Piece {
    /// The next records of the channel, in order.
    ///
    /// @param frames their finished bytes, one behind the other, or null where there are none; the
    ///   receiver releases it
    /// @param from the position that these records follow
    /// @param last the position of a client that has these records; `from` where there are none
    /// @param next the position behind everything that was looked through
    /// @param isAtEnd whether every later record comes live from here
    record Records(@Nullable ByteBuf frames, long from, long last, long next, boolean isAtEnd)
            implements Piece {
        /// The same piece for one more receiver; the bytes are not copied.
        Records share() {
            return new Records(
                    frames == null ? null : frames.retainedDuplicate(), from, last, next, isAtEnd);
        }

        void release() {
            if (frames != null) {
                frames.release();
            }
        }
    }

    /// The position is older than what Kafka retains, or further back than may be recovered, or was
    /// never reached.
    ///
    /// @param next where live records start
    record Unrecoverable(long next) implements Piece {}

    /// The topic was created again or got other partitions: positions in it mean nothing any more.
    record Invalidated() implements Piece {}

    /// Kafka does not answer, or the partition is not ready; asking again may help.
    record Unavailable() implements Piece {}
}
