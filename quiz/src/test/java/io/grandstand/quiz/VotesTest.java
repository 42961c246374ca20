package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.AnswerTimes.DelayClass;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.TallyPart;
import io.grandstand.events.Terms;
import io.grandstand.events.Votes;
import io.grandstand.streams.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Live shares of the options, and answer times by delay class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VotesTest {
    private static final long OPENS = 1_000;

    private QuizDriver quiz;
    private String match = "";
    private int tests;

    @SuppressWarnings("NullAway.Init") // Before all tests comes start.
    VotesTest() {}

    @BeforeAll
    void start(@TempDir Path stateDir) {
        quiz = new QuizDriver(stateDir);
    }

    @AfterAll
    void stop() {
        quiz.close();
    }

    @BeforeEach
    void newMatch() {
        quiz.advance(Duration.ofSeconds(1));
        quiz.advance(Duration.ofSeconds(1));
        quiz.drain();
        tests++;
        match = "votes-" + tests;
    }

    @Test
    void theFirstAnswersAreToldWithinTwoSecondsAndNothingIsToldTwice() {
        quiz.command(Samples.ask(match, "q1", OPENS, null));
        quiz.answer("asha", match, "q1", "six", 5_000);
        quiz.answer("ben", match, "q1", "six", 5_000);
        quiz.answer("chen", match, "q1", "dot", 5_000);
        assertThat(quiz.votes()).isEmpty();
        assertThat(votesAfterASecondOrTwo())
                .singleElement()
                .satisfies(votes -> {
                    assertThat(votes.question()).isEqualTo("q1");
                    assertThat(votes.total()).isEqualTo(3);
                    assertThat(votes.counts()).isEqualTo(Map.of("six", 2L, "dot", 1L));
                });
        assertThat(votesAfterASecondOrTwo()).isEmpty();
    }

    @Test
    void votesAreToldOnceASecondHoweverManyComeIn() {
        quiz.command(Samples.ask(match, "q1", OPENS, null));
        int told = 0;
        for (int i = 0; i < 100; i++) {
            quiz.answer("p" + i, match, "q1", "six", 5_000);
            quiz.advance(Duration.ofMillis(100));
            told += quiz.votes().size();
        }
        assertThat(told).isBetween(5, 10);
        assertThat(counts()).isEqualTo(Map.of("six", 100L));
    }

    @Test
    void onlyAnswersThatCountAreCounted() {
        quiz.command(Samples.ask(match, "q1", OPENS, null));
        quiz.answer("asha", match, "q1", "six", 5_000);
        quiz.answer("asha", match, "q1", "dot", 6_000);
        quiz.answer("ben", match, "q1", "dot", 500);
        quiz.answer("chen", match, "q1", "dot", 60_000);
        quiz.answer("dan", match, "q1", "seven", 5_000);
        assertThat(counts()).isEqualTo(Map.of("six", 1L));
    }

    @Test
    void aChangeOfMindMovesAVote() {
        quiz.command(
                Samples.ask(
                        match, "q1", OPENS, new Terms(null, Terms.Answers.LAST, null, null, null)));
        quiz.answer("asha", match, "q1", "six", 5_000);
        quiz.answer("ben", match, "q1", "six", 5_000);
        quiz.answer("asha", match, "q1", "dot", 6_000);
        assertThat(counts()).isEqualTo(Map.of("six", 1L, "dot", 1L));
    }

    @Test
    void aLockThatMakesAnAnswerLateTakesItsVoteBack() {
        quiz.command(Samples.ask(match, "q1", OPENS, null));
        quiz.answer("asha", match, "q1", "six", 5_000);
        quiz.answer("ben", match, "q1", "dot", 3_000);
        quiz.command(new Lock(match, "q1", 4_000));
        assertThat(counts()).isEqualTo(Map.of("dot", 1L));
    }

    @Test
    void aResultChangesNoVoteAndSoTellsNothing() {
        quiz.command(Samples.ask(match, "q1", OPENS, null));
        quiz.answer("asha", match, "q1", "six", 5_000);
        votesAfterASecondOrTwo();
        quiz.command(new Resolve(match, "q1", "six", 20_000));
        assertThat(votesAfterASecondOrTwo()).isEmpty();
    }

    @Test
    void theQuestionThatOpenedLastIsToldLast() {
        quiz.command(Samples.ask(match, "q9", OPENS, null));
        quiz.command(Samples.ask(match, "q10", OPENS + 5_000, null));
        quiz.answer("asha", match, "q10", "six", 7_000);
        quiz.answer("asha", match, "q9", "six", 7_000);
        assertThat(votesAfterASecondOrTwo())
                .extracting(Votes::question)
                .containsExactly("q9", "q10");
    }

    @Test
    void partitionsAreAddedUpAndTheNewestOfEachCounts() {
        quiz.tallyPart(part(0, Map.of("six", 2L, "dot", 1L)));
        quiz.tallyPart(part(1, Map.of("six", 5L)));
        quiz.tallyPart(part(1, Map.of("six", 4L, "four", 3L)));
        quiz.tallyPart(part(1, Map.of("six", 4L, "four", 3L)));
        assertThat(counts()).isEqualTo(Map.of("six", 6L, "dot", 1L, "four", 3L));
    }

    /// DOMAIN 2.4
    @Test
    void answerTimesAreCountedByDelayClass() {
        var delays = new Terms.Delays(Terms.Policy.LOCK, 5_000);
        quiz.command(Samples.ask(match, "q1", OPENS, new Terms(null, null, null, null, delays)));
        quiz.answer("asha", match, "q1", "six", OPENS + 1_500);
        quiz.answerBehind("ben", match, "q1", "six", OPENS + 6_500, 4_000);
        quiz.answerBehind("chen", match, "q1", "six", OPENS + 15_001, 12_000);
        quiz.answerBehind("dan", match, "q1", "six", OPENS + 15_000, 12_000);
        AnswerTimes times = times();
        assertThat(times.classes().keySet())
                .containsExactly(DelayClass.NONE, DelayClass.TO_5_S, DelayClass.TO_15_S);
        assertThat(times.classes().get(DelayClass.NONE))
                .isEqualTo(
                        new AnswerTimes.Figures(
                                0, List.of(0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L)));
        assertThat(times.classes().get(DelayClass.TO_5_S))
                .isEqualTo(
                        new AnswerTimes.Figures(
                                0, List.of(0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L)));
        assertThat(times.classes().get(DelayClass.TO_15_S))
                .isEqualTo(
                        new AnswerTimes.Figures(
                                1, List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L)));
    }

    @Test
    void answerTimesOfAMatchAreThoseOfAllItsQuestions() {
        for (int i = 1; i <= 3; i++) {
            quiz.command(Samples.ask(match, "q" + i, OPENS, null));
            quiz.answer("asha", match, "q" + i, "six", OPENS + 500);
            quiz.advance(Duration.ofMillis(600));
        }
        assertThat(
                        Objects.requireNonNull(times().classes().get(DelayClass.NONE))
                                .accepted()
                                .getFirst())
                .isEqualTo(3);
    }

    /// DOMAIN 2.4, as operators read it.
    @Test
    void answerTimesOfADelayClassAreAHistogramOfItsOwn() {
        var metrics = new Metrics();
        var figures =
                new AnswerTimes.Figures(
                        2, List.of(3L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
        QuizFigures.add(Map.of(DelayClass.TO_15_S, figures), 3, metrics);
        assertThat(metrics.text().lines())
                .contains(
                        "grandstand_answers_late_total{delay=\"to-15s\",partition=\"3\"} 2",
                        "grandstand_answer_seconds_bucket{delay=\"to-15s\",partition=\"3\",le=\"1\"}"
                            + " 3",
                        "grandstand_answer_seconds_bucket{delay=\"to-15s\",partition=\"3\",le=\"2\"}"
                            + " 4",
                        "grandstand_answer_seconds_count{delay=\"to-15s\",partition=\"3\"} 4");
    }

    private TallyPart part(int partition, Map<String, Long> votes) {
        return new TallyPart(match, "q1", OPENS, partition, votes, Map.of(), false);
    }

    private Map<String, Long> counts() {
        return votesAfterASecondOrTwo().getLast().counts();
    }

    private List<Votes> votesAfterASecondOrTwo() {
        quiz.advance(Duration.ofMillis(500));
        quiz.advance(Duration.ofSeconds(1));
        return quiz.votes();
    }

    private AnswerTimes times() {
        quiz.advance(Duration.ofMillis(500));
        quiz.advance(Duration.ofSeconds(1));
        return quiz.answerTimes().getLast();
    }
}
