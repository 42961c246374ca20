package io.grandstand.cricket;

import io.grandstand.events.Ball;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.MatchFeed.Message;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topics;
import io.grandstand.events.Waiting;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plays a match script into the match's topics, at its pace, on one thread.
///
/// Each question opens in quiet play and locks at its deadline or when the quiet ends, whichever is
/// first. Nothing of a ball is said before the lock is public:
///
/// ```
///   Ask ──────────► Lock ──► (locked is public) ──► Ball, Scoreboard, Resolve ──► Ask …
///    └ quiet play ┘                └ the ball ┘
/// ```
///
/// What is said carries ids that follow from the script alone, and the conductor remembers nothing
/// that the topics do not hold. Killed at any point and started again, it reads what has been said,
/// completes what was half said, and goes on; a finished match it leaves alone.
public final class Conductor {

    private final MatchScript script;
    private final MatchFeed feed;
    private final Pacing pacing;
    private final Asking asking;
    private final InstantSource clock;
    private final Waiting waiting;

    /// For each step, how often its question has been settled once the step is played; 0 where it
    /// settles nothing. A correction that leaves the option as it was settles nothing.
    private final int[] settlings;

    private Said said = new Said();
    private @Nullable Ask open;
    private Instant lastStep = Instant.MIN;
    private @Nullable Instant ballStarted;

    /// @param feed the feed of the script's match
    /// @param clock the server's clock, which every published time is read from
    /// @param waiting waits on the same clock
    public Conductor(
            MatchScript script,
            MatchFeed feed,
            Pacing pacing,
            InstantSource clock,
            Waiting waiting) {
        this(script, feed, pacing, Asking.PLAIN, clock, waiting);
    }

    /// @param feed the feed of the script's match
    /// @param clock the server's clock, which every published time is read from
    /// @param waiting waits on the same clock
    public Conductor(
            MatchScript script,
            MatchFeed feed,
            Pacing pacing,
            Asking asking,
            InstantSource clock,
            Waiting waiting) {
        if (!feed.match().equals(script.id())) {
            throw new IllegalArgumentException(
                    "the feed is of match '%s': must be '%s'".formatted(feed.match(), script.id()));
        }
        this.script = script;
        this.feed = feed;
        this.pacing = pacing;
        this.asking = asking;
        this.clock = clock;
        this.waiting = waiting;
        this.settlings = settlings(script.steps());
    }

    /// Plays the match from where it stands to its end; returns at once if it is over.
    ///
    /// @throws InterruptedException when the thread is interrupted; to run again goes on from there
    public void run() throws InterruptedException {
        said = Said.of(feed);
        if (said.isFinished()) {
            return;
        }
        sayMediaClock();
        open = said.open();
        ballStarted = null;
        lastStep = clock.instant();
        int next = resume();
        for (int i = next; i < script.steps().size(); i++) {
            var step = script.steps().get(i);
            waitFor(step);
            play(step, settlings[i]);
            lastStep = clock.instant();
        }
    }

    private void sayMediaClock() throws InterruptedException {
        var media = asking.media();
        if (media != null && !feed.history(Topics.MEDIA_CLOCK).contains(media)) {
            feed.send(Topics.MEDIA_CLOCK, media);
        }
    }

    /// Completes the last step that left a trace and returns the one to go on with.
    private int resume() throws InterruptedException {
        var steps = script.steps();
        int begun = steps.size() - 1;
        while (begun >= 0 && !hasBegun(steps.get(begun), settlings[begun])) {
            begun--;
        }
        if (begun >= 0) {
            var step = steps.get(begun);
            play(step, settlings[begun]);
            if (step instanceof Step.Ask(_, int question, _)) {
                // The quiet that this question opened in went on meanwhile.
                var ask = said.ask(script.questionId(question));
                lastStep = ask == null ? lastStep : Instant.ofEpochMilli(ask.opensAt());
            }
        }
        // Scoreboards alone leave no trace but the latest one.
        int next = begun + 1;
        for (int i = next; i < steps.size() && steps.get(i) instanceof Step.Board alone; i++) {
            if (said.shows(alone.board())) {
                next = i + 1;
            }
        }
        return next;
    }

    private boolean hasBegun(Step step, int settling) {
        return switch (step) {
            case Step.Board _, Step.QuietEnds _ -> false;
            case Step.Ask ask -> said.ask(script.questionId(ask.question())) != null;
            case Step.Bowled bowled ->
                    said.has(bowled.ball())
                            || (settling > 0
                                    && said.settled(script.questionId(bowled.question()))
                                            >= settling);
            case Step.Withdrawn withdrawn ->
                    said.hasWithdrawn(script.questionId(withdrawn.question()));
        };
    }

    private void waitFor(Step step) throws InterruptedException {
        var due = lastStep.plus(pacing.scaled(step.gapMs()));
        var asked = open;
        if (asked != null && ends(step, asked)) {
            var earliest = Instant.ofEpochMilli(asked.opensAt()).plus(pacing.minOpen());
            due = due.isBefore(earliest) ? earliest : due;
        }
        if (asked != null) {
            var deadline = Instant.ofEpochMilli(lastMoment(asked));
            if (!deadline.isAfter(due)) {
                waiting.until(deadline);
                lock(asked, lastMoment(asked));
            }
        }
        waiting.until(due);
    }

