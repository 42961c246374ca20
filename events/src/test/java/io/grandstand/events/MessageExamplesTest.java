package io.grandstand.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Keeps docs/messages.md true: each of its examples is a record of the type it stands for, with no
/// field that the record has not, and each topic has an example.
class MessageExamplesTest {
    private static final Path PAGE = Path.of("..", "docs", "messages.md");

    private static final Pattern SECTION =
            Pattern.compile(
                    "^###+ ([^\\n]+)\\n(.*?)(?=^##|\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern EXAMPLES =
            Pattern.compile("^```json\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    /// The topic whose records a section shows.
    private static final Map<String, Topic<?>> TOPICS =
            Map.ofEntries(
                    Map.entry("Question", Topics.QUESTION),
                    Map.entry("Terms", Topics.QUESTION),
                    Map.entry("Answer", Topics.ANSWER),
                    Map.entry("Receipt", Topics.RESULT),
                    Map.entry("Score", Topics.RESULT),
                    Map.entry("Votes", Topics.VOTES),
                    Map.entry("Stats", Topics.STATS),
                    Map.entry("Media clock", Topics.MEDIA_CLOCK),
                    Map.entry("Leaderboard", Topics.LEADERBOARD),
                    Map.entry("Gettop", Topics.GETTOP),
                    Map.entry("Top", Topics.TOP),
                    Map.entry("Ball", Topics.BALL),
                    Map.entry("Scoreboard", Topics.SCOREBOARD),
                    Map.entry("Question command", Topics.QUESTION_COMMAND),
                    Map.entry("Ruling", Topics.RULING),
                    Map.entry("Points", Topics.POINTS),
                    Map.entry("Answer times", Topics.ANSWER_TIMES),
                    Map.entry("Tally part", Topics.TALLY_PART),
                    Map.entry("Player", Topics.PLAYER),
                    Map.entry("Player status", Topics.PLAYER_STATUS),
                    Map.entry("League", Topics.LEAGUE),
                    Map.entry("Season command", Topics.SEASON_COMMAND),
                    Map.entry("Season final", Topics.SEASON_FINAL),
                    Map.entry("Season late", Topics.SEASON_LATE),
                    Map.entry("Dead letter", Topics.DEAD_LETTER));

    private static final JsonMapper JSON = new JsonMapper();

    @TestFactory
    Stream<DynamicTest> anExampleIsReadAndWrittenBackTheSame() throws IOException {
        return examples().entrySet().stream()
                .flatMap(section ->
                        section.getValue().stream()
                                .map(example ->
                                        DynamicTest.dynamicTest(
                                                section.getKey() + ": " + example,
                                                () -> check(section.getKey(), example))));
    }

    @Test
    void everyTopicHasAnExample() throws IOException {
        var shown =
                examples().keySet().stream()
                        .map(section -> topic(section).name())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Topics.all().stream(), Topics.ofBoards().stream())
                                .map(Topic::name)
                                .toList());
    }

    private static void check(String section, JsonNode example) throws IOException {
        Object record = Json.read(JSON.writeValueAsBytes(example), topic(section).type());
        assertThat(JSON.readTree(Json.write(record))).isEqualTo(example);
    }

    private static Topic<?> topic(String section) {
        Topic<?> topic = TOPICS.get(section);
        if (topic == null) {
            throw new AssertionError("no topic is known of section '%s'".formatted(section));
        }
        return topic;
    }

    /// The examples of each section that has some.
    private static Map<String, List<JsonNode>> examples() throws IOException {
        var examples = new LinkedHashMap<String, List<JsonNode>>();
        Matcher section = SECTION.matcher(Files.readString(PAGE));
        while (section.find()) {
            Matcher block = EXAMPLES.matcher(section.group(2));
            if (block.find()) {
                try (MappingIterator<JsonNode> values =
                        JSON.readerFor(JsonNode.class).readValues(block.group(1))) {
                    examples.put(section.group(1), values.readAll());
                }
            }
        }
        return examples;
    }
}
