package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Joins records that follow each other and have the same channel into one delivery for each of its
/// feeds. Confined to the thread that reads.
///
/// Records of other channels that nobody here wants do not end a run; records of one that somebody
/// wants do, since a connection with both shall see the partition's order.
final class Run {
    /// About the most bytes of a run: what one system call should carry. A longer one is cut.
    static final int BYTES_MAX = 16 << 10;

    private final Map<LoopSubscriptions, List<Delivery>> batches;
    private final List<Entry> entries = new ArrayList<>(1);
    private List<ChannelFeed> feeds = List.of();
    private int bytes;

    /// A run whose deliveries go into `batches`, in order.
    Run(Map<LoopSubscriptions, List<Delivery>> batches) {
        this.batches = batches;
    }

    /// The next record, and the feeds that want it: the one list that there is for its key.
    @SuppressWarnings("ReferenceEquality")
    void add(Entry entry, List<ChannelFeed> wanting) {
        if (wanting.isEmpty()) {
            return;
        }
        if (wanting != feeds || bytes + entry.size() > BYTES_MAX) {
            end();
            feeds = wanting;
        }
        entries.add(entry);
        bytes += entry.size();
    }

    /// No more records: hands out what there is.
    void end() {
        if (entries.isEmpty()) {
            return;
        }
        @Nullable Delivery made = null;
        for (ChannelFeed feed : feeds) {
            if (made != null && feed.looksLike(made.feed())) {
                made.frames().retain();
                made = new Delivery(feed, made.frames(), made.offsets(), made.ends(), made.tags());
            } else {
                made = make(feed);
            }
            batches.computeIfAbsent(feed.loop, _ -> new ArrayList<>()).add(made);
        }
        entries.clear();
        bytes = 0;
    }

    private Delivery make(ChannelFeed feed) {
        int count = entries.size();
        long[] offsets = new long[count];
        int[] ends = new int[count];
        List<Map<String, String>> tags = new ArrayList<>(count);
        int end = 0;
        for (int i = 0; i < count; i++) {
            Entry entry = entries.get(i);
            end += entry.bytes(feed).length;
            offsets[i] = entry.offset();
            ends[i] = end;
            tags.add(entry.tags(feed));
        }
        ByteBuf frames = PooledByteBufAllocator.DEFAULT.directBuffer(end);
        for (Entry entry : entries) {
            frames.writeBytes(entry.bytes(feed));
        }
        return new Delivery(feed, frames, offsets, ends, tags);
    }
}