    /// When the time of those is over whose stream is late, if no ball comes first.
    private static long lastMoment(Ask asked) {
        var terms = asked.terms();
        return asked.locksAt() + (terms == null ? 0 : terms.delayCapMs());
    }

    private boolean ends(Step step, Ask asked) {
        return switch (step) {
            case Step.QuietEnds quiet -> isAbout(quiet.question(), asked);
            case Step.Bowled bowled -> isAbout(bowled.question(), asked);
            case Step.Board _, Step.Ask _, Step.Withdrawn _ -> false;
        };
    }

    private boolean isAbout(int question, Ask asked) {
        return script.questionId(question).equals(asked.question());
    }

    private void play(Step step, int settling) throws InterruptedException {
        switch (step) {
            case Step.Board board -> say(List.of(stamped(board.board())));
            case Step.Ask ask -> ask(ask);
            case Step.QuietEnds quiet -> {
                lockIfOpen(quiet.question());
                ballStarted = clock.instant();
            }
            case Step.Bowled bowled -> bowled(bowled, settling);
            case Step.Withdrawn withdrawn -> withdraw(withdrawn);
        }
    }

    private void ask(Step.Ask step) throws InterruptedException {
        String id = script.questionId(step.question());
        if (said.ask(id) != null) {
            return;
        }
        long now = clock.millis();
        var ask =
                new Ask(
                        script.id(),
                        id,
                        step.prompt(),
                        NextBall.OPTIONS,
                        NextBall.POINTS,
                        now,
                        now + pacing.answerWindow().toMillis(),
                        NextBall.RULE,
                        asking.cueAt(now),
                        asking.terms(),
                        null);
        say(List.of(command(ask)));
        open = ask;
    }

    private void lockIfOpen(int question) throws InterruptedException {
        var asked = open;
        if (asked != null && isAbout(question, asked)) {
            lock(asked, Math.min(clock.millis(), lastMoment(asked)));
        }
    }

    private void lock(Ask asked, long at) throws InterruptedException {
        say(List.of(command(new QuestionCommand.Lock(script.id(), asked.question(), at))));
        open = null;
    }

    private void bowled(Step.Bowled step, int settling) throws InterruptedException {
        var ball = step.ball();
        String question = script.questionId(step.question());
        if (step.question() > 0 && ball.version() == 1) {
            lockIfOpen(step.question());
            feed.awaitLock(question);
        }
        long now = clock.millis();
        var parts = new ArrayList<Message<?>>(3);
        if (!said.has(ball)) {
            parts.add(new Message<>(Topics.BALL, at(ball, bowledAt(ball, now))));
        }
        if (!said.shows(step.board())) {
            parts.add(stamped(step.board()));
        }
        if (settling > said.settled(question)) {
            parts.add(
                    command(
                            new QuestionCommand.Resolve(
                                    script.id(), question, ball.outcome(), now)));
        }
        say(parts);
        ballStarted = null;
    }

    /// A correction keeps the time of its delivery.
    private long bowledAt(Ball ball, long now) {
        var before = said.ball(ball.seq());
        if (before != null) {
            return before.at();
        }
        return ballStarted == null ? now : ballStarted.toEpochMilli();
    }

    private void withdraw(Step.Withdrawn step) throws InterruptedException {
        String question = script.questionId(step.question());
        if (!said.hasWithdrawn(question)) {
            say(
                    List.of(
                            command(
                                    new QuestionCommand.Withdraw(
                                            script.id(), question, step.reason()))));
        }
        var asked = open;
        if (asked != null && isAbout(step.question(), asked)) {
            open = null;
        }
    }

    private void say(List<Message<?>> messages) throws InterruptedException {
        if (messages.isEmpty()) {
            return;
        }
        feed.sendAll(messages);
        for (Message<?> message : messages) {
            said.note(message.value());
        }
    }

    private static Message<?> command(QuestionCommand command) {
        return new Message<>(Topics.QUESTION_COMMAND, command);
    }

    private Message<?> stamped(Scoreboard board) {
        return new Message<>(Topics.SCOREBOARD, at(board, clock.millis()));
    }

    private static int[] settlings(List<Step> steps) {
        var settlings = new int[steps.size()];
        var options = new HashMap<Integer, String>();
        var counts = new HashMap<Integer, Integer>();
        for (int i = 0; i < settlings.length; i++) {
            if (steps.get(i) instanceof Step.Bowled(_, int question, Ball ball, _)
                    && question > 0
                    && !ball.outcome().equals(options.put(question, ball.outcome()))) {
                settlings[i] = counts.merge(question, 1, Integer::sum);
            }
        }
        return settlings;
    }

    static Scoreboard at(Scoreboard board, long asOf) {
        return new Scoreboard(
                board.match(),
                board.title(),
                board.teams(),
                board.state(),
                board.innings(),
                board.batters(),
                board.bowler(),
                board.lastBalls(),
                board.note(),
                asOf);
    }

    private static Ball at(Ball ball, long at) {
        return new Ball(
                ball.match(),
                ball.seq(),
                ball.version(),
                ball.innings(),
                ball.superOver(),
                ball.over(),
                ball.ball(),
                ball.batter(),
                ball.nonStriker(),
                ball.bowler(),
                ball.runs(),
                ball.batterRuns(),
                ball.extras(),
                ball.wickets(),
                ball.outcome(),
                at);
    }
}
