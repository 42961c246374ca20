package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SequenceCheckTest {
    @Test
    void messagesInOrderAreClean() {
        check(List.of(0L, 1L, 2L, 3L), 4, 0, 0, 0);
    }

    @Test
    void aMessageThatNeverComesIsLost() {
        check(List.of(0L, 2L, 3L), 4, 1, 0, 0);
    }

    @Test
    void theLastMessageCanBeLostToo() {
        check(List.of(0L, 1L), 4, 2, 0, 0);
    }

    @Test
    void nothingAtAllIsAllLost() {
        check(List.of(), 3, 3, 0, 0);
    }

    @Test
    void aMessageThatComesAgainIsDoubled() {
        check(List.of(0L, 1L, 1L, 2L, 0L), 3, 0, 2, 0);
    }

    @Test
    void aMessageAfterALaterOneIsReorderedAndNotLost() {
        check(List.of(0L, 2L, 1L, 3L), 4, 0, 0, 1);
    }

    @Test
    void aLateMessageThatComesTwiceIsReorderedOnceAndDoubledOnce() {
        check(List.of(0L, 2L, 1L, 1L), 3, 0, 1, 1);
    }

    @Test
    void aGapTooWideToKeepIsLostAllTheSame() {
        long last = 3L * SequenceCheck.MISSING_MAX;
        check(List.of(0L, last), last + 1, last - 1, 0, 0);
    }

    /// A model: sets and counts of everything.
    @Property
    void anyMixIsCountedRight(
            @ForAll @IntRange(min = 1, max = 60) int sent, @ForAll Random random) {
        var arrivals = new ArrayList<Long>();
        for (long k = 0; k < sent; k++) {
            int copies = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
            arrivals.addAll(Collections.nCopies(copies, k));
        }
        if (arrivals.size() > 2 && random.nextBoolean()) {
            Collections.swap(
                    arrivals, random.nextInt(arrivals.size()), random.nextInt(arrivals.size()));
        }
        var seen = new HashSet<Long>();
        long highest = -1;
        long doubled = 0;
        long reordered = 0;
        for (long arrival : arrivals) {
            if (!seen.add(arrival)) {
                doubled++;
            } else if (arrival < highest) {
                reordered++;
            }
            highest = Math.max(highest, arrival);
        }
        check(arrivals, sent, sent - seen.size(), doubled, reordered);
    }

    private static void check(
            List<Long> arrivals, long sent, long lost, long doubled, long reordered) {
        var check = new SequenceCheck();
        long accepted = arrivals.stream().filter(check::accept).count();
        assertThat(check.lost(sent)).describedAs("lost").isEqualTo(lost);
        assertThat(check.doubled()).describedAs("doubled").isEqualTo(doubled);
        assertThat(check.reordered()).describedAs("reordered").isEqualTo(reordered);
        assertThat(accepted).isEqualTo(sent - lost);
    }
}
