package io.grandstand.bots;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Answer;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BotsTest {
    private static final int COUNT = 10;
    private static final long NOW = Questions.OPENS_AT;

    private final TestGateway gateway = new TestGateway();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BotChoice choice = new BotChoice(3, 1, Map.of());
    private final Bots bots =
            new Bots(
                    new BotsConfig(gateway.endpoint(), COUNT, choice),
                    (bot, name) -> new BotSession("%s/%d".formatted(name, bot), "token"),
                    () -> Instant.ofEpochMilli(NOW),
                    new BotListener() {
                        @Override
                        public void answered(int bot, String player, Answer answer) {
                            heard.add("%d %s %s".formatted(bot, player, answer.option()));
                        }

                        @Override
                        public void heard(int bot, String player, Result result) {
                            heard.add("%d %s %s".formatted(bot, player, result));
                        }
                    });

    @AfterEach
    void stop() {
        bots.close();
        bots.close();
        gateway.close();
    }

    @Test
    void botsAnswerAsTheirChoicesSay() throws Exception {
        bots.follow("m1");
        bots.start();
        bots.start();
        subscribed();
        gateway.publish("question:m1", urgent("q1"));
        checkAnswers("q1");
        gateway.publish("question:m1", urgent("q2"));
        checkAnswers("q2");
        assertThat(bots.stats().connected()).isEqualTo(COUNT);
    }

    @Test
    void aBotThatComesLateAnswersTheQuestionThatIsOpen() throws Exception {
        gateway.publish("question:m1", urgent("q1"));
        bots.start();
        bots.follow("m1");
        assertThat(answers(gateway.next(2 * COUNT + expected("q1").size())))
                .containsExactlyInAnyOrderElementsOf(expected("q1"));
    }

    @Test
    void aQuestionThatComesAgainIsAnsweredOnce() throws Exception {
        play();
        gateway.publish("question:m1", urgent("q1"));
        gateway.publish("question:m1", urgent("q1"));
        checkAnswers("q1");
        gateway.publish("question:m1", urgent("q2"));
        checkAnswers("q2");
    }

    @Test
    void aQuestionThatLocksEarlyIsNotAnswered() throws Exception {
        play();
        // Bots think for 400 ms at least.
        gateway.publish("question:m1", question("q1", State.OPEN, NOW, NOW + 60_000));
        gateway.publish("question:m1", question("q1", State.LOCKED, NOW, NOW + 10));
        gateway.publish("question:m1", urgent("q2"));
        checkAnswers("q2");
        assertThat(bots.stats().sent()).isLessThanOrEqualTo(expected("q2").size());
    }

    @Test
    void aQuestionWhoseTimeIsOverIsNotAnswered() throws Exception {
        play();
        gateway.publish("question:m1", question("q1", State.OPEN, NOW - 30_000, NOW - 1));
        gateway.publish("question:m1", urgent("q2"));
        checkAnswers("q2");
    }

    @Test
    void anAnswerThatMeetsPassingTroubleIsSentAgain() throws Exception {
        play();
        gateway.refuseNext("{\"code\":100,\"message\":\"internal\",\"temporary\":true}");
        gateway.publish("question:m1", urgent("q1"));
        List<String> published = gateway.next(expected("q1").size() + 1);
        List<String> refused = published.stream().filter(line -> line.endsWith("refused")).toList();
        assertThat(refused).hasSize(1);
        assertThat(published).contains(refused.getFirst().replace(" refused", ""));
    }

    @Test
    void anAnswerThatIsRefusedIsNotSentAgain() throws Exception {
        play();
        gateway.refuseNext("{\"code\":103,\"message\":\"permission denied\"}");
        gateway.publish("question:m1", urgent("q1"));
        assertThat(gateway.next(expected("q1").size()))
                .filteredOn(line -> line.endsWith("refused"))
                .hasSize(1);
        gateway.publish("question:m1", urgent("q2"));
        checkAnswers("q2");
    }

    @Test
    void botsTurnToAnotherMatch() throws Exception {
        play();
        bots.follow("m2");
        assertThat(gateway.next(2 * COUNT))
                .containsOnly("unsubscribe question:m1", "subscribe question:m2");
        bots.follow("m2");
        gateway.publish("question:m1", urgent("q1"));
        gateway.publish(
                "question:m2", Questions.of("m2", "q1", State.OPEN, NOW - 30_000, NOW + 1, null));
        assertThat(gateway.next(1).getFirst()).contains("\"match\":\"m2\"");
    }

    @Test
    void receiptsAndScoresAreCountedAndTold() throws Exception {
        play();
        gateway.publish(
                "result:Asha%2F0", new Result.Receipt("m1", "q1", Result.Status.ACCEPTED, "dot"));
        assertThat(heard.poll(10, TimeUnit.SECONDS)).startsWith("0 Asha/0 Receipt[");
        gateway.publish(
                "result:Asha%2F0", new Result.Receipt("m1", "q1", Result.Status.LATE, null));
        assertThat(heard.poll(10, TimeUnit.SECONDS)).startsWith("0 Asha/0 Receipt[");
        gateway.publish(
                "result:Asha%2F0", new Result.Score("m1", "q1", 3, true, "dot", 10, 10, 10));
        assertThat(heard.poll(10, TimeUnit.SECONDS)).startsWith("0 Asha/0 Score[");
        assertThat(bots.stats()).isEqualTo(new BotStats(COUNT, 0, 1));
    }

    private void play() throws InterruptedException {
        bots.follow("m1");
        bots.start();
        subscribed();
    }

    /// Waits until every bot has subscribed to its results and its questions.
    private void subscribed() throws InterruptedException {
        assertThat(gateway.next(2 * COUNT))
                .filteredOn(line -> line.equals("subscribe question:m1"))
                .hasSize(COUNT);
    }

    /// A question that bots have thought about already, and answer at once.
    private static Question urgent(String id) {
        return question(id, State.OPEN, NOW - 30_000, NOW + 1);
    }

    private static Question question(String id, State state, long opensAt, long locksAt) {
        return Questions.of("m1", id, state, opensAt, locksAt, null);
    }

    private void checkAnswers(String question) throws InterruptedException {
        List<String> expected = expected(question);
        assertThat(gateway.next(expected.size())).containsExactlyInAnyOrderElementsOf(expected);
    }

    private List<String> expected(String question) {
        var expected = new ArrayList<String>();
        IntStream.range(0, COUNT)
                .forEach(bot ->
                        choice.decide(bot, urgent(question))
                                .ifPresent(decision ->
                                        expected.add(answer(bot, question, decision.option()))));
        return expected;
    }

    private static String answer(int bot, String question, String option) {
        return ("publish answer:%s%%2F%d {\"match\":\"m1\",\"question\":\"%s\","
                        + "\"option\":\"%s\"}")
                .formatted(BotNames.of(bot), bot, question, option);
    }

    private static List<String> answers(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("publish")).toList();
    }
}
