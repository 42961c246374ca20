package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Points;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Result.Score;
import io.grandstand.events.Stats;
import io.grandstand.events.Terms;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Streak bonuses and personal figures, over results, corrections and voids. Each test plays a
/// match of its own; all questions have 10 points and 2 more for each right answer in a row before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreaksTest {
    private static final Terms TERMS = new Terms("s1", null, null, new Terms.Streak(2, 5), null);

    private QuizDriver quiz;
    private String match = "";
    private int tests;

    @SuppressWarnings("NullAway.Init") // Before all tests comes start.
    StreaksTest() {}

    @BeforeAll
    void start(@TempDir Path stateDir) {
        quiz = new QuizDriver(stateDir);
    }

    @AfterAll
    void stop() {
        quiz.close();
    }

    @Test
    void eachRightAnswerInARowEarnsMoreUpToTheMost() {
        play("six six six six", "six six six six");
        assertThat(scores()).containsExactly("q1@3 10+0", "q2@3 10+2", "q3@3 10+4", "q4@3 10+5");
        assertThat(points()).containsExactly("q1@3 10", "q2@3 12", "q3@3 14", "q4@3 15");
    }

    @Test
    void aWrongAnswerEndsAStreakAndOneNotGivenDoesNot() {
        play("six dot six - six", "six six six six six");
        assertThat(scores()).containsExactly("q1@3 10+0", "q2@3 0+0", "q3@3 10+0", "q5@3 10+2");
    }

    @Test
    void anEarlyCorrectionChangesTheBonusesAfterItUpToTheNextWrongAnswer() {
        play("six six six dot six six", "six six six six six six");
        quiz.drain();
        resolve(1, "dot");
        assertThat(scores()).containsExactly("q1@4 0+0", "q2@3#4 10+0", "q3@3#4 10+2");
        resolve(1, "six");
        assertThat(scores()).containsExactly("q1@5 10+0", "q2@3#5 10+2", "q3@3#5 10+4");
        resolve(4, "dot");
        assertThat(scores()).containsExactly("q4@4 10+5", "q5@3#4 10+5", "q6@3#4 10+5");
    }

    /// DOMAIN 1.6
    @Test
    void aVoidLeavesStreaksAsIfTheQuestionHadNeverBeen() {
        play("six dot six six", "six six six six");
        quiz.drain();
        withdraw(2);
        assertThat(scores()).containsExactly("q2@4 0+0", "q3@3#4 10+2", "q4@3#4 10+4");
        assertThat(stats(match).figures()).isEqualTo(new Stats.Figures(36, 3, 3, 1, 3, 3, 1_000));
        withdraw(3);
        assertThat(scores()).containsExactly("q3@4#5 0+0", "q4@3#5 10+2");
    }

    @Test
    void anEntryOfPointsNeverHasTheNumberOfAnother() {
        play("six six", "six six");
        resolve(1, "dot");
        resolve(2, "dot");
        resolve(1, "six");
        resolve(2, "six");
        assertThat(points())
                .containsExactly(
                        "q1@3 10",
                        "q2@3 12",
                        "q1@4 -10",
                        "q2@4 -2",
                        "q2@5 -10",
                        "q1@5 10",
                        "q2@6 12");
    }

    @Test
    void theTotalToldIsTheSumOfAllEntriesSoFar() {
        play("six six six", "six dot six");
        resolve(2, "six");
        withdraw(1);
        assertThat(totals()).containsExactly(10L, 10L, 20L, 32L, 36L, 26L, 24L, 22L);
    }

    @Test
    void resultsThatComeOutOfOrderEndInTheSameBonuses() {
        begin(3);
        answer(1, "six");
        answer(2, "six");
        answer(3, "six");
        quiz.drain();
        resolve(3, "six");
        resolve(1, "six");
        resolve(2, "six");
        assertThat(scores())
                .containsExactly(
                        "q3@3 10+0", "q1@3 10+0", "q3@3#4 10+2", "q2@3 10+2", "q3@3#5 10+4");
    }

    @Test
    void aLateAppendedAnswerThatWasReceivedInTimeTakesItsPlaceInTheStreak() {
        begin(2);
        answer(2, "six");
        resolve(1, "six");
        resolve(2, "six");
        quiz.drain();
        answer(1, "six");
        assertThat(scores()).containsExactly("q1@3 10+0", "q2@3#4 10+2");
    }

    @Test
    void figuresFollowEveryChange() {
        play("six six dot six", "six six six six");
        var figures = stats(match).figures();
        assertThat(figures).isEqualTo(new Stats.Figures(32, 4, 3, 0.75, 1, 2, 1_000));
        resolve(3, "dot");
        assertThat(stats(match).figures()).isEqualTo(new Stats.Figures(51, 4, 4, 1, 4, 4, 1_000));
        resolve(2, "dot");
        assertThat(stats(match).figures())
                .isEqualTo(new Stats.Figures(32, 4, 3, 0.75, 2, 2, 1_000));
        withdraw(4);
        assertThat(stats(match).figures())
                .isEqualTo(new Stats.Figures(20, 3, 2, 0.667, 1, 1, 1_000));
    }

    @Test
    void figuresAreKeptByMatchAndOverall() {
        play("six six", "six six");
        String first = match;
        quiz.drain();
        play("six dot six six six", "six six six six six", "player-of-two");
        String second = match;
        match = first;
        answerAs("player-of-two", 1, "six");
        Stats stats = Objects.requireNonNull(quiz.stats().get("player-of-two"));
        assertThat(stats.matches()).extracting(Stats.OfMatch::match).containsExactly(first, second);
        assertThat(stats.overall().answered()).isEqualTo(6);
        assertThat(stats.overall().correct()).isEqualTo(5);
        assertThat(stats.overall().points()).isEqualTo(10 + 10 + 10 + 12 + 14);
        assertThat(stats.overall().longestStreak()).isEqualTo(3);
        assertThat(stats.overall().streak()).isEqualTo(1);
    }

    @Test
    void onlyTheLatestMatchesAreToldOneByOne() {
        for (int i = 0; i < Stats.MATCHES_MAX + 2; i++) {
            play("six", "six", "regular");
        }
        Stats stats = Objects.requireNonNull(quiz.stats().get("regular"));
        assertThat(stats.matches()).hasSize(Stats.MATCHES_MAX);
        assertThat(stats.overall().answered()).isEqualTo(Stats.MATCHES_MAX + 2);
    }

    @Test
    void pointsCarryTheSeasonAndWhenTheirQuestionOpened() {
        play("six six", "six six");
        assertThat(quiz.points())
                .extracting(entry -> entry.value().at(), entry -> entry.value().season())
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(opensAt(1), "s1"),
                        org.assertj.core.api.Assertions.tuple(opensAt(2), "s1"));
    }

    private void play(String answers, String rights) {
        play(answers, rights, "asha");
    }

    /// A match in which a player answers each question with the next word, `-` for none, after a
    /// second, and each has the right option of the next word.
    private void play(String answers, String rights, String player) {
        List<String> given = List.of(answers.split(" "));
        List<String> right = List.of(rights.split(" "));
        begin(given.size());
        for (int i = 1; i <= given.size(); i++) {
            if (!given.get(i - 1).equals("-")) {
                answerAs(player, i, given.get(i - 1));
            }
            resolve(i, right.get(i - 1));
        }
    }

    private void begin(int questions) {
        quiz.drain();
        tests++;
        match = "streaks-" + tests;
        for (int i = 1; i <= questions; i++) {
            quiz.command(Samples.ask(match, "q" + i, opensAt(i), TERMS));
        }
    }

    private void answer(int question, String option) {
        answerAs("asha", question, option);
    }

    private void answerAs(String player, int question, String option) {
        quiz.answer(player, match, "q" + question, option, opensAt(question) + 1_000);
    }

    private void resolve(int question, String option) {
        quiz.command(new Resolve(match, "q" + question, option, opensAt(question) + 15_000));
    }

    private void withdraw(int question) {
        quiz.command(new Withdraw(match, "q" + question, "rain"));
    }

    private static long opensAt(int question) {
        return 10_000 + question * 20_000L;
    }

    private Stats.OfMatch stats(String ofMatch) {
        Stats stats = Objects.requireNonNull(quiz.stats().get("asha"));
        assertThat(stats.matches().getFirst().match()).isEqualTo(ofMatch);
        return stats.matches().getFirst();
    }

    /// `q2@3#4 10+2`: the question, its version, the score's number where it is another, the points
    /// and the bonus in them.
    private List<String> scores() {
        return quiz.results().stream()
                .map(TestRecord::value)
                .filter(Score.class::isInstance)
                .map(Score.class::cast)
                .map(StreaksTest::written)
                .toList();
    }

    private static String written(Score score) {
        Integer bonus = Objects.requireNonNull(score.bonus());
        return "%s@%d%s %d+%d"
                .formatted(
                        score.question(),
                        score.version(),
                        score.entry() == null ? "" : "#" + score.entry(),
                        score.points() - bonus,
                        bonus);
    }

    private List<Long> totals() {
        return quiz.results().stream()
                .map(TestRecord::value)
                .filter(Score.class::isInstance)
                .map(result -> ((Score) result).total())
                .toList();
    }

    private List<String> points() {
        return quiz.points().stream()
                .map(TestRecord::value)
                .map((Points entry) ->
                        "%s@%d %d".formatted(entry.question(), entry.version(), entry.delta()))
                .toList();
    }
}
