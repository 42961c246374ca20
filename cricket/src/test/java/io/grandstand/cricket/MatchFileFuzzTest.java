package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Breaks small files of both formats in one place after the other: each is played or refused with
/// its reason, and nothing else happens.
class MatchFileFuzzTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<String> WRONG =
            List.of(
                    "null",
                    "true",
                    "-1",
                    "0",
                    "7.5",
                    "1e300",
                    "99999999999",
                    "\"\"",
                    "\"x\"",
                    "\"-3\"",
                    "\"9.9.9\"",
                    "[]",
                    "{}",
                    "[1]",
                    "[{}]");

    private static final String CRICSHEET =
            """
            {"info": {"teams": ["Ash", "Zed"], "dates": ["2026-01-01"], "overs": 20,
              "balls_per_over": 6, "event": {"name": "Cup", "stage": "Final"},
              "outcome": {"result": "tie", "eliminator": "Ash", "method": "D/L"}},
             "innings": [
              {"team": "Ash", "penalty_runs": {"pre": 5}, "overs": [{"over": 0, "deliveries": [
               {"batter": "A", "non_striker": "B", "bowler": "Z",
                "runs": {"batter": 0, "extras": 1, "total": 1}, "extras": {"wides": 1},
                "wickets": [{"kind": "stumped", "player_out": "A"}]}]}]},
              {"team": "Zed", "target": {"overs": 5.3, "runs": 7}, "overs": [{"over": 0,
               "deliveries": [{"batter": "Y", "bowler": "C",
                "runs": {"batter": 4, "extras": 0, "total": 4, "non_boundary": true}}]}]},
              {"team": "Ash", "super_over": true, "overs": []},
              {"team": "Zed", "super_over": true, "overs": []}]}
            """;

    private static final List<String> FEED =
            List.of(
                    """
                    {"op":"ccm","pt":1000000,"cc":[{"fixtureInfo":{"fixtureStatus":"IN_RUNNING",\
                    "eventStatus":"MATCH_STABLE","eventDescription":"A v Z"},\
                    "homeTeam":{"name":"Ash","players":[{"name":"A"}]}}]}\
                    """,
                    """
                    {"op":"ccm","pt":1060000,"cc":[{"fixtureInfo":{"fixtureStatus":"IN_RUNNING",\
                    "eventStatus":"BALL_IN_PROGRESS"}}]}\
                    """,
                    """
                    {"op":"ccm","pt":1070000,"cc":[{"fixtureInfo":{"fixtureStatus":"IN_RUNNING",\
                    "eventStatus":"MATCH_STABLE"},"matchStats":{"currentInnings":1,"inningsStats":[\
                    {"battingTeam":"Ash","inningsRuns":4,"inningsWickets":0,"inningsOvers":"0.1"}],\
                    "battingTeamStats":{"bat1Name":"A","bat1Runs":4,"bat1Balls":1,"bat1Strike":1},\
                    "bowlingTeamStats":{"bowl1Name":"Z","bowl1Overs":"0.1","bowl1Runs":4,\
                    "bowl1Wickets":0}},"incidentListWrapper":{"incidentList":[{"overs":"0.1",\
                    "incidentType":"STRIKE","value":"4","actualTime":1060000,"innings":1,\
                    "participantRef":"A"}]}}]}\
                    """);

    @TempDir Path folder = Path.of("");

    @Test
    void aBrokenCricsheetFileIsPlayedOrRefused() throws Exception {
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            refused += isRefused("m.json", broken(CRICSHEET, random), "seed 1, round " + i) ? 1 : 0;
        }
        assertThat(refused).isBetween(300, 999);
    }

    @Test
    void aBrokenScoreFeedIsPlayedOrRefused() throws Exception {
        var random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            var lines = new ArrayList<>(FEED);
            int line = random.nextInt(lines.size());
            lines.set(line, broken(lines.get(line), random));
            refused +=
                    isRefused("m.ccm.jsonl", String.join("\n", lines), "seed 2, round " + i)
                            ? 1
                            : 0;
        }
        assertThat(refused).isBetween(300, 999);
    }

    @Test
    void theUnbrokenFilesAreMatches() throws Exception {
        assertThat(isRefused("m.json", CRICSHEET, "unbroken")).isFalse();
        assertThat(isRefused("m.ccm.jsonl", String.join("\n", FEED), "unbroken")).isFalse();
    }

    private boolean isRefused(String name, String content, String where) throws Exception {
        var file = Files.writeString(folder.resolve(name), content);
        try {
            var script = MatchFile.read(file);
            var feed = new FakeFeed(script.id());
            new Conductor(script, feed, Pacing.DEFAULT, feed, feed).run();
            return false;
        } catch (MatchFileException expected) {
            assertThat(expected).as(where).hasMessageStartingWith(name + ": ");
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError(where + ": " + content, e);
        }
    }

    /// The document with another value in a random place.
    private static String broken(String json, Random random) throws Exception {
        var root = MAPPER.readTree(json);
        var containers = new ArrayList<JsonNode>();
        collect(root, containers);
        var wrong = MAPPER.readTree(WRONG.get(random.nextInt(WRONG.size())));
        switch (containers.get(random.nextInt(containers.size()))) {
            case ObjectNode object when !object.isEmpty() -> {
                var names = new ArrayList<String>();
                object.fieldNames().forEachRemaining(names::add);
                object.set(names.get(random.nextInt(names.size())), wrong);
            }
            case ArrayNode array when !array.isEmpty() ->
                    array.set(random.nextInt(array.size()), wrong);
            default -> {}
        }
        return MAPPER.writeValueAsString(root);
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
        }
        node.forEach(child -> collect(child, containers));
    }
}
