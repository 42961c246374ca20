package io.grandstand.cricket;

import io.grandstand.events.Ball;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.events.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// Kafka and the quiz in memory, on a clock that moves only when the conductor waits.
///
/// The quiz behind it takes commands at once and makes locks public after `quizDelay`. It may die
/// after so many messages, between any two of one call as well.
final class FakeFeed implements MatchFeed, InstantSource, Waiting {
    /// The process is gone.
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Something said, and when.
    record Entry(long at, Message<?> message) {}

    final String match;
    final List<Entry> log = new ArrayList<>();
    Duration quizDelay = Duration.ofMillis(20);
    int diesAfter = Integer.MAX_VALUE;
    private final Map<String, Question.State> states = new HashMap<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    FakeFeed(String match) {
        this.match = match;
    }

    /// The same topics, read by a process that starts again so long after the last message.
    FakeFeed restarted(Duration later) {
        var next = new FakeFeed(match);
        next.log.addAll(log);
        next.states.putAll(states);
        next.now = log.isEmpty() ? now : Instant.ofEpochMilli(log.getLast().at()).plus(later);
        return next;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void until(Instant moment) {
        now = moment.isAfter(now) ? moment : now;
    }

    @Override
    public String match() {
        return match;
    }

    @Override
    public void sendAll(List<Message<?>> messages) {
        for (Message<?> message : messages) {
            if (log.size() >= diesAfter) {
                throw new Killed();
            }
            log.add(new Entry(now.toEpochMilli(), message));
            if (message.value() instanceof QuestionCommand command) {
                states.merge(
                        command.question(),
                        state(command),
                        (before, after) -> before.compareTo(after) > 0 ? before : after);
            }
        }
    }

    @Override
    public boolean awaitState(String question, Question.State atLeast, Duration timeout) {
        var state = states.get(question);
        if (state == null || state.compareTo(atLeast) < 0) {
            throw new AssertionError(
                    "%s is %s: to wait for %s is to wait for ever"
                            .formatted(question, state, atLeast));
        }
        now = now.plus(quizDelay);
        log.add(new Entry(now.toEpochMilli(), new Message<>(Topics.QUESTION, locked(question))));
        return true;
    }

    @Override
    public <V> List<V> history(Topic<V> topic) {
        return said(topic);
    }

    @Override
    public void close() {}

    <V> List<V> said(Topic<V> topic) {
        return log.stream()
                .filter(entry -> entry.message().topic().equals(topic))
                .map(entry -> topic.type().cast(entry.message().value()))
                .toList();
    }

    /// The log in short: `ask 1`, `lock 1`, `public 1`, `ball 1.1`, `live`, `resolve 1 four`.
    List<String> told() {
        return log.stream().map(entry -> told(entry.message().value(), Object::toString)).toList();
    }

    /// The same with the time since `origin` in ms before each.
    List<String> told(long origin) {
        return log.stream()
                .map(entry -> (entry.at() - origin) + " " + told(entry.message().value(), v -> ""))
                .toList();
    }

    private String told(Object value, Function<Object, String> otherwise) {
        return switch (value) {
            case QuestionCommand.Ask ask -> "ask " + number(ask.question());
            case QuestionCommand.Lock lock -> "lock " + number(lock.question());
            case QuestionCommand.Resolve resolve ->
                    "resolve " + number(resolve.question()) + " " + resolve.answer();
            case QuestionCommand.Withdraw withdraw -> "withdraw " + number(withdraw.question());
            case Question question -> "public " + number(question.id());
            case Ball ball -> "ball " + ball.seq() + "." + ball.version();
            case Scoreboard board -> board.state().name().toLowerCase(Locale.ROOT);
            default -> otherwise.apply(value);
        };
    }

    private String number(String question) {
        return question.substring(match.length() + 1);
    }

    private static Question.State state(QuestionCommand command) {
        return switch (command) {
            case QuestionCommand.Ask _ -> Question.State.OPEN;
            case QuestionCommand.Lock _ -> Question.State.LOCKED;
            case QuestionCommand.Resolve _ -> Question.State.RESOLVED;
            case QuestionCommand.Withdraw _ -> Question.State.VOID;
        };
    }

    private Question locked(String question) {
        return new Question(
                question,
                match,
                2,
                Question.State.LOCKED,
                NextBall.PROMPT,
                NextBall.OPTIONS,
                NextBall.POINTS,
                1,
                2,
                null,
                null);
    }
}
