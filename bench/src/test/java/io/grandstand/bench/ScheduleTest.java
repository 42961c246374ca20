package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long MS = 1_000_000;

    @Test
    void messagesAreEvenlySpread() {
        var schedule = new Schedule(500 * MS, 10, 30);
        assertThat(schedule.dueNs(0)).isEqualTo(500 * MS);
        assertThat(schedule.dueNs(1)).isEqualTo(600 * MS);
        assertThat(schedule.dueNs(29)).isEqualTo(3_400 * MS);
    }

    @Test
    void manyMessagesShareATick() {
        var schedule = new Schedule(0, 20_000, 100_000);
        assertThat(schedule.dueNs(19)).isEqualTo(0);
        assertThat(schedule.dueNs(20)).isEqualTo(MS);
        assertThat(schedule.dueBy(0)).isEqualTo(20);
        assertThat(schedule.dueBy(MS)).isEqualTo(40);
    }

    @Test
    void nothingIsDueBeforeTheBegin() {
        assertThat(new Schedule(1_000 * MS, 1_000, 10).dueBy(999 * MS)).isZero();
    }

    @Property
    void whatIsDueIsWhatHasItsTimeBehindIt(
            @ForAll @DoubleRange(min = 0.5, max = 50_000) double perSecond,
            @ForAll @LongRange(max = 20_000_000_000L) long afterNs) {
        var schedule = new Schedule(-7 * MS, perSecond, 1_000_000_000);
        long due = schedule.dueBy(-7 * MS + afterNs);
        assertThat(due).isPositive();
        assertThat(schedule.dueNs(due - 1)).isLessThanOrEqualTo(-7 * MS + afterNs);
        assertThat(schedule.dueNs(due)).isGreaterThan(-7 * MS + afterNs);
    }

    /// A server that stands still for a second must show in the latencies of all messages that were
    /// due meanwhile, not in one alone: no coordinated omission.
    @Test
    void aStallShowsInEveryMessageThatWasDueMeanwhile() {
        var schedule = new Schedule(0, 1_000, 3_000);
        Histogram latency = Counts.histogram();
        var counts = new ArrayList<Long>();
        long k = 0;
        // The sender is kept from sending between 1 s and 2 s, and wakes up every millisecond else.
        for (long nowNs = 0; k < schedule.count(); nowNs = next(nowNs)) {
            long due = schedule.dueBy(nowNs);
            counts.add(due - k);
            for (; k < due; k++) {
                latency.recordValue((nowNs - schedule.dueNs(k)) / 1_000);
            }
        }
        assertThat(latency.getTotalCount()).isEqualTo(3_000);
        assertThat(latency.getMaxValue()).isBetween(998_000L, 1_001_000L);
        assertThat(latency.getCountBetweenValues(100_000, 1_001_000)).isBetween(890L, 910L);
        assertThat(counts).contains(1_000L).doesNotContain(0L);
    }

    private static long next(long nowNs) {
        return nowNs == 999 * MS ? 1_999 * MS : nowNs + MS;
    }
}
