package io.grandstand.trivia;

import io.grandstand.events.MatchFeed;
import io.grandstand.events.MatchFeed.Message;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topics;
import io.grandstand.events.Waiting;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks a quiz, one question after the other, on one thread.
///
/// A question locks at its deadline, and its answer is given only when the lock is public. Killed
/// at any point and started again, the runner reads what has been said, completes what was half
/// said, and goes on; a quiz that is over it leaves alone.
public final class QuizRunner {

    private final QuizFile quiz;
    private final MatchFeed feed;
    private final QuizPacing pacing;
    private final InstantSource clock;
    private final Waiting waiting;

    // What has been said already, by question id. Confined to the thread that runs.
    private final Map<String, Ask> asked = new HashMap<>();
    private final Set<String> locked = new HashSet<>();
    private final Set<String> settled = new HashSet<>();
    private @Nullable Scoreboard shown;

    /// @param feed the feed of the quiz's match
    /// @param clock the server's clock, which every published time is read from
    /// @param waiting waits on the same clock
    public QuizRunner(
            QuizFile quiz,
            MatchFeed feed,
            QuizPacing pacing,
            InstantSource clock,
            Waiting waiting) {
        if (!feed.match().equals(quiz.match())) {
            throw new IllegalArgumentException(
                    "the feed is of match '%s': must be '%s'"
                            .formatted(feed.match(), quiz.match()));
        }
        this.quiz = quiz;
        this.feed = feed;
        this.pacing = pacing;
        this.clock = clock;
        this.waiting = waiting;
    }

    /// Asks the quiz from where it stands to its end; returns at once if it is over.
    ///
    /// @throws InterruptedException when the thread is interrupted; to run again goes on from there
    public void run() throws InterruptedException {
        feed.history(Topics.SCOREBOARD).forEach(board -> shown = board);
        if (shown != null && shown.state() == Scoreboard.State.FINISHED) {
            return;
        }
        feed.history(Topics.QUESTION_COMMAND).forEach(this::note);
        var next = clock.instant();
        for (int number = 1; number <= quiz.items().size(); number++) {
            var ask = ask(number, next);
            next = Instant.ofEpochMilli(ask.opensAt()).plus(pacing.playedPeriod());
            settle(number, ask);
        }
        say(List.of(board(Scoreboard.State.FINISHED, "The quiz is over")));
    }

    /// Asks a question when its time has come, unless it has been asked.
    private Ask ask(int number, Instant due) throws InterruptedException {
        String id = quiz.match() + "." + number;
        String note = "Question %d of %d".formatted(number, quiz.items().size());
        var before = asked.get(id);
        if (before != null) {
            if (!settled.contains(id) && (shown == null || !note.equals(shown.note()))) {
                say(List.of(board(Scoreboard.State.LIVE, note)));
            }
            return before;
        }
        waiting.until(due);
        var item = quiz.items().get(number - 1);
        long now = clock.millis();
        var ask =
                new Ask(
                        quiz.match(),
                        id,
                        item.prompt(),
                        item.options(),
                        item.points(),
                        now,
                        now + pacing.playedWindow().toMillis(),
                        null,
                        null,
                        quiz.terms(),
                        null);
        say(List.of(board(Scoreboard.State.LIVE, note), command(ask)));
        return ask;
    }

    /// Locks a question at its deadline and gives its answer, as far as that has not been done.
    private void settle(int number, Ask ask) throws InterruptedException {
        String id = ask.question();
        if (settled.contains(id)) {
            return;
        }
        waiting.until(Instant.ofEpochMilli(ask.locksAt()));
        if (!locked.contains(id)) {
            say(List.of(command(new Lock(quiz.match(), id, ask.locksAt()))));
        }
        feed.awaitLock(id);
        String answer = quiz.items().get(number - 1).answer();
        say(List.of(command(new Resolve(quiz.match(), id, answer, clock.millis()))));
    }

    private void say(List<Message<?>> messages) throws InterruptedException {
        feed.sendAll(new ArrayList<>(messages));
        for (Message<?> message : messages) {
            if (message.value() instanceof QuestionCommand command) {
                note(command);
            }
        }
    }

    private void note(QuestionCommand command) {
        switch (command) {
            case Ask ask -> asked.putIfAbsent(ask.question(), ask);
            case Lock lock -> locked.add(lock.question());
            case Resolve resolve -> settled.add(resolve.question());
            case Withdraw withdraw -> settled.add(withdraw.question());
        }
    }

    private static Message<?> command(QuestionCommand command) {
        return new Message<>(Topics.QUESTION_COMMAND, command);
    }

    private Message<?> board(Scoreboard.State state, String note) {
        return new Message<>(
                Topics.SCOREBOARD,
                new Scoreboard(
                        quiz.match(),
                        quiz.title(),
                        List.of(),
                        state,
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        note,
                        clock.millis()));
    }
}
