package io.grandstand.leaderboard;

import java.util.Arrays;

/// The rank of every score on a board, from how many players stand at each.
///
/// A few thousand numbers however many players there are, as long as scores are sums of a few round
/// numbers; a rank is a binary search in them.
final class Ranks {
    private static final int INITIAL_CAPACITY = 64;

    /// The scores, best first, as bitwise complements: so they ascend, and unlike its negative the
    /// complement of the lowest score exists.
    private final long[] descending;

    /// Players at this score or a better one.
    private final long[] through;

    private Ranks(long[] descending, long[] through) {
        this.descending = descending;
        this.through = through;
    }

    /// Collects counts, best score first.
    static final class Builder {
        private long[] descending = new long[INITIAL_CAPACITY];
        private long[] through = new long[INITIAL_CAPACITY];
        private int size;
        private long players;

        Builder add(long score, long count) {
            if (size == descending.length) {
                descending = Arrays.copyOf(descending, 2 * size);
                through = Arrays.copyOf(through, 2 * size);
            }
            players += count;
            descending[size] = ~score;
            through[size] = players;
            size++;
            return this;
        }

        Ranks build() {
            return new Ranks(Arrays.copyOf(descending, size), Arrays.copyOf(through, size));
        }
    }

    /// 1 + the number of players with a higher score.
    long rank(long score) {
        int found = Arrays.binarySearch(descending, ~score);
        int above = found >= 0 ? found : -found - 1;
        return above == 0 ? 1 : 1 + through[above - 1];
    }

    /// The score of the player at a position, from 0.
    ///
    /// @param position less than `players`
    long scoreAt(long position) {
        int low = 0;
        int high = through.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (through[middle] > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return ~descending[low];
    }

    long players() {
        return through.length == 0 ? 0 : through[through.length - 1];
    }
}
