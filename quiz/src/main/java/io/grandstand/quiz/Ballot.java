package io.grandstand.quiz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one player holds of one question. State store `ballots`.
///
/// @param casts the answers that may yet count, in the order of the log. Where the question is
///   known they are each received earlier than all before them, so there is more than one only
///   where gateways' clocks disagree. Where it is not known yet, all that are held.
/// @param awarded points paid so far
/// @param version the question's version that `awarded` follows from; 0 where never scored
record Ballot(List<Cast> casts, int awarded, int version) {
    static final Ballot EMPTY = new Ballot(List.of(), 0, 0);

    Ballot {
        casts = List.copyOf(casts);
    }

    static Ballot orEmpty(@Nullable Ballot ballot) {
        return ballot == null ? EMPTY : ballot;
    }

    boolean isEmpty() {
        return casts.isEmpty();
    }

    boolean isScored() {
        return version > 0;
    }

    Ballot with(Cast cast) {
        var all = new ArrayList<>(casts);
        all.add(cast);
        return new Ballot(all, awarded, version);
    }

    Ballot awarded(int points, int ofVersion) {
        return new Ballot(casts, points, ofVersion);
    }
}
