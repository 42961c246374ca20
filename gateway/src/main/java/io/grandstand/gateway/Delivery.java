package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;

/// A run of records of one channel, one behind the other in one poll, for the subscribers of one
/// feed.
///
/// Their finished bytes are joined in one buffer, so that everything a subscriber is owed leaves in
/// one system call however many records there are. The buffer is shared by the feeds of all loops
/// that look alike; each receiver releases it once.
///
/// @param offsets the Kafka offset of each record, rising; at least one
/// @param ends where the bytes of each record end in `frames`, as many as `offsets`
/// @param tags what filters look at, for each record
record Delivery(
        ChannelFeed feed,
        ByteBuf frames,
        long[] offsets,
        int[] ends,
        List<Map<String, String>> tags) {
    int count() {
        return offsets.length;
    }

    long first() {
        return offsets[0];
    }

    /// The position of a client that has all of them.
    long next() {
        return offsets[offsets.length - 1] + 1;
    }

    /// The bytes of one record, for one more receiver.
    ByteBuf frame(int record) {
        int start = record == 0 ? 0 : ends[record - 1];
        return frames.retainedSlice(start, ends[record] - start);
    }
}
