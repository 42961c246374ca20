package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grandstand.events.Ball;
import io.grandstand.events.Scoreboard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedFeedTest {
    @TempDir Path folder = Path.of("");

    @Test
    void aBallIsAskedForInQuietPlayLockedWhenItIsBowledAndSettledWhenItIsKnown() throws Exception {
        var script =
                read(
                        message(0, "MATCH_STABLE", ""),
                        message(60, "BALL_IN_PROGRESS", ""),
                        message(68, "MATCH_STABLE", incident("0.1", "STRIKE", 4, 60)),
                        message(90, "BALL_IN_PROGRESS", ""),
                        message(99, "MATCH_STABLE", incident("0.2", "OUT", 0, 90)),
                        finished(120));

        assertThat(told(script))
                .containsExactly(
                        "0 scheduled",
                        "3 live",
                        "3 ask 1",
                        "33 quiet ends 1",
                        "41 1: ball 1.1 four",
                        "41 ask 2",
                        "63 quiet ends 2",
                        "72 2: ball 2.1 wicket",
                        "72 ask 3",
                        "93 quiet ends 3",
                        "93 withdrawn 3",
                        "93 finished");
    }

    @Test
    void aQuestionLocksWhenTheFeedLosesSightOfPlay() throws Exception {
        var script =
                read(
                        message(0, "MATCH_STABLE", ""),
                        message(60, "BALL_IN_PROGRESS", ""),
                        message(68, "MATCH_STABLE", incident("0.1", "STRIKE", 4, 60)),
                        message(75, "DATA_ASSEMBLY_ISSUE", ""),
                        message(
                                99,
                                "MATCH_STABLE",
                                incident("0.3", "STRIKE", 2, 99),
                                incident("0.2", "STRIKE", 1, 99),
                                incident("0.1", "STRIKE", 4, 99)),
                        message(110, "BALL_IN_PROGRESS", ""));

        assertThat(told(script))
                .contains(
                        "41 ask 2",
                        "48 quiet ends 2",
                        "72 2: ball 2.1 one",
                        "72 0: ball 3.1 two",
                        "72 ask 3");
    }

    @Test
    void aBallThatIsReportedBeforePlayIsSeenToMoveSettlesTheOpenQuestion() throws Exception {
        var script =
                read(
                        message(0, "MATCH_STABLE", ""),
                        message(60, "BALL_IN_PROGRESS", ""),
                        message(68, "MATCH_STABLE", incident("0.1", "STRIKE", 4, 60)),
                        message(
                                71,
                                "MATCH_STABLE",
                                incident("0.2", "STRIKE", 1, 71),
                                incident("0.1", "STRIKE", 4, 60)));

        assertThat(told(script)).containsSubsequence("41 ask 2", "44 2: ball 2.1 one");
    }

    @Test
    void aCorrectionIsAnotherVersionOfTheBall() throws Exception {
        var script =
                read(
                        message(0, "MATCH_STABLE", ""),
                        message(60, "BALL_IN_PROGRESS", ""),
                        message(68, "MATCH_STABLE", incident("0.1", "STRIKE", 6, 60)),
                        message(80, "MATCH_STABLE", incident("0.1", "OUT", 0, 60)),
                        message(90, "BALL_IN_PROGRESS", incident("0.1", "OUT", 0, 60)));

        assertThat(told(script)).contains("41 1: ball 1.1 six", "53 1: ball 1.2 wicket");
    }

    @Test
    void aMessageOfAnotherMatchIsNotBelieved() throws Exception {
        var foreign =
                message(70, "MATCH_STABLE", incident("13.3", "STRIKE", 0, 70))
                        .replace("Ref\":\"A Amber", "Ref\":\"Somebody Else");
        var reading =
                reading(
                        message(0, "MATCH_STABLE", ""),
                        message(60, "BALL_IN_PROGRESS", ""),
                        message(68, "MATCH_STABLE", incident("0.1", "STRIKE", 6, 60)),
                        foreign,
                        message(90, "BALL_IN_PROGRESS", incident("0.1", "STRIKE", 6, 60)));

        assertThat(reading.rejected()).isEqualTo(1);
        assertThat(balls(reading.script())).hasSize(1);
    }

    @Test
    void aBrokenLineIsRefusedWithFileLineAndReason() {
        assertThatThrownBy(() -> read(message(0, "MATCH_STABLE", ""), "{\"op\":"))
                .isInstanceOf(MatchFileException.class)
                .hasMessageStartingWith("feed.ccm.jsonl: [line 2] is not JSON");
        assertThatThrownBy(() -> read("{\"op\":\"mcm\",\"pt\":1}"))
                .hasMessage("feed.ccm.jsonl: [line 1.op] is 'mcm': must be ccm");
        assertThatThrownBy(() -> read("{\"op\":\"ccm\"}"))
                .hasMessage("feed.ccm.jsonl: [line 1.pt] is missing");
        assertThatThrownBy(() -> read(message(0, "MATCH_STABLE", "")))
                .hasMessage("feed.ccm.jsonl: has no ball: there is nothing to play");
    }

    /// Of 252 times, 239 stand alone in every message, so their incident can be followed from its
    /// first publication to its last: 25 of them changed type or value. The other 13 are stamped on
    /// several incidents at once: twelve after an outage, one on a run-out and its run.
    @Test
    void twentyFiveOfTheIncidentsThatCanBeFollowedChangedAfterTheirFirstPublication()
            throws Exception {
        var tellings = tellings();

        assertThat(tellings.values().stream().mapToInt(List::size).sum()).isEqualTo(2_425);
        assertThat(tellings).hasSize(252);
        var alone = alone(tellings);
        assertThat(alone).hasSize(239);
        assertThat(alone.values().stream().filter(RecordedFeedTest::hasChanged)).hasSize(25);
    }

    /// The script corrects 33 deliveries: the 25 of the test above, and eight that only laying the
    /// lists along each other can show, because the feed stamped them anew or took one back.
    @Test
    void allTwentyFiveCorrectionsAreInTheScript() throws Exception {
        var script = RecordedFeed.read(RealData.scoreFeed());
        var corrections = balls(script).stream().filter(ball -> ball.version() > 1).toList();
        var corrected = new TreeMap<Integer, Ball>();
        corrections.forEach(ball -> corrected.put(ball.seq(), ball));
        assertThat(corrected).hasSize(33);
        for (var changed : alone(tellings()).values()) {
            if (hasChanged(changed)) {
                var last = changed.getLast();
                var found =
                        corrections.stream()
                                .filter(ball -> corrected.containsKey(ball.seq()))
                                .filter(ball -> isTold(ball, last))
                                .findFirst()
                                .orElseThrow(() -> new AssertionError("not corrected: " + last));
                corrected.remove(found.seq());
            }
        }
        assertThat(
                        corrected.values().stream()
                                .map(ball ->
                                        "innings %d over %d: %s"
                                                .formatted(
                                                        ball.innings(),
                                                        ball.over(),
                                                        ball.outcome())))
                .containsExactly(
                        // Moved to another ball number, with a new time.
                        "innings 1 over 3: dot",
                        // Two runs became one and a run-out, told as two incidents.
                        "innings 1 over 10: wicket",
                        // A wicket that belonged to the ball before; the next ball took its place.
                        "innings 1 over 18: one",
                        // Corrected in the lists after an outage, two of them there and back.
                        "innings 2 over 4: dot",
                        "innings 2 over 12: dot",
                        "innings 2 over 14: two",
                        "innings 2 over 14: dot",
                        "innings 2 over 14: two");
    }

    @Test
    void onlyTheBurstOfAnotherMatchIsRejected() throws Exception {
        var reading = RecordedFeed.reading(RealData.scoreFeed());

        assertThat(reading.rejected()).isEqualTo(1);
        assertThat(reading.script().steps().toString()).doesNotContain("Sune Luus");
    }

    @Test
    void theRecordedMatchEndsAsTheFeedSays() throws Exception {
        var script = RecordedFeed.read(RealData.scoreFeed());
        var last = ((Step.Board) script.steps().getLast()).board();

        assertThat(script.id()).isEqualTo("cricket-ned-png-score");
        assertThat(script.title())
                .isEqualTo("Netherlands v Papua New Guinea, 3rd T20 from Queens Sports Club");
        assertThat(script.teams()).containsExactly("Netherlands", "Papua New Guinea");
        assertThat(last.state()).isEqualTo(Scoreboard.State.FINISHED);
        assertThat(last.note()).isEqualTo("Netherlands won by 52 runs");
        assertThat(last.innings())
                .containsExactly(
                        new Scoreboard.Innings("Netherlands", false, 163, 7, "20.0", null),
                        new Scoreboard.Innings("Papua New Guinea", false, 111, 10, "19.4", 164));
    }

    /// 226 of the 249 deliveries of the scorecard could be matched to the feed by hand; the script
    /// tells all of these, in their order. One of them it then corrects to what the scorecard says.
    @Test
    void theScriptTellsTheDeliveriesOfTheScorecard() throws Exception {
        var versions = new TreeMap<Integer, List<Ball>>();
        for (Ball ball : balls(RecordedFeed.read(RealData.scoreFeed()))) {
            versions.computeIfAbsent(ball.seq(), _ -> new ArrayList<>()).add(ball);
        }
        var told = List.copyOf(versions.values());
        var lines = Files.readAllLines(RealData.file("betting/cricket-ned-png-ball-times.csv"));
        int next = 0;
        int matched = 0;
        var missing = new ArrayList<String>();
        for (String line : lines.subList(1, lines.size())) {
            String[] row = line.split(",", -1);
            if (row[9].isEmpty()) {
                continue;
            }
            matched++;
            int i = next;
            while (i < told.size() && told.get(i).stream().noneMatch(ball -> isTold(ball, row))) {
                i++;
            }
            if (i < told.size()) {
                next = i + 1;
            } else {
                missing.add("innings %s ball %s %s %s".formatted(row[0], row[3], row[9], row[10]));
            }
        }
        assertThat(matched).isEqualTo(226);
        assertThat(missing).isEmpty();
        assertThat(told).hasSizeBetween(239, 249);
    }

    @Test
    void oneQuestionIsOutAtATimeAndEveryOneIsSettledOrWithdrawn() throws Exception {
        int out = 0;
        var settled = new HashSet<Integer>();
        int asked = 0;
        for (Step step : RecordedFeed.read(RealData.scoreFeed()).steps()) {
            switch (step) {
                case Step.Ask ask -> {
                    assertThat(out).isZero();
                    asked++;
                    assertThat(ask.question()).isEqualTo(asked);
                    out = asked;
                }
                case Step.QuietEnds quiet -> assertThat(quiet.question()).isEqualTo(out);
                case Step.Bowled bowled -> {
                    if (bowled.question() > 0 && bowled.ball().version() == 1) {
                        assertThat(bowled.question()).isEqualTo(out);
                        assertThat(settled.add(out)).isTrue();
                        out = 0;
                    }
                }
                case Step.Withdrawn withdrawn -> out = withdrawn.question() == out ? 0 : out;
                case Step.Board _ -> {}
            }
        }
        assertThat(out).isZero();
        assertThat(asked).isBetween(225, 249);
    }

    private MatchScript read(String... lines) throws IOException, MatchFileException {
        return reading(lines).script();
    }

    private RecordedFeed.Reading reading(String... lines) throws IOException, MatchFileException {
        return RecordedFeed.reading(Files.write(folder.resolve("feed.ccm.jsonl"), List.of(lines)));
    }

    /// A message this many seconds into the recording; incidents newest first.
    private static String message(int second, String phase, String... incidents) {
        String list =
                incidents[0].isEmpty()
                        ? ""
                        : ",\"incidentListWrapper\":{\"incidentList\":[%s]}"
                                .formatted(String.join(",", incidents));
        return """
        {"op":"ccm","pt":%d000,"cc":[{"fixtureInfo":{"fixtureStatus":"IN_RUNNING","eventStatus":"%s"},\
        "homeTeam":{"name":"Ash","players":[{"name":"A Amber"}]},\
        "awayTeam":{"name":"Zed","players":[{"name":"Z Zinc"}]}%s}]}\
        """
                .formatted(1_000 + second, phase, list);
    }

    private static String finished(int second) {
        return message(second, "MATCH_COMPLETE", "").replace("IN_RUNNING", "FINISHED");
    }

    private static String incident(String overs, String type, int value, int second) {
        return """
        {"overs":"%s","incidentType":"%s","value":"%d","actualTime":%d000,"participantRef":"A Amber"}\
        """
                .formatted(overs, type, value, 1_000 + second);
    }

    /// The script with seconds since its start; a ball as `question: ball seq.version option`.
    private static List<String> told(MatchScript script) {
        var told = new ArrayList<String>();
        long ms = 0;
        for (Step step : script.steps()) {
            ms += step.gapMs();
            told.add(
                    ms / 1000
                            + " "
                            + switch (step) {
                                case Step.Board board ->
                                        switch (board.board().state()) {
                                            case SCHEDULED -> "scheduled";
                                            case LIVE -> "live";
                                            case BREAK -> "break";
                                            case FINISHED -> "finished";
                                        };
                                case Step.Ask ask -> "ask " + ask.question();
                                case Step.QuietEnds quiet -> "quiet ends " + quiet.question();
                                case Step.Bowled(_, int question, Ball ball, _) ->
                                        "%d: ball %d.%d %s"
                                                .formatted(
                                                        question,
                                                        ball.seq(),
                                                        ball.version(),
                                                        ball.outcome());
                                case Step.Withdrawn withdrawn ->
                                        "withdrawn " + withdrawn.question();
                            });
        }
        return told;
    }

    private static List<Ball> balls(MatchScript script) {
        var balls = new ArrayList<Ball>();
        for (Step step : script.steps()) {
            if (step instanceof Step.Bowled bowled) {
                balls.add(bowled.ball());
            }
        }
        return balls;
    }

    /// One telling of an incident, as it stands in the file.
    private record Telling(int innings, String overs, String type, String value) {}

    /// By time, all tellings of incidents of that time; read without any of the reader's code.
    private static Map<Long, List<Telling>> tellings() throws IOException {
        var mapper = new ObjectMapper();
        var tellings = new TreeMap<Long, List<Telling>>();
        int innings = 1;
        for (String line : Files.readAllLines(RealData.scoreFeed())) {
            for (JsonNode change : mapper.readTree(line).get("cc")) {
                for (JsonNode incident : change.path("incidentListWrapper").path("incidentList")) {
                    innings = incident.path("innings").asInt(innings);
                    tellings.computeIfAbsent(
                                    incident.get("actualTime").longValue(), _ -> new ArrayList<>())
                            .add(
                                    new Telling(
                                            innings,
                                            incident.get("overs").textValue(),
                                            incident.get("incidentType").textValue(),
                                            incident.path("value").asText("0")));
                }
            }
        }
        return tellings;
    }

    /// Those whose time is of one ball alone, in whichever message.
    private static Map<Long, List<Telling>> alone(Map<Long, List<Telling>> tellings)
            throws IOException {
        var shared = new HashSet<Long>();
        var mapper = new ObjectMapper();
        for (String line : Files.readAllLines(RealData.scoreFeed())) {
            for (JsonNode change : mapper.readTree(line).get("cc")) {
                var times = new HashSet<Long>();
                for (JsonNode incident : change.path("incidentListWrapper").path("incidentList")) {
                    long time = incident.get("actualTime").longValue();
                    if (!times.add(time)) {
                        shared.add(time);
                    }
                }
            }
        }
        var alone = new HashMap<>(tellings);
        alone.keySet().removeAll(shared);
        return alone;
    }

    private static boolean hasChanged(List<Telling> tellings) {
        return Set.copyOf(tellings.stream().map(t -> t.type() + t.value()).toList()).size() > 1;
    }

    private static boolean isTold(Ball ball, Telling telling) {
        return ball.innings() == telling.innings()
                && telling.overs().startsWith(ball.over() + ".")
                && isTold(ball, telling.type(), telling.value());
    }

    private static boolean isTold(Ball ball, String[] row) {
        return ball.innings() == Integer.parseInt(row[0])
                && ball.over() == Integer.parseInt(row[1])
                && isTold(ball, row[9], row[10]);
    }

    private static boolean isTold(Ball ball, String type, String value) {
        var extras = ball.extras();
        return switch (type) {
            case "OUT" -> ball.outcome().equals("wicket");
            case "WIDE" -> extras.wides() > 0;
            case "LEG_BYE" -> String.valueOf(extras.legbyes()).equals(value);
            case "BYE" -> String.valueOf(extras.byes()).equals(value);
            case "STRIKE" ->
                    ball.extras().equals(Ball.Extras.NONE)
                            && ball.wickets().isEmpty()
                            && String.valueOf(ball.batterRuns()).equals(value);
            default -> throw new AssertionError(Objects.toString(type));
        };
    }
}
