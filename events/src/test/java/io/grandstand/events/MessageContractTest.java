package io.grandstand.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
                        "\"draft\"",
                        "\"scheduled\"",
                        "\"open\"",
                        "\"locked\"",
                        "\"resolved\"",
                        "\"corrected\"",
                        "\"void\"");
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
    void aQuestionWithTermsSaysThem() {
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
                        null,
                        7000L,
                        61_000L,
                        new Terms(
                                "s1",
                                Terms.Answers.LAST,
                                new Terms.Speed(2, 800),
                                new Terms.Streak(2, 10),
                                new Terms.Delays(Terms.Policy.LOCK, 5000))),
                """
                {"id":"m.1","match":"m","version":1,"state":"open","prompt":"What?",\
                "options":[{"id":"dot","label":"Dot ball"},{"id":"six","label":"6 runs"}],\
                "points":10,"opensAt":1000,"locksAt":2000,"endsAt":7000,"cueAt":61000,\
                "terms":{"season":"s1","answers":"last","speed":{"floor":2,"overMs":800},\
                "streak":{"bonus":2,"max":10},"delays":{"policy":"lock","capMs":5000}}}\
                """);
    }

    @Test
    void anAnswerMayTellHowLateItsStreamIs() {
        check(
                new Answer("m", "m.1", "six", 4200L),
                "{\"match\":\"m\",\"question\":\"m.1\",\"option\":\"six\",\"delayMs\":4200}");
    }

    @Test
    void aScoreWithAStreakBonusSaysItAndHowOftenItCame() {
        check(
                new Result.Score("m", "m.1", 3, true, "six", 14, 4, 124, 4, 5),
                """
                {"kind":"score","match":"m","question":"m.1","version":3,"correct":true,\
                "answer":"six","points":14,"delta":4,"total":124,"bonus":4,"entry":5}\
                """);
    }

    @Test
    void anEntryOfPointsSaysWhenItsQuestionOpenedAndItsSeason() {
        check(
                new Points("m", "m.1", 3, 10, 1000, "s1"),
                """
                {"board":"m","question":"m.1","version":3,"delta":10,"at":1000,"season":"s1"}\
                """);
        check(
                new Points("m", "m.1", 3, 10, 1000, null),
                "{\"board\":\"m\",\"question\":\"m.1\",\"version\":3,\"delta\":10,\"at\":1000}");
    }

    @Test
    void votesCountAnswersByOption() {
        check(
                new Votes("m", "m.1", 5000, 3, Map.of("six", 3L)),
                """
                {"match":"m","question":"m.1","asOf":5000,"total":3,"counts":{"six":3}}\
                """);
    }

    @Test
    void aPlayersStatsAreOverallAndByMatch() {
        var figures = Stats.Figures.of(26, 3, 2, 1, 2, 9_100);
        check(
                new Stats("asha", 5000, figures, List.of(new Stats.OfMatch("m", figures))),
                """
                {"player":"asha","asOf":5000,"overall":{"points":26,"answered":3,"correct":2,\
                "accuracy":0.667,"streak":1,"longestStreak":2,"answerMs":3033},"matches":[\
                {"match":"m","figures":{"points":26,"answered":3,"correct":2,"accuracy":0.667,\
                "streak":1,"longestStreak":2,"answerMs":3033}}]}\
                """);
    }

    @Test
    void aMediaClockTellsWhereTheStreamStood() {
        check(new MediaClock("m", 60_000, 5000), "{\"match\":\"m\",\"mediaMs\":60000,\"at\":5000}");
    }

    @Test
    void answerTimesAreCountedByDelayClass() {
        var figures =
                new AnswerTimes.Figures(
                        1, List.of(2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
        check(
                new AnswerTimes("m", 5000, Map.of(AnswerTimes.DelayClass.TO_5_S, figures)),
                """
                {"match":"m","asOf":5000,"classes":{"to-5s":{"late":1,\
                "accepted":[2,0,0,0,0,0,0,0,0,0,0,0,0]}}}\
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

    @Test
    void pointsCarryWhenTheirQuestionOpenedAndItsSeason() {
        check(
                new Points("m", "m.1", 3, 10, 1000, null),
                "{\"board\":\"m\",\"question\":\"m.1\",\"version\":3,\"delta\":10,\"at\":1000}");
        check(
                new Points("m", "m.1", 4, -10, 1000, "s1"),
                """
                {"board":"m","question":"m.1","version":4,"delta":-10,"at":1000,"season":"s1"}\
                """);
    }

    @Test
    void aTopRequestMaySayWhichRows() {
        check(
                new TopRequest("all", TopRequest.Kind.AROUND, "r1", 3, null, null, null, null),
                "{\"board\":\"all\",\"kind\":\"around\",\"request\":\"r1\",\"k\":3}");
        check(
                new TopRequest("all", TopRequest.Kind.PAGE, null, null, 40L, 20, null, null),
                "{\"board\":\"all\",\"kind\":\"page\",\"offset\":40,\"size\":20}");
        check(
                new TopRequest(
                        "all",
                        TopRequest.Kind.FRIENDS,
                        null,
                        null,
                        null,
                        null,
                        List.of("a", "b"),
                        null),
                "{\"board\":\"all\",\"kind\":\"friends\",\"players\":[\"a\",\"b\"]}");
        check(
                new TopRequest("all", TopRequest.Kind.LEAGUE, null, null, null, null, null, "l1"),
                "{\"board\":\"all\",\"kind\":\"league\",\"league\":\"l1\"}");
        check(
                new TopRequest("m", TopRequest.Kind.HISTORY, "r1", null, null, null, null, null),
                "{\"board\":\"m\",\"kind\":\"history\",\"request\":\"r1\"}");
    }

    @Test
    void aTopOfTheHistoryTellsTheOwnRanksUntilNow() {
        var request =
                new TopRequest("m", TopRequest.Kind.HISTORY, "r1", null, null, null, null, null);
        check(
                Top.history(
                        request,
                        new Top.Me(2L, 10),
                        3,
                        List.of(new RankAt(1000, 1, 0, 1), new RankAt(2000, 2, 10, 3))),
                """
                {"board":"m","me":{"rank":2,"score":10},"players":3,"top":[],\
                "kind":"history","request":"r1",\
                "history":[{"at":1000,"rank":1,"score":0,"players":1},\
                {"at":2000,"rank":2,"score":10,"players":3}]}\
                """);
        check(
                Top.history(request, Top.Me.NOBODY, 0, List.of()),
                """
                {"board":"m","me":{"rank":null,"score":0},"players":0,"top":[],\
                "kind":"history","request":"r1","history":[]}\
                """);
    }

    @Test
    void aTopOfOtherRowsSaysWhichAndWhatRefusedIt() {
        check(
                new Top(
                        "all",
                        new Top.Me(2L, 10),
                        2,
                        List.of(new BoardRow(1, "a", "Asha", 20, "IN", 7L)),
                        TopRequest.Kind.FRIENDS,
                        "r1",
                        null,
                        null,
                        null),
                """
                {"board":"all","me":{"rank":2,"score":10},"players":2,\
                "top":[{"rank":1,"player":"a","name":"Asha","score":20,"country":"IN",\
                "boardRank":7}],"kind":"friends","request":"r1"}\
                """);
        check(
                Top.refused("all", null, null, new Top.Refusal(Top.Code.RATE, "Too often.", 1000L)),
                """
                {"board":"all","me":{"rank":null,"score":0},"players":0,"top":[],\
                "refused":{"code":"rate","sentence":"Too often.","retryAfterMs":1000}}\
                """);
    }

    @Test
    void aProfileMayTellTheCountry() {
        check(new PlayerProfile("a", "Asha"), "{\"player\":\"a\",\"name\":\"Asha\"}");
        check(
                new PlayerProfile("a", "Asha", "IN"),
                "{\"player\":\"a\",\"name\":\"Asha\",\"country\":\"IN\"}");
    }

    @Test
    void whatOperatorsSayOfPlayersLeaguesAndSeasons() {
        check(
                new PlayerStatus("a", PlayerStatus.Status.BANNED),
                "{\"player\":\"a\",\"status\":\"banned\"}");
        check(new League("l1", List.of("a", "b")), "{\"league\":\"l1\",\"members\":[\"a\",\"b\"]}");
        check(
                new SeasonCommand(SeasonCommand.Kind.CLOSE, "s1", 1000),
                "{\"kind\":\"close\",\"season\":\"s1\",\"at\":1000}");
    }

    @Test
    void aFinalTableComesInRowsAndASeal() {
        check(
                new SeasonFinal.Rows("s1", 0, List.of(new SeasonFinal.Row(1, 20, "a"))),
                """
                {"kind":"rows","season":"s1","chunk":0,"rows":[{"rank":1,"score":20,"player":"a"}]}\
                """);
        check(
                new SeasonFinal.Seal("s1", 1000, 1, 1, "00ff"),
                """
                {"kind":"seal","season":"s1","closedAt":1000,"chunks":1,"players":1,\
                "sha256":"00ff"}\
                """);
        assertThat(new SeasonFinal.Row(1, 20, "a").line()).isEqualTo("1\t20\ta\n");
    }

    /// Written as the contract says, and read back as it was.
    private static void check(Object message, String json) {
        assertThat(text(Json.write(message))).isEqualTo(json);
        Class<?> type =
                switch (message) {
                    case Result _ -> Result.class;
                    case SeasonFinal _ -> SeasonFinal.class;
                    default -> message.getClass();
                };
        Object again = Json.read(json.getBytes(UTF_8), type);
        assertThat(again).isEqualTo(message);
    }

    private static String text(byte[] json) {
        return new String(json, UTF_8);
    }
}
