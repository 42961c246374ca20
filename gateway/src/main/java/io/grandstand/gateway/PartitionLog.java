package io.grandstand.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What one reader thread holds of one partition: who is interested in which key, and either its
/// latest records (mode `stream`) or the newest record of each key (mode `latest`). Confined to
/// that thread.
///
/// Of keys whose records have left the window it still knows where their last record was. So a
/// client that comes back to a quiet channel is told that it missed nothing, however far the log
/// has moved on or its beginning was deleted, and without reading Kafka.
final class PartitionLog {
    /// Memory that the latest records of one partition may take.
    static final int WINDOW_BYTES_MAX = 8 << 20;

    /// Most keys whose last record is remembered.
    static final int INDEX_KEYS_MAX = 65_536;

    final TopicDirectory.Entry topic;
    final TopicPartition partition;
    final Namespace.Mode mode;

    private final Map<Key, List<ChannelFeed>> interest = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /// Mode `stream`: the records from `windowStart` on, all in order and by key. A key's queue is
    /// in the same order, so what is oldest overall is also oldest of its key.
    private final ArrayDeque<Entry> window = new ArrayDeque<>();

    private final Map<Key, ArrayDeque<Entry>> windowByKey = new HashMap<>();
    private long windowBytes;
    private long windowStart;

    /// The offset of the last record of each key, oldest first. A key that is not here has no
    /// record from `indexStart` on.
    private final LinkedHashMap<Key, Long> lastOffsets = new LinkedHashMap<>();

    private long indexStart;

    /// Where the log began when reading started.
    private long logStart;

    /// Mode `latest`: the newest record of each key that was not deleted.
    private final Map<Key, Entry> newest = new HashMap<>();

    /// The next Kafka offset to read; every record before it was handed out.
    private long position;

    /// The offset from which on the log is ready: mode `latest` must first have read what there is.
    private long readyAt;

    private boolean started;

    /// The piece made last and what for: after a node died, thousands ask for the same one.
    private Piece.@Nullable Records lastPiece;

    private @Nullable PieceRequest lastRequest;
    private long lastPiecePosition;

    /// What the last survey found, and how many in a row found no progress.
    private long surveyedPosition = -1;

    private long surveyedEnd;
    private int surveysWithoutProgress;

    /// When the last interest ended, nanosecond clock; meaningful while there is none.
    private long idleSinceNs;

    /// What is behind `feed`, for which reading starts.
    PartitionLog(ChannelFeed feed, long nowNs) {
        this.topic = feed.topic;
        this.partition = feed.topicPartition();
        this.mode = feed.namespace.mode();
        this.idleSinceNs = nowNs;
    }

