package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Result.Receipt;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Drafts and scheduled questions, on a clock that the test moves.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScheduleTest {
    private static final long WINDOW_MS = 10_000;

    private QuizDriver quiz;
    private String match = "";
    private int tests;
    private long now = 1_000_000;

    @SuppressWarnings("NullAway.Init") // Before all tests comes start.
    ScheduleTest() {}

    @BeforeAll
    void start(@TempDir Path stateDir) {
        quiz = new QuizDriver(stateDir, QuizSettings.DEFAULT, now);
    }

    @AfterAll
    void stop() {
        quiz.close();
    }

    @BeforeEach
    void newMatch() {
        quiz.drain();
        tests++;
        match = "schedule-" + tests;
    }

    @Test
    void aScheduledQuestionOpensAndLocksByItself() {
        ask("q1", now + 5_000, Opening.SCHEDULED);
        advance(4_999);
        assertThat(questions()).isEmpty();
        advance(1);
        assertThat(questions())
                .extracting(Question::version, Question::state)
                .containsExactly(tuple(2, State.OPEN));
        advance(WINDOW_MS);
        assertThat(questions()).isEmpty();
        advance(1);
        assertThat(questions())
                .extracting(Question::version, Question::state, Question::locksAt)
                .containsExactly(tuple(3, State.LOCKED, now - 1));
    }

    @Test
    void aQuestionScheduledForNowOpensAtOnceAndLocksByItself() {
        ask("q1", now, Opening.SCHEDULED);
        advance(10);
        advance(WINDOW_MS);
        assertThat(questions())
                .extracting(Question::state)
                .containsExactly(State.OPEN, State.LOCKED);
    }

    @Test
    void aScheduledQuestionWithDelaysLocksAtTheLastMomentOfAll() {
        var delays = new Terms.Delays(Terms.Policy.LATER, 5_000);
        ask("q1", now, Opening.SCHEDULED, new Terms(null, null, null, null, delays));
        advance(10);
        advance(WINDOW_MS);
        assertThat(questions()).extracting(Question::state).containsExactly(State.OPEN);
        advance(5_000);
        assertThat(questions()).extracting(Question::state).containsExactly(State.LOCKED);
    }

    @Test
    void nobodySeesADraftUntilItIsAsked() {
        ask("q1", now, Opening.DRAFT);
        advance(60_000);
        quiz.answer("asha", match, "q1", "six", now);
        advance(2_000);
        assertThat(questions()).isEmpty();
        assertThat(statuses()).containsExactly(Status.UNKNOWN);
        ask("q1", now + 1, null);
        assertThat(questions())
                .extracting(Question::version, Question::state)
                .containsExactly(tuple(2, State.OPEN));
        assertThat(statuses()).containsExactly(Status.CLOSED);
    }

    @Test
    void aQuestionThatWasOpenedByHandLocksWhenSomebodySaysSo() {
        ask("q1", now, Opening.DRAFT);
        ask("q1", now, null);
        advance(10 * WINDOW_MS);
        assertThat(questions()).extracting(Question::state).containsExactly(State.OPEN);
    }

    @Test
    void aScheduleMayBeMoved() {
        ask("q1", now + 5_000, Opening.SCHEDULED);
        ask("q1", now + 60_000, Opening.SCHEDULED);
        advance(59_000);
        assertThat(questions()).isEmpty();
        advance(1_000);
        assertThat(questions())
                .extracting(Question::version, Question::state)
                .containsExactly(tuple(3, State.OPEN));
    }

    /// DOMAIN 1: question withdrawn.
    @Test
    void aScheduledQuestionThatIsWithdrawnNeverOpensAndIsNeverSeen() {
        ask("q1", now + 5_000, Opening.SCHEDULED);
        quiz.command(new Withdraw(match, "q1", "rain"), now);
        advance(60_000);
        assertThat(questions()).isEmpty();
        assertThat(quiz.rulings())
                .filteredOn(ruling -> ruling.value().match().equals(match))
                .extracting(ruling -> ruling.value().state())
                .containsExactly(State.SCHEDULED, State.VOID);
        quiz.answer("asha", match, "q1", "six", now);
        assertThat(statuses()).containsExactly(Status.CLOSED);
    }

    @Test
    void whatAHostSaidInTimeIsNotOvertakenByTheClock() {
        ask("q1", now, Opening.SCHEDULED);
        advance(10);
        quiz.command(new Lock(match, "q1", now + 3_000), now);
        quiz.command(new Resolve(match, "q1", "six", now + 3_000), now);
        advance(10 * WINDOW_MS);
        assertThat(questions())
                .extracting(Question::version, Question::state)
                .containsExactly(
                        tuple(2, State.OPEN), tuple(3, State.LOCKED), tuple(4, State.RESOLVED));
    }

    @Test
    void manyQuestionsOfManyMatchesComeEachAtItsTime() {
        for (int i = 0; i < 20; i++) {
            quiz.command(
                    asked(
                            match + "-" + i % 5,
                            "q" + i,
                            now + 1_000L * (20 - i),
                            null,
                            Opening.SCHEDULED),
                    now);
        }
        var opened = new HashSet<Question>();
        for (int i = 0; i < 20; i++) {
            advance(1_000);
            // A change of an older question shows the running one again.
            assertThat(questions())
                    .filteredOn(question -> question.state() == State.OPEN && opened.add(question))
                    .extracting(Question::id)
                    .containsExactly("q" + (19 - i));
        }
    }

    @Test
    void nothingButDraftsMayBeChangedAndTheHostIsToldWhy() {
        ask("q1", now, Opening.DRAFT);
        quiz.command(new Lock(match, "q1", now), now);
        quiz.command(new Resolve(match, "q1", "six", now), now);
        assertThat(quiz.deadLetters())
                .extracting(letter -> letter.value().reason())
                .containsExactly("question 'q1' is not open yet", "question 'q1' is not open yet");
    }

    private void ask(String question, long opensAt, @Nullable Opening opens) {
        ask(question, opensAt, opens, null);
    }

    private void ask(
            String question, long opensAt, @Nullable Opening opens, @Nullable Terms terms) {
        quiz.command(asked(match, question, opensAt, terms, opens), now);
    }

    private static Ask asked(
            String match,
            String question,
            long opensAt,
            @Nullable Terms terms,
            @Nullable Opening opens) {
        return new Ask(
                match,
                question,
                "Who wins?",
                Samples.OPTIONS,
                10,
                opensAt,
                opensAt + WINDOW_MS,
                null,
                null,
                terms,
                opens);
    }

    private void advance(long ms) {
        quiz.advance(Duration.ofMillis(ms));
        now += ms;
    }

    /// What players see of this test's matches.
    private List<Question> questions() {
        return quiz.questions().stream()
                .filter(question -> (question.match() + "-").startsWith(match + "-"))
                .toList();
    }

    private List<Status> statuses() {
        return quiz.results().stream().map(result -> ((Receipt) result.value()).status()).toList();
    }
}
