package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.Ball;
import io.grandstand.events.Scoreboard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CricsheetTest {
    private static final String DELIVERY =
            """
            {"batter": "A Amber", "non_striker": "B Birch", "bowler": "Z Zinc", \
            "runs": {"batter": 1, "extras": 0, "total": 1}}\
            """;

    private static final String MATCH =
            """
            {"info": {"teams": ["Ash", "Zed"], "dates": ["2026-01-01"], "overs": 20,
                      "outcome": {"winner": "Ash", "by": {"runs": 1}}},
             "innings": [{"team": "Ash", "overs": [{"over": 0, "deliveries": [DELIVERY]}]}]}
            """
                    .replace("DELIVERY", DELIVERY);

    @TempDir Path folder = Path.of("");

    @Test
    void aSmallMatchIsRead() throws Exception {
        var script = read(MATCH);

        assertThat(script.id()).isEqualTo("my-match");
        assertThat(script.title()).isEqualTo("Ash v Zed, 2026-01-01");
        assertThat(script.teams()).containsExactly("Ash", "Zed");
        assertThat(script.steps().stream().map(step -> step.getClass().getSimpleName()))
                .containsExactly("Board", "Board", "Ask", "QuietEnds", "Bowled", "Board");
        var ball = ((Step.Bowled) script.steps().get(4)).ball();
        assertThat(ball)
                .isEqualTo(
                        new Ball(
                                "my-match",
                                1,
                                1,
                                1,
                                false,
                                0,
                                1,
                                "A Amber",
                                "B Birch",
                                "Z Zinc",
                                1,
                                1,
                                Ball.Extras.NONE,
                                List.of(),
                                "one",
                                0));
        assertThat(((Step.Ask) script.steps().get(2)).prompt())
                .isEqualTo("What will the next ball bring? Z Zinc to A Amber.");
    }

    @Test
    void theSameFileIsPacedTheSameEachTime() throws Exception {
        assertThat(read(MATCH)).isEqualTo(read(MATCH));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"info\"         | \"inf\"            | [info] is missing",
                "\"teams\"        | \"side\"           | [info.teams] is missing",
                "\"outcome\"      | \"end\"            | [info.outcome] is missing",
                "\"innings\"      | \"inning\"         | [innings] is missing",
                "\"overs\": [     | \"ovrs\": [        | [innings[0].overs] is missing",
                "\"over\": 0      | \"over\": \"x\"    | [innings[0].overs[0].over] is \"x\": must"
                        + " be a whole number of 0 to 10000",
                "\"bowler\"       | \"bowled\"         | [innings[0].overs[0].deliveries[0].bowler]"
                        + " is missing",
                "\"total\": 1     | \"total\": 7       |"
                        + " [innings[0].overs[0].deliveries[0].runs.total] is 7: must be the sum of"
                        + " batter and extras, 1",
                "\"batter\": 1    | \"batter\": 1.5    |"
                        + " [innings[0].overs[0].deliveries[0].runs.batter] is 1.5: must be a whole"
                        + " number of 0 to 100",
                "\"A Amber\"      | 7                  |"
                        + " [innings[0].overs[0].deliveries[0].batter] is 7: must be text",
            })
    void aBrokenFileIsRefusedWithFilePlaceAndReason(String right, String wrong, String message) {
        assertThatThrownBy(() -> read(MATCH.replace(right, wrong)))
                .isInstanceOf(MatchFileException.class)
                .hasMessage("my match.json: " + message);
    }

    @Test
    void whatIsNotJsonIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("{\"info\":\n  ]"))
                .isInstanceOf(MatchFileException.class)
                .hasMessageStartingWith("my match.json: [line 2, column 3] is not JSON");
    }

    @Test
    void aMatchWithoutADeliveryIsRefused() {
        assertThatThrownBy(() -> read(MATCH.replace(DELIVERY, "")))
                .isInstanceOf(MatchFileException.class)
                .hasMessageContaining("there is nothing to play");
    }

    @Test
    void aMissingFileIsRefused() {
        assertThatThrownBy(() -> Cricsheet.read(folder.resolve("none.json")))
                .isInstanceOf(MatchFileException.class)
                .hasMessage("none.json: does not exist");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ipl/335982  | Kolkata Knight Riders won by 140 runs",
                "ipl/1181768 | Mumbai Indians won by 1 run",
                "ipl/1370353 | Chennai Super Kings won by 5 wickets (D/L)",
                "ipl/392190  | Match tied, Rajasthan Royals won the super over",
                "ipl/1216517 | Match tied, Kings XI Punjab won the super over",
                "ipl/501265  | No result",
                "t20i/287862 | Match tied, India won the bowl-out",
                "t20i/1273144 | Match awarded to Ghana",
                "t20i/1322277 | Match tied (D/L)",
                "odi/433568  | Match tied",
            })
    void theResultIsToldInASentence(String match, String result) throws Exception {
        var last = (Step.Board) real(match).steps().getLast();
        assertThat(last.board().note()).isEqualTo(result);
    }

    @Test
    void twoSuperOversAreFourMoreInningsAndTheSecondSideOfEachChases() throws Exception {
        var board = ((Step.Board) real("ipl/1216517").steps().getLast()).board();

        assertThat(board.innings().stream().map(Scoreboard.Innings::superOver))
                .containsExactly(false, false, true, true, true, true);
        assertThat(
                        board.innings().stream()
                                .map(innings -> Objects.requireNonNullElse(innings.target(), 0)))
                .containsExactly(0, 177, 0, 6, 0, 12);
    }

    @Test
    void aMatchWithoutResultAsksForTheBallThatNeverCameAndWithdrawsIt() throws Exception {
        var steps = real("t20i/566927").steps();

        assertThat(steps.stream().filter(Step.Bowled.class::isInstance)).hasSize(2);
        assertThat(steps.get(steps.size() - 3)).isInstanceOf(Step.Ask.class);
        assertThat(steps.get(steps.size() - 2))
                .isEqualTo(new Step.Withdrawn(30_000, 3, "The match was abandoned"));
    }

    @Test
    void penaltyRunsOutsideBallsStandOnTheBoardBeforeTheFirstBall() throws Exception {
        var steps = real("t20i/1150537").steps();
        var india =
                steps.stream()
                        .filter(Step.Board.class::isInstance)
                        .map(step -> ((Step.Board) step).board())
                        .filter(board ->
                                board.state() == Scoreboard.State.LIVE
                                        && board.innings().size() == 2)
                        .findFirst()
                        .orElseThrow();

        assertThat(india.innings().getLast().runs()).isEqualTo(10);
        assertThat(india.note()).isEqualTo("India need 124 runs from 120 balls");
    }

    @Test
    void everyBallOfEveryMatchIsAskedForOnceBeforeItIsBowled() throws Exception {
        for (Path file : RealData.matches()) {
            var steps = Cricsheet.read(file).steps();
            int asked = 0;
            int bowled = 0;
            for (Step step : steps) {
                switch (step) {
                    case Step.Ask ask -> {
                        assertThat(ask.question()).isEqualTo(++asked);
                        assertThat(bowled).isEqualTo(asked - 1);
                    }
                    case Step.QuietEnds quiet -> assertThat(quiet.question()).isEqualTo(asked);
                    case Step.Bowled ball -> {
                        assertThat(ball.question()).isEqualTo(++bowled);
                        assertThat(ball.ball().seq()).isEqualTo(bowled);
                    }
                    case Step.Withdrawn withdrawn ->
                            assertThat(withdrawn.question()).isEqualTo(asked);
                    case Step.Board _ -> assertThat(asked - bowled).isIn(0, 1);
                }
            }
        }
    }

    @Test
    void anOverOfSevenNumbersItsBallsFromOneToSeven() throws Exception {
        var balls = new ArrayList<Integer>();
        for (Step step : real("ipl/335982").steps()) {
            if (step instanceof Step.Bowled bowled
                    && bowled.ball().innings() == 1
                    && bowled.ball().over() == 0) {
                balls.add(bowled.ball().ball());
            }
        }
        assertThat(balls).containsExactly(1, 2, 3, 4, 5, 6, 7);
    }

    private MatchScript read(String json) throws IOException, MatchFileException {
        return Cricsheet.read(Files.writeString(folder.resolve("my match.json"), json));
    }

    private static MatchScript real(String match) throws MatchFileException {
        return Cricsheet.read(RealData.file("cricket/matches/" + match + ".json"));
    }
}
