package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionLogTest {
    private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");

    /// Never runs anything: feeds only name their loop here.
    private final LoopSubscriptions loop =
            new LoopSubscriptions(new DefaultEventLoop(), List.of(), 512, new GatewayStats());

    private final PartitionLog stream = new PartitionLog(feed("any"), 0);
    private final PartitionLog latest = new PartitionLog(feed("any", Mode.LATEST), 0);

    @Test
    void aStreamStartsAtTheEndOfTheLog() {
        assertThat(stream.start(5, 100)).isEqualTo(100);
        assertThat(stream.isReady()).isTrue();
    }

    @Test
    void aLatestLogReadsFromTheBeginningBeforeItIsReady() {
        assertThat(latest.start(5, 7)).isEqualTo(5);
        assertThat(latest.isReady()).isFalse();
        latest.add(entry(5, "a", "1"));
        assertThat(latest.isReady()).isFalse();
        // Offset 6 is a transaction marker: no record, but read.
        latest.advance(7);
        assertThat(latest.isReady()).isTrue();
    }

    @Test
    void recoveryGivesTheKeysRecordsFromThePositionOn() {
        stream.start(0, 10);
        stream.add(entry(10, "a", "1"));
        stream.add(entry(11, "b", "2"));
        stream.add(entry(12, "a", "3"));
        assertThat(recovered(stream, "a", 10))
                .isEqualTo(new Recovered(List.of(11L, 13L), 13, true));
        assertThat(recovered(stream, "a", 11)).isEqualTo(new Recovered(List.of(13L), 13, true));
        assertThat(recovered(stream, "c", 10)).isEqualTo(new Recovered(List.of(), 13, true));
    }

    @Test
    void whatIsOlderThanTheWindowIsLeftToTheCatchUp() {
        stream.start(0, 10);
        assertThat(stream.piece(request("a", 9))).isNull();
    }

    @Test
    void aPositionAheadOfThisReaderIsKept() {
        stream.start(0, 10);
        assertThat(recovered(stream, "a", 15)).isEqualTo(new Recovered(List.of(), 15, true));
    }

    @Test
    void aLatestChannelGivesTheNewestRecordUnlessTheClientHasIt() {
        latest.start(0, 0);
        latest.add(entry(0, "a", "1"));
        latest.add(entry(1, "a", "2"));
        assertThat(recovered(latest, "a", 0)).isEqualTo(new Recovered(List.of(2L), 2, true));
        assertThat(recovered(latest, "a", 2)).isEqualTo(new Recovered(List.of(), 2, true));
    }

    @Test
    void aDeletedKeyHasNoNewestRecord() {
        latest.start(0, 0);
        latest.add(entry(0, "a", "1"));
        latest.add(entry(1, "a", null));
        assertThat(recovered(latest, "a", 0)).isEqualTo(new Recovered(List.of(), 2, true));
    }

    @Test
    void aRecordGoesToTheFeedsOfItsKeyAlone() {
        stream.start(0, 0);
        ChannelFeed a = feed("a");
        stream.addInterest(a);
        assertThat(stream.add(entry(0, "a", "1"))).containsExactly(a);
        assertThat(stream.add(entry(1, "b", "1"))).isEmpty();
        stream.removeInterest(a, 0);
        assertThat(stream.add(entry(2, "a", "1"))).isEmpty();
    }

    @Test
    void aFeedThatIsReleasedWaitsForNothing() {
        ChannelFeed a = feed("a");
        stream.await(new PartitionLog.Waiting(a, 0, _ -> {}));
        stream.removeInterest(a, 0);
        assertThat(stream.takeWaiting()).isEmpty();
    }

    @Test
    void aLogWithoutInterestIsIdleAfterItsLinger() {
        ChannelFeed a = feed("a");
        stream.addInterest(a);
        assertThat(stream.isIdle(1000, 100)).isFalse();
        stream.removeInterest(a, 1000);
        assertThat(stream.isIdle(1099, 100)).isFalse();
        assertThat(stream.isIdle(1100, 100)).isTrue();
    }

    /// However much is written, what the log answers is complete: either every record of the key
    /// from the position on, piece by piece, or "too old".
    @Property(tries = 50)
    void piecesAddUpToEveryRecordOfTheKey(
            @ForAll @IntRange(min = 1, max = 400) int count,
            @ForAll @IntRange(min = 0, max = 60_000) int size,
            @ForAll @IntRange(min = 0, max = 400) int from) {
        var log = new PartitionLog(feed("any"), 0);
        log.start(0, 0);
        String value = "\"" + "x".repeat(size) + "\"";
        var expected = new ArrayList<Long>();
        for (int offset = 0; offset < count; offset++) {
            String key = offset % 3 == 0 ? "a" : "b";
            log.add(entry(offset, key, value));
            if (key.equals("a") && offset >= from) {
                expected.add(offset + 1L);
            }
        }
        var got = new ArrayList<Long>();
        long position = from;
        while (true) {
            Recovered piece = recovered(log, "a", position);
            if (piece == null) {
                assertThat(position).isLessThan(log.windowStart());
                return;
            }
            got.addAll(piece.offsets());
            position = piece.next();
            if (piece.isAtEnd()) {
                break;
            }
        }
        assertThat(got).isEqualTo(expected);
    }

    /// The whole partition, kept as a list beside the log under test: what every answer is measured
    /// against. Records before `start` are in Kafka, but the log never read them.
    private static final class Partition {
        private static final int KEYS = 15;

        final List<Entry> records = new ArrayList<>();
        final long begin;
        final long start;
        final PartitionLog log;

        long position;

        Partition(PartitionLog log, SplittableRandom random) {
            this.log = log;
            long offset = random.nextInt(3) == 0 ? 0 : random.nextInt(50);
            begin = offset;
            for (int i = random.nextInt(20); i > 0; i--) {
                records.add(entry(offset, key(random), "1"));
                offset += random.nextInt(1, 3);
            }
            start = offset;
            position = log.start(begin, start);
        }

        static String key(SplittableRandom random) {
            return "key-" + random.nextInt(KEYS);
        }

        void write(SplittableRandom random, String value) {
            // Transactions leave gaps in the offsets.
            Entry next = entry(position + random.nextInt(2), key(random), value);
            records.add(next);
            log.add(next);
            position = next.nextOffset();
        }

        List<Entry> of(String key) {
            var wanted = new Key(key.getBytes(UTF_8));
            return records.stream().filter(entry -> entry.key().equals(wanted)).toList();
        }

        /// The positions of a client that has read so far, for the records of a key from `from` on.
        List<Long> after(String key, long from) {
            return of(key).stream()
                    .filter(entry -> entry.offset() >= from)
                    .map(Entry::nextOffset)
                    .toList();
        }

        /// Whether the log can know that the key has no record from `from` on: it saw a later one
        /// of that key end before, or read everything since.
        boolean isProvenQuiet(String key, long from) {
            List<Entry> seen = of(key).stream().filter(entry -> entry.offset() >= start).toList();
            return seen.isEmpty() ? from >= start : seen.getLast().offset() < from;
        }
    }

    /// A client is told that it missed nothing where that is proven, and only there; and gets all
    /// its records where the window has them. Everything else is left to Kafka.
    @Property(tries = 300)
    void aClientGetsAllItMissedOrIsLeftToTheCatchUp(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var log = new PartitionLog(feed("any"), 0);
        var partition = new Partition(log, random);
        String[] values = {json(2), json(40_000), json(600_000)};
        for (int i = random.nextInt(120); i >= 0; i--) {
            partition.write(random, values[random.nextInt(random.nextInt(1, 4))]);
        }
        for (int i = 0; i < 30; i++) {
            String key = Partition.key(random);
            List<Entry> ofKey = partition.of(key);
            // Anywhere, or right before or behind one of the key's records.
            long from =
                    ofKey.isEmpty() || random.nextBoolean()
                            ? random.nextLong(partition.position + 3)
                            : ofKey.get(random.nextInt(ofKey.size())).offset() + random.nextInt(2);
            boolean isBeginning = random.nextInt(5) == 0;
            int recordsMax = random.nextInt(4);
            if (isBeginning) {
                from = 0;
            }
            boolean isInWindow = from >= log.windowStart();
            boolean isKnown = isInWindow || (!isBeginning && partition.isProvenQuiet(key, from));
            List<Long> missed = partition.after(key, from);

            Piece piece = log.piece(request(feed(key), from, isBeginning, recordsMax));

            assertThat(piece != null).describedAs("%s from %d", key, from).isEqualTo(isKnown);
            if (piece instanceof Piece.Unrecoverable lost) {
                assertThat(recordsMax).isBetween(1, missed.size() - 1);
                assertThat(lost.next()).isEqualTo(partition.position);
            } else if (piece instanceof Piece.Records records) {
                assertThat(recordsMax == 0 || missed.size() <= recordsMax).isTrue();
                List<Long> got = offsets(records);
                assertThat(got).isEqualTo(missed.subList(0, got.size()));
                assertThat(records.isAtEnd()).isEqualTo(got.size() == missed.size());
                assertThat(records.next())
                        .isEqualTo(
                                records.isAtEnd()
                                        ? Math.max(from, partition.position)
                                        : missed.get(got.size()) - 1);
            }
        }
        log.close();
    }

    /// With more keys than are remembered, the log forgets where the quietest had their last
    /// record, and must no longer say that they missed nothing.
    @Property(tries = 3)
    void whatIsForgottenIsNotClaimed(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var log = new PartitionLog(feed("any"), 0);
        log.start(0, 0);
        ChannelFeed wanted = feed("wanted");
        log.addInterest(wanted);
        log.add(entry(0, "wanted", null));
        long offset = 1;
        int keys = PartitionLog.QUIET_KEYS_MAX + random.nextInt(1, 2000);
        for (int key = 1; key <= keys; key++) {
            log.add(entry(offset++, "quiet-" + key, null));
        }
        long forgotten = log.windowStart();
        assertThat(forgotten).isBetween(1L, keys - PartitionLog.QUIET_KEYS_MAX * 3L / 4);
        // Enough of another key to push all of them out of the window.
        for (int i = 0; i < 12; i++) {
            log.add(entry(offset++, "busy", json(1_000_000)));
        }
        for (int i = 0; i < 200; i++) {
            int key = random.nextInt(1, i % 2 == 0 ? (int) forgotten * 2 : keys + 1);
            // The client has the key's only record, or has not.
            boolean hasIt = random.nextBoolean();
            Recovered told = recovered(log, "quiet-" + key, hasIt ? key + 1 : key);
            boolean isRemembered = key >= forgotten;
            // What is behind the last record forgotten is known: nothing came after it.
            boolean isBehindForgotten = hasIt && key == forgotten - 1;
            assertThat(told)
                    .describedAs("key %d of %d, forgotten before %d", key, keys, forgotten)
                    .isEqualTo(
                            hasIt && (isRemembered || isBehindForgotten)
                                    ? new Recovered(List.of(), offset, true)
                                    : null);
        }
        // A key that never was is quiet from where nothing is forgotten.
        assertThat(recovered(log, "never", forgotten)).isNotNull();
        assertThat(recovered(log, "never", forgotten - 1)).isNull();
        // One that somebody is interested in is never forgotten.
        assertThat(recovered(log, "wanted", 1)).isNotNull();
        assertThat(recovered(log, "wanted", 0)).isNull();
    }

    /// History against the list: the same records, or left to Kafka where the window does not prove
    /// that they are all.
    @Property(tries = 300)
    void historyIsWhatAListWouldShowOrLeftToKafka(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var log = new PartitionLog(feed("any"), 0);
        var partition = new Partition(log, random);
        String[] values = {json(2), json(600_000)};
        for (int i = random.nextInt(60); i >= 0; i--) {
            partition.write(random, values[random.nextInt(2)]);
        }
        for (int i = 0; i < 30; i++) {
            String key = Partition.key(random);
            boolean reverse = random.nextBoolean();
            long from = reverse || random.nextBoolean() ? 0 : random.nextLong(partition.position);
            long before =
                    !reverse || random.nextBoolean()
                            ? Long.MAX_VALUE
                            : random.nextLong(partition.position + 1);
            int recordsMax = random.nextInt(1, 8);
            List<Entry> expected = list(partition.of(key), from, before, recordsMax, reverse);
            boolean isWhole = log.windowStart() <= partition.begin;
            boolean isInWindow =
                    reverse
                            ? expected.size() == recordsMax
                                    && expected.getLast().offset() >= log.windowStart()
                            : from >= log.windowStart();

            List<Entry> found =
                    log.history(
                            new Key(key.getBytes(UTF_8)),
                            new HistoryRequest(
                                    feed(key), from, before, recordsMax, reverse, _ -> {}));

            assertThat(offsets(found)).isEqualTo(isWhole || isInWindow ? offsets(expected) : null);
        }
    }

    @Test
    void theHistoryOfALatestChannelIsItsNewestRecordWhereThatIsAskedFor() {
        latest.start(0, 0);
        latest.add(entry(0, "a", "1"));
        Entry newest = entry(4, "a", "2");
        latest.add(newest);
        assertThat(history(latest, 0, Long.MAX_VALUE, false)).containsExactly(newest);
        assertThat(history(latest, 4, Long.MAX_VALUE, false)).containsExactly(newest);
        assertThat(history(latest, 5, Long.MAX_VALUE, false)).isEmpty();
        assertThat(history(latest, 0, Long.MAX_VALUE, true)).containsExactly(newest);
        assertThat(history(latest, 0, 5, true)).isEmpty();
    }

    /// Twice in a row without progress towards an end that was there before: once may be chance.
    @Test
    void aLogStallsWhenTwoSurveysFindNoProgress() {
        stream.start(0, 0);
        stream.add(entry(0, "a", "1"));
        assertThat(stream.isStalled(5)).isFalse();
        assertThat(stream.isStalled(5)).isFalse();
        assertThat(stream.isStalled(6)).isTrue();
        stream.add(entry(1, "a", "1"));
        assertThat(stream.isStalled(6)).isFalse();
        assertThat(stream.isStalled(6)).isFalse();
        stream.advance(6);
        assertThat(stream.isStalled(6)).isFalse();
        assertThat(stream.isStalled(6)).isFalse();
        assertThat(stream.isStalled(6)).isFalse();
    }

    @Test
    void thoseWhoAskForTheSameGetTheSameBytes() {
        stream.start(0, 0);
        stream.add(entry(0, "a", "1"));
        PieceRequest request = request(feed("a"), 0, false, 0);
        var first = (Piece.Records) stream.piece(request);
        var second = (Piece.Records) stream.piece(request);
        assertThat(first).isNotNull();
        assertThat(second).isNotNull();
        assertThat(first.frames()).isNotNull();
        assertThat(second.frames()).isNotNull();
        assertThat(second.frames().memoryAddress()).isEqualTo(first.frames().memoryAddress());
        first.release();
        second.release();
        stream.close();
        assertThat(first.frames().refCnt()).isZero();
    }

    /// However requests, records and closing come, once every receiver has released its piece and
    /// the log is closed, no buffer is left.
    @Property(tries = 200)
    void noBufferIsLeftBehind(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var log = new PartitionLog(feed("any"), 0);
        log.start(0, 0);
        List<ChannelFeed> feeds = List.of(feed("key-0"), feed("key-1"), feed("key-2"));
        var held = new ArrayList<ByteBuf>();
        var buffers = new ArrayList<ByteBuf>();
        long offset = 0;
        for (int i = 0; i < 100; i++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> log.add(entry(offset++, "key-" + random.nextInt(3), json(20_000)));
                case 2 -> log.close();
                case 3 -> {
                    held.forEach(ByteBuf::release);
                    held.clear();
                }
                default -> {
                    Piece piece =
                            log.piece(
                                    request(
                                            feeds.get(random.nextInt(3)),
                                            random.nextLong(offset + 1),
                                            false,
                                            random.nextInt(3)));
                    if (piece instanceof Piece.Records records && records.frames() != null) {
                        held.add(records.frames());
                        buffers.add(records.frames().unwrap());
                    }
                }
            }
        }
        log.close();
        assertThat(held).allMatch(frames -> frames.refCnt() == 1);
        held.forEach(ByteBuf::release);
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private List<Entry> history(PartitionLog log, long from, long before, boolean reverse) {
        List<Entry> found =
                log.history(
                        new Key("a".getBytes(UTF_8)),
                        new HistoryRequest(
                                feed("a", Mode.LATEST), from, before, 9, reverse, _ -> {}));
        assertThat(found).isNotNull();
        return found;
    }

    private static List<Entry> list(
            List<Entry> records, long from, long before, int recordsMax, boolean reverse) {
        return (reverse ? records.reversed() : records)
                .stream()
                        .filter(entry -> entry.offset() >= from && entry.nextOffset() < before)
                        .limit(recordsMax)
                        .toList();
    }

    private static @Nullable List<Long> offsets(@Nullable List<Entry> entries) {
        return entries == null ? null : entries.stream().map(Entry::offset).toList();
    }

    private static String json(int length) {
        return "\"" + "x".repeat(length) + "\"";
    }

    private record Recovered(List<Long> offsets, long next, boolean isAtEnd) {}

    private @Nullable Recovered recovered(PartitionLog log, String key, long from) {
        if (!(log.piece(request(key, from)) instanceof Piece.Records records)) {
            return null;
        }
        // The log keeps what it gave for whoever asks next.
        log.close();
        return new Recovered(offsets(records), records.next(), records.isAtEnd());
    }

    /// The offsets of the publications in a piece, which is released.
    private static List<Long> offsets(Piece.Records records) {
        ByteBuf frames = records.frames();
        List<Long> offsets =
                frames == null
                        ? List.of()
                        : OFFSET.matcher(frames.toString(UTF_8))
                                .results()
                                .map((MatchResult match) -> Long.parseLong(match.group(1)))
                                .toList();
        records.release();
        return offsets;
    }

    private PieceRequest request(String key, long from) {
        return request(feed(key), from, false, 0);
    }

    @SuppressWarnings("NullAway") // The log does not look at whose request it is.
    private static PieceRequest request(
            ChannelFeed feed, long from, boolean isBeginning, int recordsMax) {
        return new PieceRequest(null, feed, from, isBeginning, recordsMax, null);
    }

    private ChannelFeed feed(String key) {
        return feed(key, Mode.STREAM);
    }

    private ChannelFeed feed(String key, Mode mode) {
        return new ChannelFeed(
                loop,
                "result:" + key,
                Wire.WEBSOCKET_JSON,
                Namespace.readable("result", mode, Permission.ANY),
                new TopicDirectory.Entry("result", 1, "e"),
                new Key(key.getBytes(UTF_8)));
    }

    private static Entry entry(long offset, String key, @Nullable String value) {
        Entry entry =
                Entry.of(
                        new ConsumerRecord<>(
                                "result",
                                0,
                                offset,
                                key.getBytes(UTF_8),
                                value == null ? null : value.getBytes(UTF_8)));
        assertThat(entry).isNotNull();
        return entry;
    }
}
