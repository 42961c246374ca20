package io.grandstand.quiz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one player holds of one question. State store `ballots`.
///
/// @param casts the answers that may yet count, in the order of the log. Where the question is not
///   known yet, all that are held.
/// @param ruling the version of the question that the ballot stands at; 0 where none was known
/// @param counted which of `casts` counts by that version's lock; -1 where none does
/// @param paid what was scored for it; null where nothing was
record Ballot(List<Cast> casts, int ruling, int counted, @Nullable Paid paid) {
    /// Answers kept for one player and question. Mostly there is one; more where players may change
    /// their mind, or where gateways' clocks or a viewer's claims disagree. A further answer is
    /// refused as a duplicate.
    static final int CASTS_MAX = 16;

    static final int NONE = -1;

    static final Ballot EMPTY = new Ballot(List.of(), 0, NONE, null);

    /// What a player holds for a question.
    ///
    /// @param version the question's version that it follows from
    /// @param entry the version of the newest entry in `points`; rises with each score
    /// @param cast which of `casts` counted; -1 once the question is void
    /// @param points what the answer earned, without `bonus`
    /// @param bonus what the streak earned on top
    /// @param answerMs how long the answer took
    record Paid(
            int version,
            int entry,
            int cast,
            boolean correct,
            int points,
            int bonus,
            long answerMs) {
        int sum() {
            return points + bonus;
        }

        boolean counts() {
            return cast != NONE;
        }
    }

    Ballot {
        casts = List.copyOf(casts);
    }

    static Ballot orEmpty(@Nullable Ballot ballot) {
        return ballot == null ? EMPTY : ballot;
    }

    /// The cast that counts; null where none does.
    @Nullable Cast countedCast() {
        return counted == NONE ? null : casts.get(counted);
    }

    Ballot with(Cast cast) {
        var all = new ArrayList<>(casts);
        all.add(cast);
        return new Ballot(all, ruling, counted, paid);
    }

    Ballot at(int newRuling, int newCounted) {
        return new Ballot(casts, newRuling, newCounted, paid);
    }

    Ballot with(Paid newPaid) {
        return new Ballot(casts, ruling, counted, newPaid);
    }
}
