package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Terms;
import io.grandstand.events.Terms.Answers;
import io.grandstand.events.Terms.Speed;
import io.grandstand.events.Terms.Streak;
import io.grandstand.quiz.Ballot.Paid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules by which answers count and earn points.
///
/// An answer is on time if it names an option of the question and was received from `opensAt` to
/// `locksAt`, both included, to the millisecond; a viewer whose stream is late has as much longer
/// as that delay is believed, but nobody has longer than to the question's last moment. Of a
/// player's answers that are on time the first in the log counts, or, where the terms say so, the
/// last; saying the same again changes nothing.
///
/// What counts depends on the log and the receive times alone, never on whether an answer or a
/// ruling was processed first, although the lock may move towards the past after answers were
/// judged. It holds because a ballot keeps every cast that may yet count by any lock up to the
/// question's first deadline. Where the first counts, a cast is superfluous if one before it was
/// received no later and would be late no earlier: whenever the later one is on time, so is the
/// earlier one. Where the last counts, superfluous is what repeats the newest kept one in the same
/// way.
final class Judge {
    private Judge() {}

    /// A cast, judged.
    ///
    /// @param ballot the ballot from here on
    /// @param option the option that counts for this player now; null where none does
    record Judgement(Ballot ballot, Status status, @Nullable String option) {}

    /// What a counted answer is worth, streaks apart.
    record Earned(boolean correct, int points, long answerMs) {}

    /// Judges `cast`, the newest in the log of this player. The ballot stands at this ruling.
    static Judgement judge(Ruling ruling, Ballot ballot, Cast cast) {
        Question question = ruling.question();
        boolean isVoid = question.state() == State.VOID;
        Cast counted = isVoid ? null : ballot.countedCast();
        String option = counted == null ? null : counted.option();
        if (!question.hasOption(cast.option())) {
            return new Judgement(ballot, Status.INVALID, option);
        }
        if (isVoid) {
            return new Judgement(ballot, Status.CLOSED, null);
        }
        boolean keeps = keeps(ruling, ballot, cast);
        Ballot kept = keeps ? ballot.with(cast) : ballot;
        Ballot after = kept.at(ballot.ruling(), counted(question, kept.casts()));
        if (isRepeat(question, counted, cast)) {
            return new Judgement(after, Status.DUPLICATE, option);
        }
        if (cast.receivedAt() < question.opensAt()) {
            return new Judgement(after, Status.CLOSED, option);
        }
        if (!isOnTime(question, cast)) {
            Status status = question.state().isSettled() ? Status.CLOSED : Status.LATE;
            return new Judgement(after, status, option);
        }
        return keeps
                ? new Judgement(after, Status.ACCEPTED, cast.option())
                : new Judgement(after, Status.DUPLICATE, option);
    }

    /// Whether the answer changes nothing because another one counts already.
    private static boolean isRepeat(Question question, @Nullable Cast counted, Cast cast) {
        return counted != null
                && (answers(question) == Answers.FIRST || counted.option().equals(cast.option()));
    }

    /// The ballot as it stands at this version of the question: another cast may count, or none.
    static Ballot moved(Question question, Ballot ballot) {
        return ballot.at(question.version(), counted(question, ballot.casts()));
    }

    /// What a player must be told because the lock moved: that the accepted answer came too late,
    /// or that another one of the player's own counts in its place. Null where nothing changed.
    static @Nullable Judgement news(Ballot before, Ballot now) {
        Cast was = before.countedCast();
        Cast is = now.countedCast();
        if (was == null || was.equals(is)) {
            return null;
        }
        return is == null
                ? new Judgement(now, Status.LATE, null)
                : new Judgement(now, Status.ACCEPTED, is.option());
    }

