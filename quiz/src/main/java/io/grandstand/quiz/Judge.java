package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result.Status;
import org.jspecify.annotations.Nullable;

/// The rules by which answers count and earn points.
///
/// A player's counted answer is the first one in the log that names an option of the question and
/// was received from `opensAt` to `locksAt`, both included, to the millisecond. That depends on the
/// log and the receive times alone, never on whether an answer or a ruling was processed first,
/// although `locksAt` may move towards the past after answers were judged. It holds because a
/// ballot keeps each cast that was received earlier than all it kept before: if the first cast
/// within the final bounds were not kept, an earlier one in the log, received no later, would be,
/// and would be within the bounds itself.
final class Judge {
    private Judge() {}

    /// A cast, judged.
    ///
    /// @param ballot the ballot from here on
    /// @param option the option that counts for this player now; null where none does
    record Judgement(Ballot ballot, Status status, @Nullable String option) {}

    /// A counted answer, scored.
    ///
    /// @param ballot the ballot from here on
    /// @param points what the player now holds for the question
    /// @param delta `points` less what was held before
    /// @param isFirst whether the player was never scored for the question before
    record Award(Ballot ballot, boolean correct, int points, int delta, boolean isFirst) {
        /// Whether boards need to hear of it: a first score puts a player on the board, be it with
        /// no points.
        boolean isEntry() {
            return isFirst || delta != 0;
        }
    }

    /// Judges `cast`, the newest in the log of this player.
    static Judgement judge(Question question, Ballot ballot, Cast cast) {
        boolean isVoid = question.state() == State.VOID;
        Cast counted = isVoid ? null : counted(question, ballot);
        String option = counted == null ? null : counted.option();
        if (!question.hasOption(cast.option())) {
            return new Judgement(ballot, Status.INVALID, option);
        }
        if (isVoid) {
            return new Judgement(ballot, Status.CLOSED, null);
        }
        Ballot kept = keeps(question, ballot, cast) ? ballot.with(cast) : ballot;
        if (counted != null) {
            return new Judgement(kept, Status.DUPLICATE, option);
        }
        if (cast.receivedAt() < question.opensAt()) {
            return new Judgement(kept, Status.CLOSED, null);
        }
        if (cast.receivedAt() > question.locksAt()) {
            Status status = question.state().isSettled() ? Status.CLOSED : Status.LATE;
            return new Judgement(kept, status, null);
        }
        return new Judgement(kept, Status.ACCEPTED, cast.option());
    }

    /// What a player must be told because `locksAt` moved from `before` to `now`: that the accepted
    /// answer came too late, or that another one of the player's own counts in its place. Null
    /// where nothing changed.
    static @Nullable Judgement moved(Question before, Question now, Ballot ballot) {
        Cast was = counted(before, ballot);
        Cast is = counted(now, ballot);
        if (was == null || was.equals(is)) {
            return null;
        }
        return is == null
                ? new Judgement(ballot, Status.LATE, null)
                : new Judgement(ballot, Status.ACCEPTED, is.option());
    }

    /// What `question` earns the ballot that it did not earn before; null where there is nothing to
    /// say: no result yet, no counted answer, or this version was scored already.
    static @Nullable Award award(Question question, Ballot ballot) {
        if (question.version() <= ballot.version()) {
            return null;
        }
        return switch (question.state()) {
            case OPEN, LOCKED -> null;
            case RESOLVED, CORRECTED -> {
                Cast counted = counted(question, ballot);
                if (counted == null) {
                    yield null;
                }
                boolean correct = counted.option().equals(question.answer());
                yield award(question, ballot, correct, correct ? question.points() : 0);
            }
            case VOID -> ballot.isScored() ? award(question, ballot, false, 0) : null;
        };
    }

    /// The cast that counts; null where none does.
    static @Nullable Cast counted(Question question, Ballot ballot) {
        for (Cast cast : ballot.casts()) {
            if (isOnTime(question, cast)) {
                return cast;
            }
        }
        return null;
    }

    private static Award award(Question question, Ballot ballot, boolean correct, int points) {
        return new Award(
                ballot.awarded(points, question.version()),
                correct,
                points,
                points - ballot.awarded(),
                !ballot.isScored());
    }

    private static boolean keeps(Question question, Ballot ballot, Cast cast) {
        return isOnTime(question, cast)
                && (ballot.isEmpty() || cast.receivedAt() < ballot.casts().getLast().receivedAt());
    }

    private static boolean isOnTime(Question question, Cast cast) {
        return cast.receivedAt() >= question.opensAt() && cast.receivedAt() <= question.locksAt();
    }
}
