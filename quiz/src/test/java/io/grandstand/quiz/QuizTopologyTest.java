package io.grandstand.quiz;

import static io.grandstand.quiz.Samples.LOCKS;
import static io.grandstand.quiz.Samples.MATCH;
import static io.grandstand.quiz.Samples.ask;
import static io.grandstand.quiz.Samples.lock;
import static io.grandstand.quiz.Samples.resolve;
import static io.grandstand.quiz.Samples.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Answer;
import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.Points;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result;
import io.grandstand.events.Result.Receipt;
import io.grandstand.events.Result.Score;
import io.grandstand.events.Result.Status;
import io.grandstand.protocol.TrustedHeaders;
import io.grandstand.streams.EveryPartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.test.TestRecord;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuizTopologyTest {
    private QuizDriver quiz;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    QuizTopologyTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        quiz = new QuizDriver(stateDir);
    }

    @AfterEach
    void stop() {
        quiz.close();
    }

    @Test
    void eachVersionGoesToPlayersAndToScorers() {
        quiz.command(ask("q1"));
        quiz.command(resolve("q1", "six"));
        assertThat(quiz.questions())
                .extracting(Question::state)
                .containsExactly(State.OPEN, State.LOCKED, State.RESOLVED);
        List<TestRecord<String, Question>> rulings = quiz.rulings();
        assertThat(rulings).extracting(ruling -> ruling.value().version()).containsExactly(1, 2, 3);
        assertThat(rulings).allMatch(ruling -> ruling.key() == null);
    }

    @Test
    void aRulingGoesToEveryPartition() {
        assertThat(new EveryPartition<String, Question>().partitions("ruling", "", open(), 4))
                .hasValueSatisfying(all -> assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3));
    }

    @Test
    void aChangeOfAnOlderQuestionIsFollowedByTheRunningOne() {
        quiz.command(ask("q1"));
        quiz.command(resolve("q1", "six"));
        quiz.command(ask("q2"));
        quiz.command(lock("q2", 5_000));
        quiz.questions();
        quiz.rulings();
        quiz.command(resolve("q1", "four"));
        List<Question> published = quiz.questions();
        assertThat(published).extracting(Question::id).containsExactly("q1", "q2");
        assertThat(published).extracting(Question::version).containsExactly(4, 2);
        assertThat(quiz.rulings()).extracting(ruling -> ruling.value().id()).containsExactly("q1");
    }

    @Test
    void aChangeOfTheRunningQuestionIsPublishedOnce() {
        quiz.command(ask("q1"));
        quiz.command(ask("q2"));
        quiz.questions();
        quiz.command(lock("q2", 5_000));
        assertThat(quiz.questions()).extracting(Question::id).containsExactly("q2");
    }

    @Test
    void aRefusedCommandIsADeadLetterWithItsReasonAndPlace() {
        quiz.command(ask("q1"));
        quiz.command(resolve("q9", "six"));
        DeadLetter letter = onlyDeadLetter("question-command");
        assertThat(letter.reason()).isEqualTo("question 'q9' was never asked");
        assertThat(letter.partition()).isZero();
        assertThat(letter.offset()).isEqualTo(1);
        assertThat(letter.key()).isEqualTo(MATCH);
    }

    @Test
    void whatIsNoCommandIsADeadLetterAndStopsNothing() {
        quiz.commandBytes(MATCH, bytes("{\"kind\":\"ask\""));
        quiz.commandBytes(MATCH, bytes("[]"));
        quiz.commandBytes(MATCH, null);
        quiz.commandBytes(null, Json.write(ask("q1")));
        quiz.commandBytes("m2", Json.write(ask("q1")));
        assertThat(quiz.deadLetters())
                .hasSize(5)
                .last()
                .satisfies(letter ->
                        assertThat(letter.value().reason())
                                .isEqualTo("key is not 'm1', the match of the command"));
        quiz.command(ask("q1"));
        assertThat(quiz.questions()).hasSize(1);
    }

    @Test
    void aDeadLetterIsSmallWhateverItIsAbout() {
        quiz.commandBytes("k".repeat(900_000), bytes("{\"kind\":\"" + "x".repeat(900_000) + "\"}"));
        assertThat(Json.write(onlyDeadLetter("question-command"))).hasSizeLessThan(10_000);
    }

    @Test
    void aWholeRoundEndsInReceiptsScoresAndPoints() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.answer("ben", "q1", "dot", 6_000);
        quiz.command(resolve("q1", "six"));
        assertThat(results("asha"))
                .containsExactly(
                        receipt("q1", Status.ACCEPTED, "six"),
                        new Score(MATCH, "q1", 3, true, "six", 10, 10, 10));
        quiz.answer("chen", "q1", "six", 7_000);
        assertThat(quiz.points())
                .extracting(TestRecord::key, TestRecord::value)
                .containsExactlyInAnyOrder(
                        tuple("asha", points("q1", 3, 10)),
                        tuple("ben", points("q1", 3, 0)),
                        tuple("chen", points("q1", 3, 10)));
    }

    /// DOMAIN 1.3, as far as the quiz goes.
    @Test
    void noResultLeavesBeforeTheQuestionResolves() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.command(lock("q1", 9_000));
        quiz.advance(Duration.ofMinutes(5));
        assertThat(results("asha")).containsExactly(receipt("q1", Status.ACCEPTED, "six"));
        assertThat(quiz.points()).isEmpty();
    }

    /// DOMAIN 1.4: an answer at lock - 1 ms by receive time counts although it is appended much
    /// later, one at + 1 ms does not.
    @Test
    void theGatewaysReceiveTimeDecidesNotTheRecordsTimestamp() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", LOCKS - 1);
        quiz.answer("ben", "q1", "six", LOCKS);
        quiz.answer("chen", "q1", "six", LOCKS + 1);
        assertThat(statuses()).containsExactly(Status.ACCEPTED, Status.ACCEPTED, Status.LATE);
        quiz.command(resolve("q1", "six"));
        quiz.results();
        quiz.answer("dan", "q1", "six", LOCKS - 1);
        quiz.answer("eve", "q1", "six", LOCKS + 1);
        assertThat(quiz.points()).extracting(TestRecord::key).containsExactly("asha", "ben", "dan");
    }

    @Test
    void withoutAUsableHeaderTheTimestampDecides() {
        quiz.command(ask("q1"));
        var broken = new RecordHeaders().add(TrustedHeaders.RECEIVED_US, bytes("soon"));
        var answer = new Answer(MATCH, "q1", "six");
        quiz.answer("asha", answer, new RecordHeaders(), LOCKS);
        quiz.answer("ben", answer, broken, LOCKS + 1);
        assertThat(statuses()).containsExactly(Status.ACCEPTED, Status.LATE);
    }

    @Test
    void trustedHeadersDoNotTravelOnToResults() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        assertThat(quiz.results()).allMatch(result -> result.headers().toArray().length == 0);
    }

    @Test
    void aLockBeforeAnAcceptedAnswerTakesItBack() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.command(lock("q1", 4_999));
        quiz.command(resolve("q1", "six"));
        assertThat(results("asha"))
                .containsExactly(
                        receipt("q1", Status.ACCEPTED, "six"), receipt("q1", Status.LATE, null));
        assertThat(quiz.points()).isEmpty();
    }

    @Test
    void aCorrectionMovesPointsAndSaysSo() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.answer("ben", "q1", "four", 5_000);
        quiz.answer("chen", "q1", "dot", 5_000);
        quiz.command(resolve("q1", "six"));
        quiz.results();
        quiz.points();
        quiz.command(resolve("q1", "four"));
        assertThat(quiz.results())
                .extracting(TestRecord::key, TestRecord::value)
                .containsExactlyInAnyOrder(
                        tuple("asha", new Score(MATCH, "q1", 4, false, "four", 0, -10, 0)),
                        tuple("ben", new Score(MATCH, "q1", 4, true, "four", 10, 10, 10)),
                        tuple("chen", new Score(MATCH, "q1", 4, false, "four", 0, 0, 0)));
        assertThat(quiz.points())
                .extracting(TestRecord::key, TestRecord::value)
                .containsExactlyInAnyOrder(
                        tuple("asha", points("q1", 4, -10)), tuple("ben", points("q1", 4, 10)));
    }

    /// DOMAIN 1.6, points alone; streaks are in StreaksTest.
    @Test
    void aVoidTakesBackWhatWasPaid() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.answer("ben", "q1", "dot", 5_000);
        quiz.command(resolve("q1", "six"));
        quiz.results();
        quiz.points();
        quiz.command(withdraw("q1"));
        assertThat(quiz.results())
                .extracting(TestRecord::key, TestRecord::value)
                .containsExactlyInAnyOrder(
                        tuple("asha", new Score(MATCH, "q1", 4, false, null, 0, -10, 0)),
                        tuple("ben", new Score(MATCH, "q1", 4, false, null, 0, 0, 0)));
        assertThat(quiz.points())
                .extracting(TestRecord::key, TestRecord::value)
                .containsExactly(tuple("asha", points("q1", 4, -10)));
    }

    @Test
    void totalsAddUpOverTheQuestionsOfAMatch() {
        for (String question : List.of("q1", "q2")) {
            quiz.command(ask(question));
            quiz.answer("asha", question, "six", 5_000);
            quiz.command(resolve(question, "six"));
        }
        assertThat(results("asha"))
                .last()
                .isEqualTo(new Score(MATCH, "q2", 3, true, "six", 10, 10, 20));
    }

    @Test
    void anAnswerThatOvertakesItsQuestionWaitsAndThenCounts() {
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.advance(Duration.ofMillis(1_500));
        assertThat(quiz.results()).isEmpty();
        quiz.command(ask("q1"));
        quiz.command(resolve("q1", "six"));
        quiz.advance(Duration.ofMinutes(1));
        assertThat(results("asha"))
                .containsExactly(
                        receipt("q1", Status.ACCEPTED, "six"),
                        new Score(MATCH, "q1", 3, true, "six", 10, 10, 10));
    }

    @Test
    void anAnswerThatWaitsLongHearsUnknownOnceAndIsStillJudged() {
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.advance(Duration.ofSeconds(2));
        quiz.advance(Duration.ofMinutes(9));
        assertThat(results("asha")).containsExactly(receipt("q1", Status.UNKNOWN, null));
        quiz.command(ask("q1"));
        assertThat(results("asha")).containsExactly(receipt("q1", Status.ACCEPTED, "six"));
    }

    @Test
    void anAnswerToAQuestionThatNeverComesIsForgotten() {
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.advance(Duration.ofSeconds(2));
        quiz.advance(Duration.ofSeconds(598));
        quiz.results();
        quiz.command(ask("q1"));
        quiz.command(resolve("q1", "six"));
        assertThat(quiz.results()).isEmpty();
        assertThat(quiz.points()).isEmpty();
    }

    @Test
    void heldAnswersAreJudgedInTheirOrder() {
        quiz.answer("asha", "q1", "seven", 4_000);
        quiz.answer("asha", "q1", "dot", 500);
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.answer("asha", "q1", "four", 4_500);
        quiz.command(ask("q1"));
        assertThat(results("asha"))
                .containsExactly(
                        receipt("q1", Status.INVALID, null),
                        receipt("q1", Status.CLOSED, null),
                        receipt("q1", Status.ACCEPTED, "six"),
                        receipt("q1", Status.DUPLICATE, "six"));
    }

    @Test
    void aPlayerHasEightAnswersWaitingAndNoMore() {
        for (int i = 1; i <= 9; i++) {
            quiz.answer("asha", "q" + i, "six", 5_000);
        }
        assertThat(results("asha")).containsExactly(receipt("q9", Status.UNKNOWN, null));
        quiz.answer("ben", "q9", "six", 5_000);
        assertThat(quiz.results()).isEmpty();
        quiz.command(ask("q8"));
        quiz.command(ask("q9"));
        assertThat(quiz.results())
                .extracting(TestRecord::key, TestRecord::value)
                .containsExactly(
                        tuple("asha", receipt("q8", Status.ACCEPTED, "six")),
                        tuple("ben", receipt("q9", Status.ACCEPTED, "six")));
    }

    @Test
    void answersToQuestionsThatStayUnknownMakeRoomForNewOnes() {
        for (int i = 1; i <= 8; i++) {
            quiz.answer("asha", "nonsense" + i, "six", 5_000);
        }
        quiz.advance(Duration.ofSeconds(2));
        quiz.results();
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.command(ask("q1"));
        quiz.command(ask("nonsense1"));
        quiz.command(ask("nonsense2"));
        assertThat(results("asha"))
                .containsExactly(
                        receipt("q1", Status.ACCEPTED, "six"),
                        receipt("nonsense2", Status.ACCEPTED, "six"));
    }

    @Test
    void answersReadFromABacklogAllWaitForTheirQuestions() {
        quiz.advance(Duration.ofMillis(QuizDriver.APPENDED_AT + 60_000));
        for (int i = 1; i <= 50; i++) {
            quiz.answer("asha", "q" + i, "six", 5_000);
        }
        quiz.advance(Duration.ofSeconds(2));
        quiz.results();
        for (int i = 1; i <= 50; i++) {
            quiz.command(ask("q" + i));
        }
        assertThat(statuses()).hasSize(50).containsOnly(Status.ACCEPTED);
    }

    @Test
    void anAnswerThatIsNotFromABacklogTakesNoPlaceFromThoseThatAre() {
        quiz.advance(Duration.ofMillis(QuizDriver.APPENDED_AT + 60_000));
        for (int i = 1; i <= 10; i++) {
            quiz.answer("asha", "q" + i, "six", 5_000);
        }
        quiz.advance(Duration.ofSeconds(2));
        quiz.results();
        var now = new Answer(MATCH, "q11", "six");
        quiz.answer("asha", now, new RecordHeaders(), QuizDriver.APPENDED_AT + 62_000);
        for (int i = 1; i <= 10; i++) {
            quiz.command(ask("q" + i));
        }
        assertThat(statuses()).hasSize(10).containsOnly(Status.ACCEPTED);
    }

    @Test
    void aFurtherAnswerAfterUnknownHearsItAgainAndWaitsToo() {
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.advance(Duration.ofSeconds(2));
        quiz.answer("asha", "q1", "dot", 6_000);
        assertThat(statuses()).containsExactly(Status.UNKNOWN, Status.UNKNOWN);
        quiz.command(ask("q1"));
        assertThat(statuses()).containsExactly(Status.ACCEPTED, Status.DUPLICATE);
    }

    @Test
    void anAnswerThatIsNoneIsADeadLetterAndItsPlayerHearsInvalid() {
        quiz.answerBytes("asha", bytes("{\"match\":\"m1\",\"question\":7}"));
        assertThat(results("asha")).containsExactly(new Receipt("", "", Status.INVALID, null));
        assertThat(onlyDeadLetter("answer").key()).isEqualTo("asha");
    }

    @Test
    void anAnswerWithoutAPlayerIsADeadLetterAlone() {
        byte[] answer = Json.write(new Answer(MATCH, "q1", "six"));
        quiz.answerBytes(null, answer);
        quiz.answerBytes("", answer);
        quiz.answerBytes("a\0b", answer);
        quiz.answerBytes("x".repeat(129), answer);
        assertThat(quiz.results()).isEmpty();
        assertThat(quiz.deadLetters()).hasSize(4);
    }

    @Test
    void readingCommandsAgainPublishesNothing() {
        for (int i = 0; i < 2; i++) {
            quiz.command(ask("q1"));
            quiz.command(lock("q1", 9_000));
            quiz.command(resolve("q1", "six"));
            quiz.command(ask("q2"));
        }
        assertThat(quiz.questions()).hasSize(4);
        assertThat(quiz.rulings()).hasSize(4);
        assertThat(quiz.deadLetters()).isEmpty();
    }

    @Test
    void readingAnswersAndRulingsAgainScoresNothing() {
        quiz.command(ask("q1"));
        quiz.answer("asha", "q1", "six", 5_000);
        quiz.command(resolve("q1", "six"));
        quiz.points();
        quiz.results();
        quiz.answer("asha", "q1", "six", 5_000);
        for (TestRecord<String, Question> ruling : quiz.rulings()) {
            quiz.ruling(ruling.value());
        }
        assertThat(results("asha")).containsExactly(receipt("q1", Status.DUPLICATE, "six"));
        assertThat(quiz.points()).isEmpty();
    }

    @Test
    void theDeskTheScorerAndTheTallyAreSeparateSubTopologies() {
        var subTopologies = QuizTopology.build().describe().subtopologies();
        assertThat(subTopologies)
                .extracting(part ->
                        part.nodes().stream()
                                .filter(TopologyDescription.Source.class::isInstance)
                                .map(TopologyDescription.Node::name)
                                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        Set.of("question-command-source"),
                        Set.of("answer-source", "ruling-source"),
                        Set.of("tally-part-source"));
    }

    private static Question open() {
        return Samples.open();
    }

    private List<Status> statuses() {
        return quiz.results().stream().map(result -> ((Receipt) result.value()).status()).toList();
    }

    private List<Result> results(String player) {
        Map<String, List<Result>> byPlayer =
                quiz.results().stream()
                        .collect(
                                Collectors.groupingBy(
                                        TestRecord::key,
                                        Collectors.mapping(
                                                TestRecord::value, Collectors.toList())));
        return byPlayer.getOrDefault(player, List.of());
    }

    private DeadLetter onlyDeadLetter(String source) {
        List<TestRecord<String, DeadLetter>> letters = quiz.deadLetters();
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().key()).isEqualTo(source);
        assertThat(letters.getFirst().value().topic()).isEqualTo(source);
        return letters.getFirst().value();
    }

    private static Points points(String question, int version, int delta) {
        return new Points(MATCH, question, version, delta, Samples.OPENS, null);
    }

    private static Receipt receipt(String question, Status status, @Nullable String option) {
        return new Receipt(MATCH, question, status, option);
    }

    private static Tuple tuple(String player, Object value) {
        return org.assertj.core.api.Assertions.tuple(player, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
