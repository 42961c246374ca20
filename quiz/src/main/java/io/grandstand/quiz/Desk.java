package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Terms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rule by which commands change a question.
///
/// A question only moves forward: draft, scheduled, open, locked, resolved; a resolved one may be
/// corrected any number of times, and anything may be made void, which ends it. A command that asks
/// for what is so already changes nothing, so a feed may repeat itself from any point. What a
/// question says may change until it is open, and not after: answers exist then.
final class Desk {
    private Desk() {}

    /// What a command does.
    sealed interface Outcome {
        /// New versions of the question, in order; the last one is the current one.
        record Changed(List<Question> versions) implements Outcome {}

        record Unchanged() implements Outcome {}

        /// The command cannot be followed; `reason` says why, for the dead-letter topic.
        record Refused(String reason) implements Outcome {}
    }

    /// @param current the question's newest version; null where it was never asked
    static Outcome apply(@Nullable Question current, QuestionCommand command) {
        if (command instanceof Ask ask) {
            return ask(current, ask);
        }
        if (current == null) {
            return refused("question '%s' was never asked", command.question());
        }
        return switch (command) {
            case Ask _ -> throw new AssertionError("dealt with above");
            case Lock lock -> lock(current, lock);
            case Resolve resolve -> resolve(current, resolve);
            case Withdraw _ -> withdraw(current);
        };
    }

    private static Outcome ask(@Nullable Question current, Ask ask) {
        State asked = stateOf(ask.opens());
        if (current == null) {
            return changed(asked(ask, 1, asked));
        }
        if (current.state().compareTo(State.OPEN) >= 0 || asked.compareTo(current.state()) < 0) {
            return new Outcome.Unchanged();
        }
        Question next = asked(ask, current.version() + 1, asked);
        return next.equals(version(current, next.version(), asked)) && asked == current.state()
                ? new Outcome.Unchanged()
                : changed(next);
    }

    private static State stateOf(@Nullable Opening opens) {
        if (opens == null) {
            return State.OPEN;
        }
        return switch (opens) {
            case DRAFT -> State.DRAFT;
            case SCHEDULED -> State.SCHEDULED;
        };
    }

    private static Outcome lock(Question current, Lock lock) {
        return switch (current.state()) {
            case DRAFT, SCHEDULED -> refused("question '%s' is not open yet", current.id());
            case OPEN -> changed(locked(current, lock.at()));
            case LOCKED, RESOLVED, CORRECTED, VOID -> new Outcome.Unchanged();
        };
    }

    private static Outcome resolve(Question current, Resolve resolve) {
        if (!current.hasOption(resolve.answer())) {
            return refused(
                    "answer '%s' is none of the options of question '%s'",
                    resolve.answer(), current.id());
        }
        return switch (current.state()) {
            case DRAFT, SCHEDULED -> refused("question '%s' is not open yet", current.id());
            case OPEN -> {
                Question locked = locked(current, resolve.at());
                yield changed(locked, settled(locked, State.RESOLVED, resolve.answer()));
            }
            case LOCKED -> changed(settled(current, State.RESOLVED, resolve.answer()));
            case RESOLVED, CORRECTED ->
                    resolve.answer().equals(current.answer())
                            ? new Outcome.Unchanged()
                            : changed(settled(current, State.CORRECTED, resolve.answer()));
            case VOID -> refused("question '%s' is void", current.id());
        };
    }

    private static Outcome withdraw(Question current) {
        return current.state() == State.VOID
                ? new Outcome.Unchanged()
                : changed(next(current, State.VOID, current.locksAt(), null));
    }

    private static Question asked(Ask ask, int version, State state) {
        Terms terms = ask.terms();
        int capMs = terms == null ? 0 : terms.delayCapMs();
        return new Question(
                ask.question(),
                ask.match(),
                version,
                state,
                ask.prompt(),
                ask.options(),
                ask.points(),
                ask.opensAt(),
                ask.locksAt(),
                ask.rule(),
                null,
                capMs == 0 ? null : ask.locksAt() + capMs,
                ask.cueAt(),
                terms);
    }

    /// The command that a question was scheduled with, to open it now.
    static Ask opening(Question scheduled) {
        return new Ask(
                scheduled.match(),
                scheduled.id(),
                scheduled.prompt(),
                scheduled.options(),
                scheduled.points(),
                scheduled.opensAt(),
                scheduled.locksAt(),
                scheduled.rule(),
                scheduled.cueAt(),
                scheduled.terms(),
                null);
    }

    /// The deadline only moves towards the past, and never before the question opened: a ball that
    /// came sooner leaves the shortest window that a question can have, its first two milliseconds.
    /// A feed that wants no answer to count says `void`.
    private static Question locked(Question current, long at) {
        long end = Math.max(current.opensAt() + 1, Math.min(current.lastMoment(), at));
        return next(current, State.LOCKED, Math.min(current.locksAt(), end), null, end);
    }

    private static Question settled(Question current, State state, String answer) {
        return next(current, state, current.locksAt(), answer);
    }

    private static Question version(Question current, int version, State state) {
        return with(current, version, state, current.locksAt(), null, current.endsAt());
    }

    private static Question next(
            Question current, State state, long locksAt, @Nullable String answer) {
        return with(current, current.version() + 1, state, locksAt, answer, current.endsAt());
    }

    private static Question next(
            Question current, State state, long locksAt, @Nullable String answer, long end) {
        return with(
                current,
                current.version() + 1,
                state,
                locksAt,
                answer,
                current.endsAt() == null ? null : Long.valueOf(end));
    }

    private static Question with(
            Question current,
            int version,
            State state,
            long locksAt,
            @Nullable String answer,
            @Nullable Long endsAt) {
        return new Question(
                current.id(),
                current.match(),
                version,
                state,
                current.prompt(),
                current.options(),
                current.points(),
                current.opensAt(),
                locksAt,
                current.rule(),
                answer,
                endsAt,
                current.cueAt(),
                current.terms());
    }

    private static Outcome changed(Question... versions) {
        return new Outcome.Changed(List.of(versions));
    }

    private static Outcome refused(String reason, Object... arguments) {
        return new Outcome.Refused(String.format(reason, arguments));
    }
}
