package io.grandstand.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.AnswerTimes.DelayClass;
import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.SeasonCommand;
import io.grandstand.events.Terms;
import io.grandstand.events.Topic;
import io.grandstand.events.Votes;
import io.grandstand.gateway.HttpRoute.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostApiTest implements HostApi.Questions, HostApi.Figures, HostApi.Records {
    private static final String TOKEN = "correct horse battery";
    private static final long NOW = 1_700_000_000_000L;
    private static final List<Option> OPTIONS =
            List.of(new Option("a", "Yes"), new Option("b", "No"));

    private final List<Object> written = new ArrayList<>();
    private final Map<String, Scoreboard> boards = new HashMap<>();
    private final List<Question> known = new ArrayList<>();
    private boolean kafkaAnswers = true;
    private final HostApi api =
            new HostApi(
                    TOKEN,
                    this,
                    this,
                    match -> Optional.ofNullable(boards.get(match)),
                    this,
                    () -> "h-1",
                    () -> Instant.ofEpochMilli(NOW));

    @Test
    void aQuestionIsAskedWithTheLeastThatCanBeSaid() {
        check(
                post("/host/ask", "{'match':'m','prompt':'Rain?','options':['Yes','No']}"),
                202,
                "{\"match\":\"m\",\"question\":\"h-1\"}");
        assertThat(written)
                .containsExactly(
                        new Ask("m", "h-1", "Rain?", OPTIONS, 10, NOW, NOW + 10_000, null));
    }

    @Test
    void aHostWhoseClockNobodyKnowsSaysHowLongFromNow() {
        post(
                "/host/ask",
                "{'match':'m','prompt':'Rain?','options':['Yes','No'],'opensInMs':5000,"
                        + "'opens':'scheduled'}");
        assertThat(written)
                .containsExactly(
                        new Ask(
                                "m",
                                "h-1",
                                "Rain?",
                                OPTIONS,
                                10,
                                NOW + 5_000,
                                NOW + 15_000,
                                null,
                                null,
                                null,
                                Opening.SCHEDULED));
    }

    @Test
    void aQuestionIsAskedWithAllThatCanBeSaid() {
        post(
                "/host/ask",
                """
                {'match':'m','question':'q7','prompt':'Rain?',
                'options':[{'id':'a','label':'Yes'},{'id':'b','label':'No'}],
                'points':20,'opensAt':1700000005000,'windowMs':20000,'rule':'By the umpires.',
                'cueAt':61000,'opens':'scheduled','terms':{'season':'s1','answers':'last',
                'speed':{'floor':2,'overMs':9000},'streak':{'bonus':1,'max':5},
                'delays':{'policy':'later','capMs':30000}}}
                """);
        assertThat(written)
                .containsExactly(
                        new Ask(
                                "m",
                                "q7",
                                "Rain?",
                                OPTIONS,
                                20,
                                NOW + 5_000,
                                NOW + 25_000,
                                "By the umpires.",
                                61_000L,
                                new Terms(
                                        "s1",
                                        Terms.Answers.LAST,
                                        new Terms.Speed(2, 9_000),
                                        new Terms.Streak(1, 5),
                                        new Terms.Delays(Terms.Policy.LATER, 30_000)),
                                Opening.SCHEDULED));
    }

    @Test
    void aQuestionIsLockedResolvedCorrectedAndTakenBack() {
        known(State.OPEN);
        check(post("/host/lock", "{'match':'m','question':'q'}"), 202, "\"question\":\"q\"");
        known(State.LOCKED);
        post("/host/resolve", "{'match':'m','question':'q','answer':'a'}");
        known(State.RESOLVED);
        post("/host/correct", "{'match':'m','question':'q','answer':'b'}");
        post("/host/void", "{'match':'m','question':'q','reason':'rain'}");
        post("/host/void", "{'match':'m','question':'q'}");
        assertThat(written)
                .containsExactly(
                        new Lock("m", "q", NOW),
                        new Resolve("m", "q", "a", NOW),
                        new Resolve("m", "q", "b", NOW),
                        new Withdraw("m", "q", "rain"),
                        new Withdraw("m", "q", "Taken back by the host"));
    }

    @Test
    void questionsAreListedDraftsIncluded() {
        known(State.DRAFT);
        check(
                call("GET", "/host/questions", TOKEN, ""),
                200,
                "{\"questions\":[{\"id\":\"q\",\"match\":\"m\",\"version\":1,\"state\":\"draft\"");
    }

    @Test
    void votesAndAnswerTimesAreTold() {
        check(
                call("GET", "/host/answers", TOKEN, ""),
                200,
                "{\"votes\":[{\"match\":\"m\",\"question\":\"q\"");
    }

    @Test
    void aHostOpensAMatchAndEndsIt() {
        check(post("/host/match", "{'match':'m','title':'Final'}"), 202, "{\"match\":\"m\"}");
        post("/host/match", "{'match':'m','title':'Final','state':'finished'}");
        assertThat(written)
                .containsExactly(board(Scoreboard.State.LIVE), board(Scoreboard.State.FINISHED));
    }

    @Test
    void aMatchThatAFeedPlaysIsNotTheHosts() {
        boards.put(
                "m",
                new Scoreboard(
                        "m",
                        "A v B",
                        List.of("A", "B"),
                        Scoreboard.State.LIVE,
                        List.of(),
                        List.of(),
                        null,
                        List.of(),
                        null,
                        NOW));
        check(post("/host/match", "{'match':'m','title':'Mine'}"), 409, "Match 'm' is a feed's.");
        assertThat(written).isEmpty();
    }

    @Test
    void aSeasonIsClosedNowOrAtAMoment() {
        check(post("/host/season/close", "{'season':'s1'}"), 202, "{\"season\":\"s1\"}");
        post("/host/season/close", "{'season':'s2','at':1700000060000}");
        assertThat(written)
                .containsExactly(
                        new SeasonCommand(SeasonCommand.Kind.CLOSE, "s1", NOW),
                        new SeasonCommand(SeasonCommand.Kind.CLOSE, "s2", NOW + 60_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "day.2026-11-21", "season.demo"})
    void aMatchIsNotCalledLikeABoard(String match) {
        String said = "match is '%s': that is a board's name".formatted(match);
        check(post("/host/match", "{'match':'%s','title':'T'}".formatted(match)), 400, said);
        check(
                post(
                        "/host/ask",
                        "{'match':'%s','prompt':'?','options':['Yes','No']}".formatted(match)),
                400,
                said);
    }

    @Test
    void aDraftIsOpenedByAskingItAgain() {
        known(State.DRAFT);
        String ask = "{'match':'m','question':'q','prompt':'Rain?','options':['Yes','No']}";
        check(post("/host/ask", ask), 202, "q");
        known(State.OPEN);
        check(
                post("/host/ask", ask),
                409,
                "{\"error\":\"Question 'q' is open: it can be asked no more.\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer wrong", "Basic correct horse battery"})
    void whoHasNotTheTokenIsSentAway(String authorization) {
        known(State.OPEN);
        Response response =
                api.handle(
                                "POST",
                                "/host/lock",
                                Map.of("authorization", authorization),
                                "{\"match\":\"m\",\"question\":\"q\"}".getBytes(UTF_8))
                        .toCompletableFuture()
                        .join();
        check(response, 401, "{\"error\":\"Say Authorization: Bearer and the operator token.\"}");
        assertThat(written).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/host/lock    | {'match':'m','question':'x'}            | 404 | There is no"
                        + " question 'x' in match 'm'.",
                "/host/lock    | {'match':'m','question':'q'}            | 409 | Question 'q' is"
                        + " resolved: to lock it, it must be open.",
                "/host/resolve | {'match':'m','question':'q','answer':'a'} | 409 | Question 'q' is"
                        + " resolved: to resolve it, it must be open or locked.",
                "/host/correct | {'match':'m','question':'q','answer':'c'} | 400 | answer is 'c':"
                        + " must be one of [a, b]",
                "/host/correct | {'match':'m','question':'q'}            | 400 | answer is missing",
                "/host/correct | {'question':'q','answer':'a'}           | 400 | match is missing",
                "/host/void    | {'match':'m'}                           | 400 | question is"
                        + " missing",
                "/host/void    | {'match':'m','question':7}              | 400 | the body is wrong:"
                        + " question",
                "/host/void    | {'match':                               | 400 | the body is wrong:"
                        + " not JSON",
                "/host/ask     | {'match':'m','prompt':'Rain?'}          | 400 | options are"
                        + " missing",
                "/host/ask     | {'match':'m','prompt':'Rain?','options':['Yes']} | 400 | number of"
                        + " options is 1: must be 2 to 16",
                "/host/ask     | {'match':'m','prompt':'Rain?','options':['Yes',7]} | 400 | option"
                        + " 2 must be a text, or have the texts id and label",
                "/host/ask     | {'match':'m','prompt':'','options':['Yes','No']} | 400 | prompt is"
                        + " ''",
                "/host/ask     | {'match':'m','prompt':'?','options':['Yes','No'],'windowMs':0} |"
                        + " 400 | opensAt is 1700000000000 and locksAt is 1700000000000",
                "/host/raffle  | {}                                      | 404 | There is nothing"
                        + " here.",
            })
    void aRequestThatCannotBeFollowedIsToldWhy(String path, String body, int status, String why) {
        known(State.RESOLVED);
        check(post(path, body), status, why);
        assertThat(written).isEmpty();
    }

    @Test
    void aVoidQuestionStaysVoid() {
        known(State.VOID);
        check(
                post("/host/void", "{'match':'m','question':'q'}"),
                409,
                "Question 'q' is void already.");
    }

    @Test
    void aBodyWithoutEndIsRefused() {
        check(post("/host/ask", "x".repeat(20_000)), 413, "at most 16384 bytes");
    }

    @Test
    void theMethodMustFit() {
        check(call("GET", "/host/ask", TOKEN, ""), 405, "This path takes POST only.");
        check(call("POST", "/host/questions", TOKEN, ""), 405, "This path takes GET only.");
    }

    @Test
    void withoutKafkaAHostIsToldToTryAgain() {
        kafkaAnswers = false;
        known(State.OPEN);
        check(
                post("/host/lock", "{'match':'m','question':'q'}"),
                503,
                "{\"error\":\"Kafka does not answer; try again shortly.\"}");
    }

    @Test
    void aTokenThatCanBeGuessedIsRefused() {
        assertThatThrownBy(() ->
                        new HostApi(
                                "short",
                                this,
                                this,
                                _ -> Optional.empty(),
                                this,
                                () -> "h-1",
                                Instant::now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have at least 16");
    }

    @Override
    public @Nullable Question find(String match, String question) {
        return known.stream()
                .filter(each -> each.match().equals(match) && each.id().equals(question))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<Question> latestFirst(int max) {
        return known;
    }

    private void known(State state) {
        known.clear();
        known.add(
                new Question(
                        "q",
                        "m",
                        1,
                        state,
                        "Rain?",
                        OPTIONS,
                        10,
                        NOW,
                        NOW + 10_000,
                        null,
                        state.isSettled() ? "a" : null));
    }

    @Override
    public List<Votes> votes() {
        return List.of(new Votes("m", "q", NOW, 3, Map.of("a", 3L)));
    }

    @Override
    public List<AnswerTimes> answerTimes() {
        return List.of(
                new AnswerTimes("m", NOW, Map.of(DelayClass.NONE, AnswerTimes.Figures.NONE)));
    }

    @Override
    public <V> CompletionStage<Void> write(Topic<V> topic, String key, V value) {
        if (!kafkaAnswers) {
            return CompletableFuture.failedStage(new IllegalStateException("no broker"));
        }
        written.add(value);
        return CompletableFuture.completedStage(null);
    }

    private static Scoreboard board(Scoreboard.State state) {
        return new Scoreboard(
                "m", "Final", List.of(), state, List.of(), List.of(), null, List.of(), null, NOW);
    }

    private Response post(String path, String body) {
        return call("POST", path, TOKEN, body);
    }

    private Response call(String method, String path, String token, String body) {
        return api.handle(
                        method,
                        path,
                        Map.of("authorization", "Bearer " + token),
                        body.replace('\'', '"').getBytes(UTF_8))
                .toCompletableFuture()
                .join();
    }

    private static void check(Response response, int status, String content) {
        assertThat(new String(response.body(), UTF_8)).contains(content);
        assertThat(response.status()).isEqualTo(status);
    }
}
