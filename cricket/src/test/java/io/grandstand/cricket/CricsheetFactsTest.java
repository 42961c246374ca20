package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grandstand.cricket.InningsCard.Batting;
import io.grandstand.cricket.InningsCard.Bowling;
import io.grandstand.cricket.InningsCard.Over;
import io.grandstand.events.Scoreboard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Counts every real match and compares with the figures that were counted of them independently.
class CricsheetFactsTest {
    private final Map<String, JsonNode> facts = new HashMap<>();

    @Test
    void everyRealMatchAddsUpToItsFacts() throws Exception {
        readFacts();
        var matches = RealData.matches();
        assertThat(matches).hasSize(62);
        for (Path file : matches) {
            var match = RealData.match(file);
            check(match, Objects.requireNonNull(facts.get(match.id())));
        }
    }

    @Test
    void everyScriptEndsOnTheTotalsOfTheFacts() throws Exception {
        readFacts();
        for (Path file : RealData.matches()) {
            var script = Cricsheet.read(file);
            var fact = Objects.requireNonNull(facts.get(script.id()));
            var bowled = script.steps().stream().filter(Step.Bowled.class::isInstance).count();
            assertThat(bowled).as(script.id()).isEqualTo(fact.get("balls").intValue());
            var last = ((Step.Board) script.steps().getLast()).board();
            assertThat(last.state()).isEqualTo(Scoreboard.State.FINISHED);
            assertThat(last.innings().stream().map(CricsheetFactsTest::total))
                    .as(script.id())
                    .isEqualTo(texts(fact.get("totals")));
        }
    }

    private void readFacts() throws Exception {
        var mapper = new ObjectMapper();
        for (String line : Files.readAllLines(RealData.file("cricket/facts.jsonl"))) {
            var fact = mapper.readTree(line);
            facts.put(fact.get("id").textValue(), fact);
        }
    }

    private static void check(Match match, JsonNode fact) {
        var state = new MatchState(match);
        assertThat(match.innings()).hasSize(fact.get("innings_count").intValue());
        int legal = 0;
        for (int i = 0; i < match.innings().size(); i++) {
            var innings = match.innings().get(i);
            state.inningsBegins(innings);
            innings.deliveries().forEach(delivery -> state.bowled(delivery, null));
            state.inningsEnds();
            check(match.id() + " innings " + (i + 1), state.card(), fact.get("innings").get(i));
            legal += state.card().legal;
        }
        assertThat(legal).as(match.id()).isEqualTo(fact.get("legal").intValue());
    }

    private static void check(String where, InningsCard card, JsonNode fact) {
        assertThat(card.innings.team()).as(where).isEqualTo(fact.get("team").textValue());
        assertThat(card.innings.superOver())
                .as(where)
                .isEqualTo(fact.get("super_over").booleanValue());
        assertThat(card.runs).as(where + " runs").isEqualTo(fact.get("runs").intValue());
        assertThat(card.wickets).as(where + " wickets").isEqualTo(fact.get("wickets").intValue());
        assertThat(card.balls).as(where + " balls").isEqualTo(fact.get("balls").intValue());
        assertThat(card.legal).as(where + " legal").isEqualTo(fact.get("legal").intValue());
        assertThat(card.overs).as(where + " overs").isEqualTo(overs(fact.get("overs")));
        assertThat(faced(card.batters)).as(where + " batters").isEqualTo(batters(fact));
        assertThat(card.bowlers).as(where + " bowlers").isEqualTo(bowlers(fact));
    }

    /// The facts list only those who faced a ball or were at the other end; compare who batted.
    private static Map<String, Batting> faced(Map<String, Batting> batters) {
        return batters.entrySet().stream()
                .filter(batter -> batter.getValue().balls() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Batting> batters(JsonNode fact) {
        var batters = new HashMap<String, Batting>();
        fact.get("batters")
                .properties()
                .forEach(batter -> {
                    var figures = batter.getValue();
                    if (figures.get("balls").intValue() > 0) {
                        batters.put(
                                batter.getKey(),
                                new Batting(
                                        figures.get("runs").intValue(),
                                        figures.get("balls").intValue(),
                                        figures.get("fours").intValue(),
                                        figures.get("sixes").intValue()));
                    }
                });
        return batters;
    }

    private static Map<String, Bowling> bowlers(JsonNode fact) {
        var bowlers = new HashMap<String, Bowling>();
        fact.get("bowlers")
                .properties()
                .forEach(bowler ->
                        bowlers.put(
                                bowler.getKey(),
                                new Bowling(
                                        bowler.getValue().get("balls").intValue(),
                                        bowler.getValue().get("runs").intValue(),
                                        bowler.getValue().get("wickets").intValue())));
        return bowlers;
    }

    private static List<Over> overs(JsonNode fact) {
        var overs = new ArrayList<Over>();
        for (JsonNode over : fact) {
            overs.add(
                    new Over(
                            over.get("over").intValue(),
                            over.get("balls").intValue(),
                            over.get("legal").intValue(),
                            over.get("runs").intValue(),
                            over.get("wickets").intValue()));
        }
        return overs;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static String total(Scoreboard.Innings innings) {
        return "%s %d/%d (%s)%s"
                .formatted(
                        innings.team(),
                        innings.runs(),
                        innings.wickets(),
                        innings.overs(),
                        innings.superOver() ? " SO" : "");
    }
}
