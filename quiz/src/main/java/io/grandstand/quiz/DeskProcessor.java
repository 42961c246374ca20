package io.grandstand.quiz;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Follows commands: the shell around `Desk`.
///
/// Each new version goes to players (`question`), from `open` on, and to the scorers (`ruling`).
/// `question` is compacted by match, so whoever comes late gets its newest record alone. A change
/// of an older question, a correction above all, would hide the running one from them: after such a
/// change the version that the newest question of the match stands at is published once more.
/// Readers know versions and ignore one that they have.
///
/// A scheduled question opens and locks by the clock. When its moment comes the desk says so as a
/// feed would, in a command of its own: that stands in the log behind all that was said before, so
/// what a host said in time is never overtaken, however late the desk may be.
final class DeskProcessor implements Processor<byte[], byte[], @Nullable String, Object> {
    private final QuizSettings settings;
    private ProcessorContext<@Nullable String, Object> context;
    private KeyValueStore<String, DeskEntry> questions;
    private KeyValueStore<String, String> newest;
    private DeskTimers timers;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    DeskProcessor(QuizSettings settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<@Nullable String, Object> context) {
        this.context = context;
        questions = context.getStateStore(QuizTopology.QUESTIONS);
        newest = context.getStateStore(QuizTopology.NEWEST);
        timers =
                new DeskTimers(
                        context, context.getStateStore(QuizTopology.DESK_TIMERS), this::onTime);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        QuestionCommand command;
        try {
            command = Inbox.value(record.value(), QuestionCommand.class);
            requireKeyedByMatch(Inbox.text(record.key()), command);
        } catch (InvalidRecordException | IllegalArgumentException e) {
            deadLetter(record, e.getMessage());
            return;
        }
        String key = StoreKeys.of(command.match(), command.question());
        DeskEntry before = questions.get(key);
        switch (Desk.apply(before == null ? null : before.question(), command)) {
            case Desk.Outcome.Changed(var versions) -> {
                if (isFinal(before, record.timestamp())) {
                    deadLetter(
                            record,
                            "question '%s' was settled more than %s ago: its points are final"
                                    .formatted(command.question(), settings.correctionWindow()));
                } else {
                    change(before, versions, record.timestamp());
                }
            }
            case Desk.Outcome.Unchanged() -> {}
            case Desk.Outcome.Refused(String reason) -> deadLetter(record, reason);
        }
    }

    /// A command in another match's partition would be out of order with the others of its own.
    private static void requireKeyedByMatch(String key, QuestionCommand command) {
        if (!key.equals(command.match())) {
            throw new IllegalArgumentException(
                    "key is not '%s', the match of the command".formatted(command.match()));
        }
    }

    private boolean isFinal(@Nullable DeskEntry entry, long now) {
        return entry != null
                && entry.settledAt() > 0
                && now - entry.settledAt() > settings.correctionWindow().toMillis();
    }

    private void change(@Nullable DeskEntry before, List<Question> versions, long timestamp) {
        Question last = versions.getLast();
        questions.put(StoreKeys.of(last.match(), last.id()), DeskEntry.of(before, last, timestamp));
        State was = before == null ? State.DRAFT : before.question().state();
        boolean wasPublic = was != State.DRAFT && was != State.SCHEDULED;
        if (!wasPublic && last.state() == State.OPEN) {
            newest.put(last.match(), last.id());
        }
        if (last.state() == State.SCHEDULED) {
            timers.set(last.opensAt(), last.match(), last.id());
        } else if (was == State.SCHEDULED && last.state() == State.OPEN) {
            timers.set(last.lastMoment() + 1, last.match(), last.id());
        }
        for (Question version : versions) {
            if (wasPublic || version.state() == State.OPEN) {
                publish(version, timestamp);
            }
            rule(version, timestamp);
        }
        if (wasPublic) {
            republishNewest(last, timestamp);
        }
    }

    private void republishNewest(Question changed, long timestamp) {
        String question = newest.get(changed.match());
        if (question != null && !changed.id().equals(question)) {
            DeskEntry running = questions.get(StoreKeys.of(changed.match(), question));
            publish(Objects.requireNonNull(running, question).question(), timestamp);
        }
    }

    /// Says what the clock says of each question that is due, unless it has become something else.
    private void onTime(long now) {
        for (DeskTimers.Due due : timers.take(now)) {
            DeskEntry entry = questions.get(StoreKeys.of(due.match(), due.question()));
            if (entry == null) {
                continue;
            }
            Question question = entry.question();
            if (question.state() == State.SCHEDULED && question.opensAt() <= now) {
                say(Desk.opening(question), now);
            } else if (question.state() == State.OPEN && question.lastMoment() < now) {
                say(new Lock(due.match(), due.question(), question.lastMoment()), now);
            }
        }
    }

    private void say(QuestionCommand command, long now) {
        context.forward(new Record<>(command.match(), command, now), QuizTopology.COMMAND_SINK);
    }

    private void publish(Question version, long timestamp) {
        context.forward(
                new Record<>(version.match(), version, timestamp), QuizTopology.QUESTION_SINK);
    }

    private void rule(Question version, long timestamp) {
        context.forward(new Record<>(null, version, timestamp), QuizTopology.RULING_SINK);
    }

    private void deadLetter(Record<byte[], byte[]> record, @Nullable String reason) {
        var where = context.recordMetadata().orElseThrow();
        context.forward(
                new Record<>(
                        where.topic(), Inbox.deadLetter(where, record, reason), record.timestamp()),
                QuizTopology.DESK_DEAD_LETTER_SINK);
    }
}
