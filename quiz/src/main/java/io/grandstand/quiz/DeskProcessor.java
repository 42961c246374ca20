package io.grandstand.quiz;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Follows commands: the shell around `Desk`.
///
/// Each new version goes to players (`question`) and to the scorers (`ruling`). `question` is
/// compacted by match, so whoever comes late gets its newest record alone. A change of an older
/// question, a correction above all, would hide the running one from them: after such a change the
/// version that the newest question of the match stands at is published once more. Readers know
/// versions and ignore one that they have.
final class DeskProcessor implements Processor<byte[], byte[], @Nullable String, Object> {
    private ProcessorContext<@Nullable String, Object> context;
    private KeyValueStore<String, Question> questions;
    private KeyValueStore<String, String> newest;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    DeskProcessor() {}

    @Override
    public void init(ProcessorContext<@Nullable String, Object> context) {
        this.context = context;
        questions = context.getStateStore(QuizTopology.QUESTIONS);
        newest = context.getStateStore(QuizTopology.NEWEST);
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
        switch (Desk.apply(questions.get(key), command)) {
            case Desk.Outcome.Changed(var versions) -> {
                questions.put(key, versions.getLast());
                if (command instanceof Ask) {
                    newest.put(command.match(), command.question());
                }
                for (Question version : versions) {
                    publish(version, record.timestamp());
                    rule(version, record.timestamp());
                }
                republishNewest(command, record.timestamp());
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

    private void republishNewest(QuestionCommand command, long timestamp) {
        String question = newest.get(command.match());
        if (!command.question().equals(question)) {
            Question running = questions.get(StoreKeys.of(command.match(), question));
            publish(Objects.requireNonNull(running, question), timestamp);
        }
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
