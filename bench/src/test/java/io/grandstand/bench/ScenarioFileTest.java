package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioFileTest {
    private static final String GOOD =
            """
            kind: compare
            description: some messages
            spread: everyone
            clients: 5
            silent-clients: 0
            size: 150
            format: protobuf
            load: {per-second: 10, outstanding: 0}
            partitions: 1
            servers: [gateway, raw-plain]
            windows: {count: 5, seconds: 5, warmup-seconds: 1}
            goals:
              - {figure: p99Ms, server: gateway, to: "", bar: 5, aim: 3}
            """;

    static List<String> ours() {
        return ScenarioFile.NAMES;
    }

    @ParameterizedTest
    @MethodSource("ours")
    void ourScenariosAreGoodAndCanBeMadeSmall(String name) {
        ScenarioFile file = ScenarioFile.find(name);
        assertThat(file.name()).isEqualTo(name);
        assertThat(file.parameters().keySet()).containsAnyOf("clients", "players");
        Scenario small = file.scenario().small();
        assertThat(small.small()).isEqualTo(small);
    }

    /// What stands in a result has to be what was run.
    @Test
    void theSuiteIsShorterAndSaysSo() {
        ScenarioFile fanout = ScenarioFile.find("fanout").inSuite();
        assertThat(((Scenario.Compare) fanout.scenario()).windows())
                .isEqualTo(new Scenario.Windows(5, 3, 20));
        assertThat(fanout.parameters())
                .containsEntry(
                        "windows", Map.of("count", 5, "seconds", 3.0, "warmup-seconds", 20.0));
        ScenarioFile idle = ScenarioFile.find("idle").inSuite();
        assertThat(((Scenario.Idle) idle.scenario()).runs()).isEqualTo(3);
        assertThat(idle.parameters()).containsEntry("runs", 3);
        ScenarioFile game = ScenarioFile.find("game").inSuite();
        assertThat(((Scenario.Game) game.scenario()).rounds()).isEqualTo(2);
        assertThat(game.parameters()).containsEntry("rounds", 2);
    }

    @Test
    void aFileIsAScenarioToo() {
        var scenario = (Scenario.Compare) ScenarioFile.parse("mine", GOOD).scenario();
        assertThat(scenario.format()).isEqualTo(Scenario.Format.PROTOBUF);
        assertThat(scenario.windows()).isEqualTo(new Scenario.Windows(5, 5, 1));
        assertThat(scenario.servers())
                .containsExactly(Scenario.Kind.GATEWAY, Scenario.Kind.RAW_PLAIN);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertRefused(GOOD.replace("clients: 5\n", "clients: 5\ncleints: 5\n"), "cleints");
        assertRefused(GOOD.replace("partitions: 1\n", ""), "partitions");
        assertRefused(GOOD.replace("clients: 5\n", "clients: 0\n"), "clients is 0");
        assertRefused(GOOD.replace("size: 150", "size: 10"), "size is 10: must be 64 or more");
        assertRefused(GOOD.replace("per-second: 10,", "per-second: 0,"), "one must be above 0");
        assertRefused(GOOD.replace("everyone", "nobody"), "nobody");
        assertRefused(GOOD.replace("compare", "guess"), "guess");
        assertRefused(
                GOOD.replace("everyone", "round-robin")
                        .replace("per-second: 10, outstanding: 0", "per-second: 0, outstanding: 4"),
                "needs spread: everyone");
    }

    @Test
    void aScenarioThatIsNotThereIsToldWithThoseThatAre() {
        assertThatThrownBy(() -> ScenarioFile.find(Path.of("no", "such.yaml").toString()))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("such.yaml")
                .hasMessageContaining("fanout");
    }

    private static void assertRefused(String yaml, String because) {
        assertThatThrownBy(() -> ScenarioFile.parse("mine", yaml))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("scenario mine")
                .hasMessageContaining(because);
    }
}
