package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Points;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Result.Receipt;
import io.grandstand.events.Result.Score;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Steps over many ballots, and what is given up once it is settled for good.
class BoundsTest {
    private static final String MATCH = "m1";
    private static final int PLAYERS = 95;
    private static final int PER_STEP = 10;
    private static final long START = Duration.ofDays(20_000).toMillis();
    private static final Terms STREAKS =
            new Terms(null, null, null, new Terms.Streak(1, 100), null);

    private QuizDriver quiz;
    private Duration passed = Duration.ZERO;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    BoundsTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        quiz = new QuizDriver(stateDir, new QuizSettings(Duration.ofHours(24), PER_STEP), START);
    }

    @AfterEach
    void stop() {
        quiz.close();
    }

    @Test
    void aResultIsWorkedThroughInSteps() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        assertThat(quiz.points()).hasSize(PER_STEP);
        for (int done = PER_STEP; done < PLAYERS; done += PER_STEP) {
            quiz.advance(Duration.ofMillis(5));
            assertThat(quiz.points()).hasSize(Math.min(PER_STEP, PLAYERS - done));
        }
        quiz.advance(Duration.ofSeconds(1));
        assertThat(quiz.points()).isEmpty();
    }

    @Test
    void whoAnswersWhileAResultIsWorkedThroughIsScoredOnce() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        everyoneAnswers("q1", 0, "dot");
        answer("late-1", "q1", 0, "six");
        finish();
        List<TestRecord<String, Points>> entries = quiz.points();
        assertThat(entries).hasSize(PLAYERS + 1);
        assertThat(totals(entries).values()).containsOnly(10L);
    }

    @Test
    void aCorrectionDuringAResultEndsInTheCorrectedTotals() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        quiz.advance(Duration.ofMillis(5));
        resolve("q1", "dot");
        quiz.advance(Duration.ofMillis(5));
        finish();
        assertThat(totals(quiz.points()).values()).hasSize(PLAYERS).containsOnly(0L);
    }

    @Test
    void aLockDuringALockTellsEachPlayerOnce() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        quiz.drain();
        quiz.command(new Lock(MATCH, "q1", START + 500), START);
        finish();
        assertThat(quiz.results())
                .hasSize(PLAYERS)
                .allSatisfy(result ->
                        assertThat(result.value())
                                .isEqualTo(new Receipt(MATCH, "q1", Status.LATE, null)));
    }

    @Test
    void resultsOfSeveralQuestionsAtOnceEndInTheBonusesOfTheirOrder() {
        for (int i = 0; i < 4; i++) {
            ask("q" + i, i);
            everyoneAnswers("q" + i, i, "six");
        }
        resolve("q3", "six");
        resolve("q1", "six");
        resolve("q0", "six");
        resolve("q2", "dot");
        quiz.advance(Duration.ofMillis(5));
        resolve("q2", "six");
        finish();
        List<TestRecord<String, Points>> entries = quiz.points();
        assertThat(totals(entries).values()).hasSize(PLAYERS).containsOnly(10L + 11 + 12 + 13);
        assertNumbersRise(entries);
    }

    @Test
    void heldAnswersOfManyAreJudgedInSteps() {
        everyoneAnswers("q1", 0, "six");
        quiz.drain();
        ask("q1", 0);
        assertThat(quiz.results()).hasSize(PER_STEP);
        finish();
        assertThat(quiz.results()).hasSize(PLAYERS - PER_STEP);
    }

    @Test
    void aQuestionIsForgottenADayAndAnHourAfterItWasSettled() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        finish();
        timePasses(Duration.ofMinutes(25 * 60 - 1));
        assertThat(quiz.count(QuizTopology.BALLOTS)).isEqualTo(PLAYERS);
        timePasses(Duration.ofMinutes(5));
        finish();
        for (String store :
                List.of(
                        QuizTopology.BALLOTS,
                        QuizTopology.RULINGS,
                        QuizTopology.HISTORY,
                        QuizTopology.PASSES,
                        QuizTopology.SETTLED,
                        QuizTopology.TALLIES,
                        QuizTopology.PARTS)) {
            assertThat(quiz.count(store)).as(store).isZero();
        }
        assertThat(quiz.count(QuizTopology.CARDS)).isEqualTo(PLAYERS);
    }

    @Test
    void aQuestionThatWasCorrectedMeanwhileIsKeptForItsTime() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        timePasses(Duration.ofHours(20));
        quiz.command(
                new Resolve(MATCH, "q1", "dot", START), START + Duration.ofHours(20).toMillis());
        finish();
        quiz.drain();
        timePasses(Duration.ofHours(10));
        finish();
        assertThat(quiz.count(QuizTopology.BALLOTS)).isEqualTo(PLAYERS);
        quiz.command(
                new Resolve(MATCH, "q1", "six", START), START + Duration.ofHours(40).toMillis());
        finish();
        assertThat(quiz.points()).hasSize(PLAYERS);
    }

    /// DOMAIN 1: correction after prizes were paid.
    @Test
    void afterADayAResultIsFinalAndWhoWouldChangeItIsToldSo() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        finish();
        quiz.drain();
        long later = START + Duration.ofHours(24).toMillis() + 1;
        quiz.command(new Resolve(MATCH, "q1", "dot", later), later);
        quiz.command(new Withdraw(MATCH, "q1", "rain"), later);
        quiz.command(new Resolve(MATCH, "q1", "six", later), later);
        assertThat(quiz.questions()).isEmpty();
        assertThat(quiz.deadLetters())
                .extracting(letter -> letter.value().reason())
                .containsExactly(
                        "question 'q1' was settled more than PT24H ago: its points are final",
                        "question 'q1' was settled more than PT24H ago: its points are final");
    }

    @Test
    void aStreakGoesOnWhereItsQuestionsAreForgotten() {
        for (int i = 0; i < 3; i++) {
            ask("q" + i, i);
            answer("asha", "q" + i, i, "six");
            resolve("q" + i, "six");
        }
        timePasses(Duration.ofHours(30));
        finish();
        assertThat(quiz.count(QuizTopology.HISTORY)).isZero();
        quiz.drain();
        ask("q9", 20_000);
        answer("asha", "q9", 20_000, "six");
        resolve("q9", "six");
        assertThat(quiz.results())
                .last()
                .extracting(TestRecord::value)
                .isEqualTo(new Score(MATCH, "q9", 3, true, "six", 13, 13, 46, 3, null));
        assertThat(quiz.stats().get("asha"))
                .satisfies(stats -> assertThat(stats.overall().longestStreak()).isEqualTo(4));
    }

    @Test
    void aFeedWhoseClockIsDaysAheadMakesNothingForgotten() {
        ask("q1", 0);
        everyoneAnswers("q1", 0, "six");
        resolve("q1", "six");
        finish();
        quiz.command(Samples.ask("m2", "q1", START, null), START + Duration.ofDays(30).toMillis());
        finish();
        assertThat(quiz.count(QuizTopology.BALLOTS)).isEqualTo(PLAYERS);
    }

    private void ask(String question, int slot) {
        quiz.command(Samples.ask(MATCH, question, START + slot * 1_000L, STREAKS), START);
    }

    private void everyoneAnswers(String question, int slot, String option) {
        for (int i = 0; i < PLAYERS; i++) {
            answer("p" + i, question, slot, option);
        }
    }

    private void answer(String player, String question, int slot, String option) {
        quiz.answer(player, MATCH, question, option, START + slot * 1_000L + 1_000);
    }

    private void resolve(String question, String option) {
        quiz.command(new Resolve(MATCH, question, option, START + 60_000_000), START);
    }

    /// Both clocks: the process's own, and that of the broker as the next answer shows it.
    private void timePasses(Duration time) {
        quiz.advance(time);
        passed = passed.plus(time);
        quiz.answerTopicReaches(START + passed.toMillis());
    }

    private void finish() {
        for (int i = 0; i < 100; i++) {
            quiz.advance(Duration.ofMillis(5));
        }
        passed = passed.plus(Duration.ofMillis(500));
    }

    private static Map<String, Long> totals(List<TestRecord<String, Points>> entries) {
        var totals = new TreeMap<String, Long>();
        entries.forEach(
                entry -> totals.merge(entry.key(), (long) entry.value().delta(), Long::sum));
        return totals;
    }

    private static void assertNumbersRise(List<TestRecord<String, Points>> entries) {
        var names = new HashSet<List<Object>>();
        var last = new TreeMap<String, Integer>();
        for (TestRecord<String, Points> entry : entries) {
            String of = entry.key() + " " + entry.value().question();
            int version = entry.value().version();
            assertThat(names.add(List.of(of, version))).isTrue();
            assertThat(version).isGreaterThan(last.getOrDefault(of, 0));
            last.put(of, version);
        }
    }
}
