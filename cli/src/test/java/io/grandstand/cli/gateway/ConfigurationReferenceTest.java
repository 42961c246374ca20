package io.grandstand.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.cli.KafkaSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Keeps the tables of docs/configuration.md true.
class ConfigurationReferenceTest {
    private static final String PAGE = Docs.read("docs/configuration.md");

    /// A line of a table.
    record Row(
            String key, String type, String standard, String bounds, String said, String variable) {
        static Row of(String line) {
            String[] cells =
                    Arrays.stream(line.substring(1).split("\\|", -1))
                            .map(String::strip)
                            .toArray(String[]::new);
            return new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
        }
    }

    @Test
    void everyKeyHasItsLineInOrderAndNoOther() {
        assertThat(rows().stream().map(Row::key))
                .containsExactlyElementsOf(
                        Keys.ALL.stream().map(key -> "`" + named(key) + "`").toList());
    }

    @Test
    void typeDefaultBoundsAndVariableAreThoseOfTheProgram() {
        for (Row row : rows()) {
            Key<?> key =
                    Keys.ALL.stream()
                            .filter(each -> row.key().equals("`" + named(each) + "`"))
                            .findFirst()
                            .orElseThrow();
            assertThat(row)
                    .isEqualTo(
                            new Row(
                                    row.key(),
                                    key.kind().name(),
                                    key.shownDefault(),
                                    key.kind().bounds(),
                                    row.said(),
                                    "`" + Key.variable(named(key)) + "`"));
            assertThat(row.said()).as(row.key()).endsWith(".");
        }
    }

    @Test
    void noVariableStandsForTwoKeys() {
        Map<String, String> paths = new HashMap<>();
        var all = new ArrayList<>(Keys.ALL.stream().map(Key::path).toList());
        KafkaSettings.names().forEach(name -> all.add(Keys.KAFKA_SETTING.path(name)));
        for (String path : all) {
            assertThat(paths.put(Key.variable(path), path)).as(path).isNull();
        }
        assertThat(paths).doesNotContainKeys(Environment.OF_THE_LAUNCHER.toArray(String[]::new));
    }

    /// What the launcher reads from the environment must not be taken for a key.
    @Test
    void theVariablesOfTheLauncherAreKnown() {
        String launcher = Docs.read("grandstand");
        for (String word : launcher.split("[^A-Z_]+", -1)) {
            if (word.startsWith(Key.VARIABLE_PREFIX)) {
                assertThat(Environment.OF_THE_LAUNCHER).contains(word);
            }
        }
        assertThat(PAGE).contains(Environment.OF_THE_LAUNCHER);
    }

    private static List<Row> rows() {
        return PAGE.lines().filter(line -> line.startsWith("| `")).map(Row::of).toList();
    }

    private static String named(Key<?> key) {
        return key.path().replace("kafka.*", "kafka.<setting>").replace("*", "<name>");
    }
}
