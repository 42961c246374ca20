package io.grandstand.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.protocol.Publication;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HistoryCapTest {
    private static final byte[] NOTHING = {};

    private static final long NO_END = Long.MAX_VALUE;

    private static final HistoryRequest.Outcome FIVE = found(List.of(50L, 40L, 30L, 20L, 10L));

    @Test
    void onlyTheLastRecordsAreShown() {
        check(0, NO_END, 9, false, 20L, 30L, 40L, 50L);
        check(0, NO_END, 9, true, 50L, 40L, 30L, 20L);
        check(0, NO_END, 2, false, 20L, 30L);
        check(0, NO_END, 2, true, 50L, 40L);
        check(30, NO_END, 9, false, 40L, 50L);
        check(0, 40, 9, true, 30L, 20L);
    }

    /// Somebody at the newest hidden record misses nothing; before it, one that is not shown.
    @Test
    void aPositionBeforeAHiddenRecordIsUnrecoverable() {
        check(10, NO_END, 9, false, 20L, 30L, 40L, 50L);
        assertThat(HistoryCap.apply(FIVE, 4, 9, NO_END, 9, false))
                .isEqualTo(new HistoryRequest.Unrecoverable());
    }

    @Test
    void whatCouldNotBeReadStaysSo() {
        assertThat(HistoryCap.apply(new HistoryRequest.Unavailable(), 4, 0, NO_END, 9, false))
                .isEqualTo(new HistoryRequest.Unavailable());
    }

    /// Against a channel kept as a list: the first ones are hidden, the rest is asked for.
    @Property
    void itShowsWhatAListWould(
            @ForAll @IntRange(max = 12) int count,
            @ForAll @IntRange(min = 1, max = 8) int shown,
            @ForAll @IntRange(max = 40) int from,
            @ForAll @IntRange(max = 40) int before,
            @ForAll @IntRange(min = 1, max = 10) int limit,
            @ForAll boolean reverse,
            @ForAll long seed) {
        List<Long> channel = rising(count, new SplittableRandom(seed));
        int hidden = Math.max(0, channel.size() - shown);
        List<Long> newestFirst =
                channel.subList(Math.max(0, hidden - 1), channel.size()).reversed();
        long start = reverse ? 0 : from;
        long end = reverse && before > 0 ? before : NO_END;

        var outcome = HistoryCap.apply(found(newestFirst), shown, start, end, limit, reverse);

        boolean missesHidden =
                start > 0 && channel.subList(0, hidden).stream().anyMatch(at -> at > start);
        var wanted = new ArrayList<>(channel.subList(hidden, channel.size()));
        wanted.removeIf(at -> at <= start || at >= end);
        if (reverse) {
            Collections.reverse(wanted);
        }
        assertThat(outcome)
                .isEqualTo(
                        missesHidden
                                ? new HistoryRequest.Unrecoverable()
                                : found(wanted.subList(0, Math.min(limit, wanted.size()))));
    }

    private static void check(long from, long before, int limit, boolean reverse, Long... offsets) {
        assertThat(HistoryCap.apply(FIVE, 4, from, before, limit, reverse))
                .isEqualTo(found(List.of(offsets)));
    }

    /// Offsets of a channel's records: they rise, with gaps.
    private static List<Long> rising(int count, SplittableRandom random) {
        var offsets = new ArrayList<Long>();
        long offset = 0;
        for (int i = 0; i < count; i++) {
            offset += random.nextInt(1, 5);
            offsets.add(offset);
        }
        return offsets;
    }

    private static HistoryRequest.Outcome found(List<Long> offsets) {
        return new HistoryRequest.Found(
                offsets.stream().map(HistoryCapTest::publication).toList(), 99);
    }

    /// Equal where the offsets are: the data is one and the same array.
    private static Publication publication(long offset) {
        return new Publication(NOTHING, null, offset, Map.of());
    }
}
