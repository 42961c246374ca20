package io.grandstand.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What one reader thread holds of one partition: who is interested in which key, and either its
/// latest records (mode `stream`) or the newest record of each key (mode `latest`). Confined to
/// that thread.
final class PartitionLog {
    /// Memory that the latest records of one partition may take.
    static final int WINDOW_BYTES_MAX = 8 << 20;

    final TopicPartition partition;
    final Namespace.Mode mode;

    private final Map<Key, List<ChannelFeed>> interest = new HashMap<>();
    private final List<PieceRequest> waiting = new ArrayList<>();

    /// Mode `stream`: the records from `windowStart` on, all in order and by key. A key's queue is
    /// in the same order, so what is oldest overall is also oldest of its key.
    private final ArrayDeque<Entry> window = new ArrayDeque<>();

    private final Map<Key, ArrayDeque<Entry>> windowByKey = new HashMap<>();
    private long windowBytes;
    private long windowStart;

    /// Mode `latest`: the newest record of each key that was not deleted.
    private final Map<Key, Entry> newest = new HashMap<>();

    /// The next Kafka offset to read; every record before it was handed out.
    private long position;

    /// The offset from which on the log is ready: mode `latest` must first have read what there is.
    private long readyAt;

    private boolean started;

    /// When the last interest ended, nanosecond clock; meaningful while there is none.
    private long idleSinceNs;

    PartitionLog(TopicPartition partition, Namespace.Mode mode, long nowNs) {
        this.partition = partition;
        this.mode = mode;
        this.idleSinceNs = nowNs;
    }

    /// The ends of the log are known: reading starts, at its end in mode `stream`, at its beginning
    /// in mode `latest`. Returns the offset to read from.
    long start(long begin, long end) {
        started = true;
        readyAt = end;
        position = mode == Namespace.Mode.STREAM ? end : begin;
        windowStart = position;
        return position;
    }

    boolean isStarted() {
        return started;
    }

    boolean isReady() {
        return started && position >= readyAt;
    }

    long position() {
        return position;
    }

    /// Keeps a request until the log is ready.
    void await(PieceRequest request) {
        waiting.add(request);
    }

    /// Takes the requests that were kept.
    List<PieceRequest> takeWaiting() {
        var taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    void addInterest(ChannelFeed feed) {
        List<ChannelFeed> feeds = interest.computeIfAbsent(feed.key, _ -> new ArrayList<>(1));
        if (!feeds.contains(feed)) {
            feeds.add(feed);
        }
    }

    /// Forgets a feed, what it still waits for included.
    void removeInterest(ChannelFeed feed, long nowNs) {
        if (waiting.removeIf(request -> request.feed() == feed)) {
            idleSinceNs = nowNs;
        }
        List<ChannelFeed> feeds = interest.get(feed.key);
        if (feeds != null && feeds.remove(feed) && feeds.isEmpty()) {
            interest.remove(feed.key);
            idleSinceNs = nowNs;
        }
    }

    /// The feeds of every key that somebody is interested in.
    Iterable<List<ChannelFeed>> interested() {
        return interest.values();
    }

    boolean isIdle(long nowNs, long lingerNs) {
        return interest.isEmpty() && waiting.isEmpty() && nowNs - idleSinceNs >= lingerNs;
    }

    /// Takes in the next record and returns the feeds that want it.
    List<ChannelFeed> add(Entry entry) {
        position = entry.nextOffset();
        if (mode == Namespace.Mode.STREAM) {
            addToWindow(entry);
        } else if (entry.isDeletion()) {
            newest.remove(entry.key());
        } else {
            newest.put(entry.key(), entry);
        }
        return interest.getOrDefault(entry.key(), List.of());
    }

    /// Everything before `position` is read: the log may end with markers, which are no records.
    void advance(long position) {
        this.position = Math.max(this.position, position);
    }

    /// The answer to a request; null where it asks for records older than the window.
    @Nullable Piece piece(PieceRequest request) {
        return switch (mode) {
            case LATEST -> newestPiece(request);
            case STREAM -> windowPiece(request);
        };
    }

    private Piece newestPiece(PieceRequest request) {
        Entry entry = newest.get(request.feed().key);
        if (entry == null || entry.nextOffset() <= request.from()) {
            return new Piece.Records(null, Math.max(0, request.from()), position, true);
        }
        var frames = new PieceBuilder(request.feed().channel);
        frames.add(entry);
        return new Piece.Records(frames.build(), Math.max(0, request.from()), position, true);
    }

    private @Nullable Piece windowPiece(PieceRequest request) {
        long from = request.from();
        if (from == PieceRequest.LIVE_ONLY || from >= position) {
            // Ahead of this reader: another node was faster. What the client has is passed over.
            long next = Math.max(from, position);
            return new Piece.Records(null, next, next, true);
        }
        if (from < windowStart) {
            return null;
        }
        var frames = new PieceBuilder(request.feed().channel);
        for (Entry entry : windowByKey.getOrDefault(request.feed().key, new ArrayDeque<>())) {
            if (entry.offset() >= from) {
                if (frames.isFull()) {
                    return new Piece.Records(frames.build(), from, entry.offset(), false);
                }
                frames.add(entry);
            }
        }
        return new Piece.Records(frames.build(), from, position, true);
    }

    private void addToWindow(Entry entry) {
        window.add(entry);
        windowByKey.computeIfAbsent(entry.key(), _ -> new ArrayDeque<>(2)).add(entry);
        windowBytes += entry.weight();
        while (windowBytes > WINDOW_BYTES_MAX) {
            Entry oldest = window.remove();
            windowBytes -= oldest.weight();
            windowStart = oldest.nextOffset();
            windowByKey.computeIfPresent(
                    oldest.key(),
                    (_, ofKey) -> {
                        ofKey.remove();
                        return ofKey.isEmpty() ? null : ofKey;
                    });
        }
    }
}
