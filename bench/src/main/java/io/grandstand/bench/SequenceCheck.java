package io.grandstand.bench;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether the messages of one channel came to one connection each once and in order: their
/// sequence numbers must be 0, 1, 2, …. Confined to one thread.
final class SequenceCheck {
    /// How many missing numbers are kept, to tell a late message from one that came twice. Those of
    /// a wider gap count as lost for good, and as doubled where they come after all: the run has
    /// failed either way.
    static final int MISSING_MAX = 10_000;

    private long next;
    private long doubled;
    private long reordered;

    /// Numbers below `next` that did not come; null while there were none.
    private @Nullable Set<Long> missing;

    /// Those of them that are not kept.
    private long missingBeyond;

    /// Takes the next message; says whether it was new.
    boolean accept(long sequence) {
        if (sequence == next) {
            next++;
            return true;
        }
        if (sequence > next) {
            skipTo(sequence);
            next = sequence + 1;
            return true;
        }
        if (missing != null && missing.remove(sequence)) {
            reordered++;
            return true;
        }
        doubled++;
        return false;
    }

    private void skipTo(long sequence) {
        if (missing == null) {
            missing = new HashSet<>();
        }
        for (; next < sequence && missing.size() < MISSING_MAX; next++) {
            missing.add(next);
        }
        missingBeyond += sequence - next;
    }

    /// The number that is expected next: all below came, or are lost.
    long next() {
        return next;
    }

    long doubled() {
        return doubled;
    }

    long reordered() {
        return reordered;
    }

    /// How many of the first `sent` messages did not come.
    long lost(long sent) {
        return Math.max(0, sent - next) + missingBeyond + (missing == null ? 0 : missing.size());
    }
}