    /// The ends of the log are known: reading starts, at its end in mode `stream`, at its beginning
    /// in mode `latest`. Returns the offset to read from.
    long start(long begin, long end) {
        started = true;
        readyAt = end;
        position = mode == Namespace.Mode.STREAM ? end : begin;
        windowStart = position;
        indexStart = position;
        logStart = begin;
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

    /// Something that waits until the log is ready and read up to `position`.
    ///
    /// @param feed whose interest it is
    /// @param run gets whether the log got there; false where it will not
    record Waiting(ChannelFeed feed, long position, Consumer<Boolean> run) {}

    /// Keeps something until the log is ready and read up to a position.
    void await(Waiting waiter) {
        waiting.add(waiter);
    }

    /// Takes what was kept and can go on now.
    List<Waiting> takeReady() {
        if (waiting.isEmpty() || !isReady()) {
            return List.of();
        }
        var taken = waiting.stream().filter(waiter -> waiter.position <= position).toList();
        waiting.removeAll(taken);
        return taken;
    }

    /// Takes everything that was kept.
    List<Waiting> takeWaiting() {
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
        if (waiting.removeIf(waiter -> waiter.feed() == feed)) {
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

    /// Whether reading makes no progress though there is more: asked at every survey, with the
    /// log's end. Twice in a row, because a survey may come just before the next poll.
    boolean isStalled(long end) {
        boolean isStuck = position == surveyedPosition && position < surveyedEnd;
        surveyedPosition = position;
        surveyedEnd = end;
        surveysWithoutProgress = isStuck ? surveysWithoutProgress + 1 : 0;
        return surveysWithoutProgress >= 2;
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

    /// The newest records of a key for somebody who asks for history, in the order asked for; null
    /// where some of them are older than the window.
    @Nullable List<Entry> history(Key key, HistoryRequest request) {
        if (mode == Namespace.Mode.LATEST) {
            Entry entry = newest.get(key);
            boolean isWanted =
                    entry != null
                            && entry.offset() >= request.from()
                            && entry.nextOffset() < request.before();
            return isWanted ? List.of(entry) : List.of();
        }
        ArrayDeque<Entry> ofKey = windowByKey.getOrDefault(key, new ArrayDeque<>());
        boolean isWhole = windowStart <= logStart;
        var found = new ArrayList<Entry>();
        if (request.reverse()) {
            Iterator<Entry> newestFirst = ofKey.descendingIterator();
            while (newestFirst.hasNext() && found.size() < request.recordsMax()) {
                Entry entry = newestFirst.next();
                if (entry.nextOffset() < request.before()) {
                    found.add(entry);
                }
            }
            return found.size() == request.recordsMax() || isWhole ? found : null;
        }
        if (request.from() < windowStart && !isWhole) {
            return null;
        }
        for (Entry entry : ofKey) {
            if (entry.offset() >= request.from() && found.size() < request.recordsMax()) {
                found.add(entry);
            }
        }
        return found;
    }

    /// The answer to a request; null where it asks for records older than the window.
    @Nullable Piece piece(PieceRequest request) {
        if (lastPiece != null
                && lastRequest != null
                && lastPiecePosition == position
                && lastRequest.wantsSameAs(request)) {
            return lastPiece.share();
        }
        Piece piece =
                switch (mode) {
                    case LATEST -> newestPiece(request);
                    case STREAM -> windowPiece(request);
                };
        if (piece instanceof Piece.Records records && records.frames() != null) {
            close();
            lastPiece = records;
            lastRequest = request;
            lastPiecePosition = position;
            return records.share();
        }
        return piece;
    }

    /// Gives back memory that is not the collector's; the log can still be used.
    void close() {
        if (lastPiece != null) {
            lastPiece.release();
            lastPiece = null;
            lastRequest = null;
        }
    }

    private Piece newestPiece(PieceRequest request) {
        Entry entry = newest.get(request.feed().key);
        var piece = new PieceBuilder(request, Math.max(0, request.from()));
        if (entry != null && entry.nextOffset() > request.from()) {
            piece.add(entry);
        }
        return piece.build(position, true);
    }

    private @Nullable Piece windowPiece(PieceRequest request) {
        long from = request.from();
        Key key = request.feed().key;
        if (from == PieceRequest.LIVE_ONLY || from >= position) {
            // Ahead of this reader: another node was faster. What the client has is passed over.
            long next = Math.max(from, position);
            return new Piece.Records(null, next, next, next, true);
        }
        if (from < windowStart && !(missedNothing(key, from) && !request.isBeginning())) {
            return null;
        }
        ArrayDeque<Entry> ofKey = windowByKey.getOrDefault(key, new ArrayDeque<>());
        int recordsMax = request.recordsMax();
        if (recordsMax > 0
                && ofKey.stream().filter(entry -> entry.offset() >= from).count() > recordsMax) {
            return new Piece.Unrecoverable(position);
        }
        var piece = new PieceBuilder(request, from);
        for (Entry entry : ofKey) {
            if (entry.offset() >= from) {
                if (piece.isFull()) {
                    return piece.build(entry.offset(), false);
                }
                piece.add(entry);
            }
        }
        return piece.build(position, true);
    }

    private boolean missedNothing(Key key, long from) {
        Long last = lastOffsets.get(key);
        return last == null ? from >= indexStart : last < from;
    }

    private void remember(Entry entry) {
        lastOffsets.putLast(entry.key(), entry.offset());
        if (lastOffsets.size() > INDEX_KEYS_MAX) {
            indexStart = lastOffsets.pollFirstEntry().getValue() + 1;
        }
    }

    private void addToWindow(Entry entry) {
        remember(entry);
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