    /// Whether this version settles what the ballot was not scored for yet.
    static boolean isDue(Question question, Ballot ballot) {
        Paid paid = ballot.paid();
        if (question.state() == State.VOID) {
            return paid != null && paid.version() < question.version();
        }
        // Of those who may change their mind, an answer may turn up in the log after the result.
        return question.state().isSettled()
                && (paid == null
                        || paid.version() < question.version()
                        || paid.cast() != ballot.counted());
    }

    /// What the ballot's counted answer is worth by this version; null where nothing counts.
    static @Nullable Earned earned(Question question, Ballot ballot) {
        Cast counted = ballot.countedCast();
        if (counted == null || !question.state().isSettled()) {
            return null;
        }
        long answerMs = answerMs(question, counted);
        boolean correct = counted.option().equals(question.answer());
        Speed speed = question.termsOrPlain().speed();
        int full = speed == null ? question.points() : speed.earns(question.points(), answerMs);
        return new Earned(correct, correct ? full : 0, answerMs);
    }

    /// What a streak earns on top.
    ///
    /// @param inARow right answers in a row up to this question; 0 where it was not answered
    ///   rightly
    static int bonus(Question question, int inARow) {
        Streak streak = question.termsOrPlain().streak();
        return streak == null ? 0 : streak.earns(inARow);
    }

    /// The index of the cast that counts; -1 where none does.
    static int counted(Question question, List<Cast> casts) {
        int counted = Ballot.NONE;
        for (int i = 0; i < casts.size(); i++) {
            if (isOnTime(question, casts.get(i))) {
                if (answers(question) == Answers.FIRST) {
                    return i;
                }
                if (counted == Ballot.NONE
                        || !casts.get(counted).option().equals(casts.get(i).option())) {
                    counted = i;
                }
            }
        }
        return counted;
    }

    /// From when the viewer was shown the question to when the gateway received the answer, in ms;
    /// 0 for one that was received before the question opened.
    static long answerMs(Question question, Cast cast) {
        return Math.max(0, cast.receivedAt() - question.opensAt() - delayMs(question, cast));
    }

    /// Whether the answer was received after the viewer's last moment.
    static boolean isLate(Question question, Cast cast) {
        return cast.receivedAt() >= question.opensAt() && !isOnTime(question, cast);
    }

    /// How much of a claimed delay is believed: no more than the terms' cap, and nothing where the
    /// answer came before the viewer could have seen the question.
    private static int delayMs(Question question, Cast cast) {
        int delay = Math.min(cast.delayMs(), question.termsOrPlain().delayCapMs());
        return cast.receivedAt() < question.opensAt() + delay ? 0 : delay;
    }

    private static boolean isOnTime(Question question, Cast cast) {
        return cast.receivedAt() >= question.opensAt()
                && lateness(question, cast) <= question.locksAt()
                && cast.receivedAt() <= question.lastMoment();
    }

    /// The receive time as if the viewer saw the question at once.
    private static long lateness(Question question, Cast cast) {
        return cast.receivedAt() - delayMs(question, cast);
    }

    private static boolean keeps(Ruling ruling, Ballot ballot, Cast cast) {
        Question question = ruling.question();
        List<Cast> casts = ballot.casts();
        if (cast.receivedAt() < question.opensAt()
                || lateness(question, cast) > ruling.deadline()
                || casts.size() >= Ballot.CASTS_MAX) {
            return false;
        }
        return switch (answers(question)) {
            case FIRST -> casts.stream().noneMatch(kept -> isAsGood(question, kept, cast));
            case LAST ->
                    casts.isEmpty()
                            || !casts.getLast().option().equals(cast.option())
                            || !isAsGood(question, casts.getLast(), cast);
        };
    }

    /// Whether `kept` is on time by every lock that `cast` is on time by.
    private static boolean isAsGood(Question question, Cast kept, Cast cast) {
        return kept.receivedAt() <= cast.receivedAt()
                && lateness(question, kept) <= lateness(question, cast);
    }

    private static Answers answers(Question question) {
        Terms terms = question.termsOrPlain();
        return terms.answers() == null ? Answers.FIRST : terms.answers();
    }
}
