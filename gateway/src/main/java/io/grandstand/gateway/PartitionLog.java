package io.grandstand.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /// Most keys nobody here is interested in whose last record is remembered. Where there are
    /// more, a quarter is forgotten: those heard of longest ago.
    static final int QUIET_KEYS_MAX = 65_536;

    final TopicDirectory.Entry topic;
    final TopicPartition partition;
    final Namespace.Mode mode;

    /// What is known of each key that has a feed, a record from `knownFrom` on, or a newest record.
    private final Map<Key, KeyState> keys = new HashMap<>();

    private final List<Waiting> waiting = new ArrayList<>();

    /// How many keys have feeds.
    private int interesting;

    /// Mode `stream`: the records from its start on.
    private Window window = new Window(WINDOW_BYTES_MAX, 0);

    /// A key of which nothing is known has no record from this offset on.
    private long knownFrom;

    /// Where the log began when reading started.
    private long logStart;

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
        window = new Window(WINDOW_BYTES_MAX, position);
        knownFrom = position;
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
        KeyState state = keys.computeIfAbsent(feed.key, _ -> new KeyState());
        if (!state.feeds.contains(feed)) {
            interesting += state.feeds.isEmpty() ? 1 : 0;
            state.feeds =
                    Stream.concat(state.feeds.stream(), Stream.of(feed))
                            .collect(Collectors.toUnmodifiableList());
        }
    }

    /// Forgets a feed, what it still waits for included.
    void removeInterest(ChannelFeed feed, long nowNs) {
        if (waiting.removeIf(waiter -> waiter.feed() == feed)) {
            idleSinceNs = nowNs;
        }
        KeyState state = keys.get(feed.key);
        if (state != null && state.feeds.contains(feed)) {
            state.feeds = state.feeds.stream().filter(other -> other != feed).toList();
            if (state.feeds.isEmpty()) {
                interesting--;
                idleSinceNs = nowNs;
                if (state.isBlank()) {
                    keys.remove(feed.key);
                }
            }
        }
    }

    /// The feeds of every key that somebody is interested in.
    Iterable<List<ChannelFeed>> interested() {
        return keys.values().stream()
                .map(state -> state.feeds)
                .filter(feeds -> !feeds.isEmpty())
                .toList();
    }

    boolean isIdle(long nowNs, long lingerNs) {
        return interesting == 0 && waiting.isEmpty() && nowNs - idleSinceNs >= lingerNs;
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
        KeyState state = keys.computeIfAbsent(entry.key(), _ -> new KeyState());
        if (mode == Namespace.Mode.LATEST) {
            state.newest = entry.isDeletion() ? null : entry;
            if (state.isBlank() && state.feeds.isEmpty()) {
                keys.remove(entry.key());
            }
            return state.feeds;
        }
        state.lastOffset = entry.offset();
        state.lastPlace = window.add(entry, state.lastPlace);
        if (keys.size() - interesting > QUIET_KEYS_MAX) {
            forgetQuietKeys();
        }
        return state.feeds;
    }

    private void forgetQuietKeys() {
        long[] lastOffsets =
                keys.values().stream()
                        .filter(state -> state.feeds.isEmpty())
                        .mapToLong(state -> state.lastOffset)
                        .sorted()
                        .toArray();
        knownFrom = lastOffsets[lastOffsets.length / 4];
        keys.values().removeIf(state -> state.feeds.isEmpty() && state.lastOffset < knownFrom);
    }

    /// The Kafka offset from which on the records of every key can be found here.
    long windowStart() {
        // The records of a key that was forgotten may still be in the window.
        return Math.max(window.start(), knownFrom);
    }

    /// Everything before `position` is read: the log may end with markers, which are no records.
    void advance(long position) {
        this.position = Math.max(this.position, position);
    }

    /// The newest records of a key for somebody who asks for history, in the order asked for; null
    /// where some of them are older than the window.
    @Nullable List<Entry> history(Key key, HistoryRequest request) {
        KeyState state = keys.get(key);
        if (mode == Namespace.Mode.LATEST) {
            Entry entry = state == null ? null : state.newest;
            boolean isWanted =
                    entry != null
                            && entry.offset() >= request.from()
                            && entry.nextOffset() < request.before();
            return isWanted ? List.of(entry) : List.of();
        }
        boolean isWhole = windowStart() <= logStart;
        if (!request.reverse() && request.from() < windowStart() && !isWhole) {
            return null;
        }
        long[] places = places(state, request.reverse() ? windowStart() : request.from());
        var found = new ArrayList<Entry>();
        for (int i = 0; i < places.length && found.size() < request.recordsMax(); i++) {
            long place = places[request.reverse() ? places.length - 1 - i : i];
            if (window.offset(place) + 1 < request.before()) {
                found.add(window.read(place, key));
            }
        }
        return request.reverse() && found.size() < request.recordsMax() && !isWhole ? null : found;
    }

    private long[] places(@Nullable KeyState state, long from) {
        return state == null ? new long[0] : window.places(state.lastPlace, from);
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
        KeyState state = keys.get(request.feed().key);
        Entry entry = state == null ? null : state.newest;
        var piece = new PieceBuilder(request, Math.max(0, request.from()));
        if (entry != null && entry.nextOffset() > request.from()) {
            piece.add(entry);
        }
        return piece.build(position, true);
    }

    private @Nullable Piece windowPiece(PieceRequest request) {
        long from = request.from();
        if (from == PieceRequest.LIVE_ONLY || from >= position) {
            // Ahead of this reader: another node was faster. What the client has is passed over.
            long next = Math.max(from, position);
            return new Piece.Records(null, next, next, next, true);
        }
        Key key = request.feed().key;
        KeyState state = keys.get(key);
        if (from < windowStart() && !(missedNothing(state, from) && !request.isBeginning())) {
            return null;
        }
        long[] places = places(state, from);
        int recordsMax = request.recordsMax();
        if (recordsMax > 0 && places.length > recordsMax) {
            return new Piece.Unrecoverable(position);
        }
        var piece = new PieceBuilder(request, from);
        for (long place : places) {
            if (piece.isFull()) {
                return piece.build(window.offset(place), false);
            }
            piece.add(window.read(place, key));
        }
        return piece.build(position, true);
    }

    private boolean missedNothing(@Nullable KeyState state, long from) {
        long last = state == null ? KeyState.NONE : state.lastOffset;
        return last == KeyState.NONE ? from >= knownFrom : last < from;
    }

    /// What is known of one key.
    private static final class KeyState {
        /// No offset: the key has no record from `knownFrom` on.
        static final long NONE = -1;

        /// Those who want its records. Another list once they change.
        List<ChannelFeed> feeds = List.of();

        /// Mode `stream`: the Kafka offset of its last record, and where that is in the window.
        long lastOffset = NONE;

        long lastPlace = Window.NOWHERE;

        /// Mode `latest`: its newest record; null where there is none or it was deleted.
        @Nullable Entry newest;

        boolean isBlank() {
            return lastOffset == NONE && newest == null;
        }
    }
}
