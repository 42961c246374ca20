package io.grandstand.cricket;

import io.grandstand.events.Ball;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the match's topics hold already. Read from Kafka at the start and kept up while more is
/// said, so that nothing is said twice. Confined to the conductor's thread.
final class Said {
    private final Map<Integer, Ball> balls = new HashMap<>();
    private final Map<String, Ask> asks = new LinkedHashMap<>();
    private final Map<String, Integer> settled = new HashMap<>();
    private final Set<String> locked = new HashSet<>();
    private final Set<String> withdrawn = new HashSet<>();
    private @Nullable Scoreboard board;

    static Said of(MatchFeed feed) throws InterruptedException {
        var said = new Said();
        feed.history(Topics.SCOREBOARD).forEach(said::note);
        if (!said.isFinished()) {
            feed.history(Topics.QUESTION_COMMAND).forEach(said::note);
            feed.history(Topics.BALL).forEach(said::note);
        }
        return said;
    }

    void note(Object value) {
        switch (value) {
            case Scoreboard latest -> board = latest;
            case Ball ball ->
                    balls.merge(
                            ball.seq(),
                            ball,
                            (before, now) -> now.version() > before.version() ? now : before);
            case QuestionCommand command -> note(command);
            default -> throw new IllegalArgumentException("not said by a match: " + value);
        }
    }

    private void note(QuestionCommand command) {
        switch (command) {
            case Ask ask -> asks.putIfAbsent(ask.question(), ask);
            case Lock lock -> locked.add(lock.question());
            case Resolve resolve -> settled.merge(resolve.question(), 1, Integer::sum);
            case Withdraw withdraw -> withdrawn.add(withdraw.question());
        }
    }

    boolean isFinished() {
        return board != null && board.state() == Scoreboard.State.FINISHED;
    }

    @Nullable Ask ask(String question) {
        return asks.get(question);
    }

    boolean hasWithdrawn(String question) {
        return withdrawn.contains(question);
    }

    /// How often the question has been settled: once, and once more with each correction.
    int settled(String question) {
        return settled.getOrDefault(question, 0);
    }

    boolean has(Ball ball) {
        var latest = balls.get(ball.seq());
        return latest != null && latest.version() >= ball.version();
    }

    @Nullable Ball ball(int seq) {
        return balls.get(seq);
    }

    /// Whether the match's scoreboard shows this, at whatever time.
    boolean shows(Scoreboard another) {
        return board != null && Conductor.at(board, 0).equals(Conductor.at(another, 0));
    }

    /// The question that still takes answers, as far as the commands tell; null where none does.
    @Nullable Ask open() {
        return asks.values().stream()
                .filter(ask ->
                        !locked.contains(ask.question())
                                && !withdrawn.contains(ask.question())
                                && settled(ask.question()) == 0)
                .reduce((_, later) -> later)
                .orElse(null);
    }
}
