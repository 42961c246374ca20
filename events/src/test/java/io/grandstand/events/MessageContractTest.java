package io.grandstand.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The message contract, version 1, to the letter: what clients of others rely on.
class MessageContractTest {
    private static final List<Question.Option> OPTIONS =
            List.of(new Question.Option("dot", "Dot ball"), new Question.Option("six", "6 runs"));

    @Test
    void aQuestionThatIsOpenHasNoAnswerField() {
        check(
                new Question(
                        "m.1",
                        "m",
                        1,
                        Question.State.OPEN,
                        "What?",
                        OPTIONS,
                        10,
                        1000,
                        2000,
                        null,
                        null),
                """
                {"id":"m.1","match":"m","version":1,"state":"open","prompt":"What?",\
                "options":[{"id":"dot","label":"Dot ball"},{"id":"six","label":"6 runs"}],\
                "points":10,"opensAt":1000,"locksAt":2000}\
                """);
    }

    @Test
    void aQuestionThatIsResolvedHasItsAnswer() {
        check(
                new Question(
                        "m.1",
                        "m",
                        3,
                        Question.State.RESOLVED,
                        "What?",
                        OPTIONS,
                        10,
                        1000,
                        1500,
                        "Rule.",
                        "six"),
                """
                {"id":"m.1","match":"m","version":3,"state":"resolved","prompt":"What?",\
                "options":[{"id":"dot","label":"Dot ball"},{"id":"six","label":"6 runs"}],\
                "points":10,"opensAt":1000,"locksAt":1500,"rule":"Rule.","answer":"six"}\
                """);
    }

    @Test
    void everyStateHasItsWord() {
        assertThat(List.of(Question.State.values()))
                .extracting(state -> text(Json.write(state)))
                .containsExactly(
                        "\"open\"", "\"locked\"", "\"resolved\"", "\"corrected\"", "\"void\"");
    }

    @Test
    void anAnswerNamesMatchQuestionAndOption() {
        check(
                new Answer("m", "m.1", "six"),
                "{\"match\":\"m\",\"question\":\"m.1\",\"option\":\"six\"}");
    }

    @Test
    void aReceiptSaysItsStatus() {
        check(
                new Result.Receipt("m", "m.1", Result.Status.ACCEPTED, "six"),
                """
                {"kind":"receipt","match":"m","question":"m.1","status":"accepted","option":"six"}\
                """);
        assertThat(List.of(Result.Status.values()))
                .extracting(status -> text(Json.write(status)))
                .containsExactly(
                        "\"accepted\"",
                        "\"late\"",
                        "\"duplicate\"",
                        "\"unknown\"",
                        "\"closed\"",
                        "\"invalid\"");
    }

    @Test
    void aScoreHasAllItsFieldsAlsoWhenTheQuestionIsVoid() {
        check(
                new Result.Score("m", "m.1", 3, true, "six", 10, 10, 120),
                """
                {"kind":"score","match":"m","question":"m.1","version":3,"correct":true,\
                "answer":"six","points":10,"delta":10,"total":120}\
                """);
        check(
                new Result.Score("m", "m.1", 4, false, null, 0, -10, 110),
                """
                {"kind":"score","match":"m","question":"m.1","version":4,"correct":false,\
                "answer":null,"points":0,"delta":-10,"total":110}\
                """);
    }

    @Test
    void aTopTellsTheOwnPlaceAndTheBest() {
        check(
                new Top("m", new Top.Me(2L, 10), 3, List.of(new BoardRow(1, "a", "Asha", 20))),
                """
                {"board":"m","me":{"rank":2,"score":10},"players":3,\
                "top":[{"rank":1,"player":"a","name":"Asha","score":20}]}\
                """);
    }

    @Test
    void aLeaderboardTellsItsTime() {
        check(
                new Leaderboard("m", 5000, 3, List.of(new BoardRow(1, "a", "Asha", 20))),
                """
                {"board":"m","asOf":5000,"players":3,\
                "top":[{"rank":1,"player":"a","name":"Asha","score":20}]}\
                """);
    }

    @Test
    void aTopRequestNamesItsBoard() {
        check(new TopRequest("m"), "{\"board\":\"m\"}");
    }

    @Test
    void aBallHasInningsOverAndBallBatterBowlerRunsExtrasAndWickets() {
        check(
                new Ball(
                        "m",
                        7,
                        1,
                        1,
                        false,
                        1,
                        1,
                        "R Sharma",
                        null,
                        "D Chahar",
                        1,
                        0,
                        new Ball.Extras(1, 0, 0, 0, 0),
                        List.of(new Ball.Wicket("run out", "R Sharma")),
                        "wicket",
                        5000),
                """
                {"match":"m","seq":7,"version":1,"innings":1,"superOver":false,"over":1,"ball":1,\
                "batter":"R Sharma","bowler":"D Chahar","runs":1,"batterRuns":0,\
                "extras":{"wides":1,"noballs":0,"byes":0,"legbyes":0,"penalty":0},\
                "wickets":[{"kind":"run out","player":"R Sharma"}],"outcome":"wicket","at":5000}\
                """);
    }

    /// Written as the contract says, and read back as it was.
    private static void check(Object message, String json) {
        assertThat(text(Json.write(message))).isEqualTo(json);
        Class<?> type = message instanceof Result ? Result.class : message.getClass();
        Object again = Json.read(json.getBytes(UTF_8), type);
        assertThat(again).isEqualTo(message);
    }

    private static String text(byte[] json) {
        return new String(json, UTF_8);
    }
}
