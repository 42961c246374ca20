package io.grandstand.trivia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.MatchFeed;
import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.events.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuizRunnerTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private static final QuizFile QUIZ =
            new QuizFile(
                    "quiz-q-00000000",
                    "Quick ones",
                    List.of(item("Peru?", "b"), item("Chile?", "a"), item("Kenya?", "b")));

    @Test
    void aQuestionEveryTwentySecondsLocksAfterTenAndIsAnsweredWhenTheLockIsPublic()
            throws Exception {
        var feed = new FakeFeed();
        run(feed, QuizPacing.DEFAULT);

        assertThat(feed.told())
                .containsExactly(
                        "0 Question 1 of 3",
                        "0 ask 1",
                        "10000 lock 1",
                        "10020 public 1",
                        "10020 resolve 1 b",
                        "20000 Question 2 of 3",
                        "20000 ask 2",
                        "30000 lock 2",
                        "30020 public 2",
                        "30020 resolve 2 a",
                        "40000 Question 3 of 3",
                        "40000 ask 3",
                        "50000 lock 3",
                        "50020 public 3",
                        "50020 resolve 3 b",
                        "50020 The quiz is over");
        assertThat(feed.said(Topics.SCOREBOARD).getLast().state())
                .isEqualTo(Scoreboard.State.FINISHED);
    }

    @Test
    void speedShortensThePeriodAndTheWindowOnlyWhereItWouldNotFit() throws Exception {
        var twice = new FakeFeed();
        run(twice, QuizPacing.DEFAULT.atSpeed(1.6));
        assertThat(twice.told()).contains("0 ask 1", "10000 lock 1", "12500 ask 2", "22500 lock 2");

        var fast = new FakeFeed();
        run(fast, QuizPacing.DEFAULT.atSpeed(100));
        assertThat(fast.told()).contains("0 ask 1", "200 lock 1", "220 ask 2");
    }

    @Test
    void killedAtAnyPointTheQuizComesToTheSameEnd() throws Exception {
        var whole = new FakeFeed();
        run(whole, QuizPacing.DEFAULT);
        for (int i = 0; i < whole.log.size(); i++) {
            var feed = new FakeFeed();
            feed.diesAfter = i;
            assertThatThrownBy(() -> run(feed, QuizPacing.DEFAULT)).isInstanceOf(Killed.class);
            var again = feed.restarted(Duration.ofSeconds(i * 3L));
            run(again, QuizPacing.DEFAULT);
            assertThat(again.said(Topics.QUESTION_COMMAND).stream().map(QuizRunnerTest::untimed))
                    .as("killed after %d messages", i)
                    .isEqualTo(
                            whole.said(Topics.QUESTION_COMMAND).stream()
                                    .map(QuizRunnerTest::untimed)
                                    .toList());
            assertThat(again.said(Topics.SCOREBOARD).getLast().note())
                    .isEqualTo("The quiz is over");
        }
    }

    @Test
    void aQuestionThatIsStillOpenAfterARestartKeepsItsDeadline() throws Exception {
        var feed = killedAfterAsking();
        var again = feed.restarted(Duration.ofSeconds(4));
        run(again, QuizPacing.DEFAULT);

        assertThat(again.told())
                .containsSubsequence("0 ask 1", "10000 lock 1", "10020 public 1", "20000 ask 2");
    }

    @Test
    void aQuestionWhoseDeadlinePassedMeanwhileIsLockedAtThatDeadline() throws Exception {
        var feed = killedAfterAsking();
        var again = feed.restarted(Duration.ofSeconds(60));
        run(again, QuizPacing.DEFAULT);

        assertThat(again.told()).containsSubsequence("0 ask 1", "60000 lock 1", "60020 ask 2");
        var lock =
                again.said(Topics.QUESTION_COMMAND).stream()
                        .filter(Lock.class::isInstance)
                        .map(Lock.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertThat(lock.at()).isEqualTo(START.toEpochMilli() + 10_000);
    }

    @Test
    void aQuizThatIsOverIsLeftAlone() throws Exception {
        var feed = new FakeFeed();
        run(feed, QuizPacing.DEFAULT);
        var later = feed.restarted(Duration.ofDays(30));
        run(later, QuizPacing.DEFAULT);

        assertThat(later.log).hasSameSizeAs(feed.log);
    }

    @Test
    void pacingRefusesWhatMakesNoSense() {
        assertThatThrownBy(() -> QuizPacing.DEFAULT.atSpeed(-1))
                .hasMessage("speed is -1.0: must be above 0 and at most 1,000,000");
        assertThatThrownBy(() -> new QuizPacing(Duration.ZERO, Duration.ofSeconds(1), 1))
                .hasMessage("period is PT0S: must be above zero and at most PT1H");
        assertThatThrownBy(() -> new QuizPacing(Duration.ofSeconds(1), Duration.ZERO, 1))
                .hasMessage("answer-window is PT0S: must be above zero");
    }

    private static FakeFeed killedAfterAsking() {
        var feed = new FakeFeed();
        feed.diesAfter = 2;
        assertThatThrownBy(() -> run(feed, QuizPacing.DEFAULT)).isInstanceOf(Killed.class);
        return feed;
    }

    private static void run(FakeFeed feed, QuizPacing pacing) throws InterruptedException {
        new QuizRunner(QUIZ, feed, pacing, feed, feed).run();
    }

    private static QuizFile.Item item(String prompt, String answer) {
        return new QuizFile.Item(
                prompt, List.of(new Option("a", "Yes"), new Option("b", "No")), answer, 10);
    }

    private static String untimed(QuestionCommand command) {
        return switch (command) {
            case Ask ask -> ask.question() + ask.prompt() + ask.options() + ask.points();
            case Lock lock -> lock.question();
            case Resolve resolve -> resolve.question() + resolve.answer();
            case Withdraw withdraw -> withdraw.question();
        };
    }

    /// The process is gone.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Kafka and the quiz in memory, on a clock that moves only when the runner waits.
    private static final class FakeFeed implements MatchFeed, InstantSource, Waiting {
        private record Entry(Instant at, Message<?> message) {}

        private final List<Entry> log = new ArrayList<>();
        private int diesAfter = Integer.MAX_VALUE;
        private Instant now = START;

        /// The same topics, read by a process that starts again so long after the last message.
        FakeFeed restarted(Duration later) {
            var next = new FakeFeed();
            next.log.addAll(log);
            next.now = log.isEmpty() ? now : log.getLast().at().plus(later);
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
            return QUIZ.match();
        }

        @Override
        public void sendAll(List<Message<?>> messages) {
            for (Message<?> message : messages) {
                if (log.size() >= diesAfter) {
                    throw new Killed();
                }
                log.add(new Entry(now, message));
            }
        }

        @Override
        public boolean awaitState(String question, Question.State atLeast, Duration timeout) {
            assertThat(said(Topics.QUESTION_COMMAND))
                    .anyMatch(
                            said -> said instanceof Lock lock && lock.question().equals(question));
            now = now.plusMillis(20);
            var item = QUIZ.items().getFirst();
            log.add(
                    new Entry(
                            now,
                            new Message<>(
                                    Topics.QUESTION,
                                    new Question(
                                            question,
                                            match(),
                                            2,
                                            Question.State.LOCKED,
                                            item.prompt(),
                                            item.options(),
                                            1,
                                            1,
                                            2,
                                            null,
                                            null))));
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

        /// What was said, with ms since the start.
        List<String> told() {
            return log.stream()
                    .map(entry ->
                            Duration.between(START, entry.at()).toMillis()
                                    + " "
                                    + told(entry.message().value()))
                    .toList();
        }

        private static String told(Object value) {
            return switch (value) {
                case Ask ask -> "ask " + number(ask.question());
                case Lock lock -> "lock " + number(lock.question());
                case Resolve resolve ->
                        "resolve " + number(resolve.question()) + " " + resolve.answer();
                case Question question -> "public " + number(question.id());
                case Scoreboard board -> String.valueOf(board.note());
                default -> throw new AssertionError("unexpected: " + value);
            };
        }

        private static String number(String question) {
            return question.substring(QUIZ.match().length() + 1);
        }
    }
}
