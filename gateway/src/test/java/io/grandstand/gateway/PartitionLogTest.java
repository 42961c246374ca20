package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("result", 0);

    /// Never runs anything: feeds only name their loop here.
    private final LoopSubscriptions loop = new LoopSubscriptions(new DefaultEventLoop(), List.of());

    private final PartitionLog stream = new PartitionLog(PARTITION, Mode.STREAM, 0);
    private final PartitionLog latest = new PartitionLog(PARTITION, Mode.LATEST, 0);

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
        PieceRequest request = request("a", 0);
        stream.await(request);
        stream.removeInterest(request.feed(), 0);
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

    /// However much is written, the window stays within its bytes, and what it answers is complete:
    /// either every record of the key from the position on, piece by piece, or "too old".
    @Property(tries = 50)
    void piecesAddUpToEveryRecordOfTheKey(
            @ForAll @IntRange(min = 1, max = 400) int count,
            @ForAll @IntRange(min = 0, max = 60_000) int size,
            @ForAll @IntRange(min = 0, max = 400) int from) {
        var log = new PartitionLog(PARTITION, Mode.STREAM, 0);
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
                assertThat((long) count * 2 * size)
                        .describedAs("only an overfull window forgets")
                        .isGreaterThan(PartitionLog.WINDOW_BYTES_MAX - 200L * count - 2L * size);
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

    private record Recovered(List<Long> offsets, long next, boolean isAtEnd) {}

    private @Nullable Recovered recovered(PartitionLog log, String key, long from) {
        if (!(log.piece(request(key, from)) instanceof Piece.Records records)) {
            return null;
        }
        ByteBuf frames = records.frames();
        List<Long> offsets =
                frames == null
                        ? List.of()
                        : Pattern.compile("\"offset\":(\\d+)")
                                .matcher(frames.toString(UTF_8))
                                .results()
                                .map((MatchResult match) -> Long.parseLong(match.group(1)))
                                .toList();
        if (frames != null) {
            frames.release();
        }
        return new Recovered(offsets, records.next(), records.isAtEnd());
    }

    @SuppressWarnings("NullAway") // The log looks at the request's feed and position alone.
    private PieceRequest request(String key, long from) {
        return new PieceRequest(null, feed(key), from, false);
    }

    private ChannelFeed feed(String key) {
        return new ChannelFeed(
                loop,
                "result:" + key,
                Namespace.readable("result", Mode.STREAM, Permission.ANY),
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
