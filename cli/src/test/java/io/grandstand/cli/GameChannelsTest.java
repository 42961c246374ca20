package io.grandstand.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.gateway.Namespace;
import io.grandstand.leaderboard.LeaderboardTopology;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may do what with each topic of the game. A new topic fails here until somebody says.
class GameChannelsTest {
    private static final Map<String, String> SAID =
            Map.ofEntries(
                    Map.entry("question", "read by anybody"),
                    Map.entry("scoreboard", "read by anybody"),
                    Map.entry("leaderboard", "read by anybody"),
                    Map.entry("ball", "read by anybody"),
                    Map.entry("votes", "read by anybody"),
                    Map.entry("media-clock", "read by anybody"),
                    Map.entry("result", "read by its player"),
                    Map.entry("top", "read by its player"),
                    Map.entry("stats", "read by its player"),
                    Map.entry("answer", "written by its player"),
                    Map.entry("gettop", "written by anybody"),
                    Map.entry("question-command", "private"),
                    Map.entry("ruling", "private"),
                    Map.entry("points", "private"),
                    Map.entry("player", "private"),
                    Map.entry("player-status", "private"),
                    Map.entry("league", "private"),
                    Map.entry("tally-part", "private"),
                    Map.entry("answer-times", "private"),
                    Map.entry("board-part", "private"),
                    Map.entry("board-counts", "private"),
                    Map.entry("season-command", "private"),
                    Map.entry("season-mark", "private"),
                    Map.entry("season-part", "private"),
                    Map.entry("season-final", "private"),
                    Map.entry("season-late", "private"),
                    Map.entry("dead-letter", "private"));

    @Test
    void ofEachTopicItIsSaidWhoMayReadOrWriteIt() {
        var is = new LinkedHashMap<String, String>();
        Stream.concat(Topics.all().stream(), LeaderboardTopology.topics().stream())
                .map(Topic::name)
                .forEach(topic -> is.put(topic, access(topic)));
        assertThat(is).containsExactlyInAnyOrderEntriesOf(SAID);
    }

    @Test
    void noChannelIsOfATopicThatTheGameHasNot() {
        assertThat(SAID.keySet())
                .containsAll(GameChannels.namespaces().stream().map(Namespace::name).toList());
    }

    private static String access(String topic) {
        var access = new TreeSet<String>();
        for (Namespace namespace : GameChannels.namespaces()) {
            if (namespace.topic().equals(topic)) {
                say(access, "read", namespace.subscribe());
                say(access, "written", namespace.publish());
            }
        }
        return access.isEmpty() ? "private" : String.join(", ", access);
    }

    private static void say(Set<String> access, String verb, Namespace.Permission permission) {
        switch (permission) {
            case ANY -> access.add(verb + " by anybody");
            case OWN -> access.add(verb + " by its player");
            case NONE -> {}
        }
    }
}
