package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.bench.Bench;
import io.grandstand.bench.RunResult;
import io.grandstand.bench.RunResult.Window;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scenarios of the load generator, small: real brokers, gateways, references, and clients. The
/// counts must be right; speed is not looked at. That faults are found is shown by `GroupTest`.
class BenchSmokeTest {
    private static final int CLIENTS = 40;
    private static final int PLAYERS = 200;

    /// What the game needs, and a node's death; `./grandstand bench --suite --smoke` runs the
    /// others as well.
    private static final List<String> SCENARIOS =
            List.of("fanout-saturated", "private", "publish", "storm", "game");

    @TempDir private Path folder;

    @Test
    void everyScenarioCountsWhatItSends() throws Exception {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        List<RunResult> results =
                new Bench(out, InstantSource.system()).run(SCENARIOS, folder, true);
        assertThat(results).extracting(RunResult::scenario).isEqualTo(SCENARIOS);
        for (RunResult result : results) {
            assertThat(result.problems()).describedAs(result.scenario()).isEmpty();
            assertThat(result.servers())
                    .describedAs(result.scenario())
                    .isNotEmpty()
                    .allSatisfy(server -> assertThat(server.checks().areClean()).isTrue());
            Path file = folder.resolve(result.scenario() + ".json");
            assertThat(Files.exists(file)).isTrue();
            assertThat(RunResult.read(file)).isEqualTo(result);
        }
        Map<String, RunResult> byName =
                results.stream()
                        .collect(Collectors.toMap(RunResult::scenario, Function.identity()));
        // Half a second at two hundred a second, each to one.
        assertDeliveries(byName, "private", 2, 100, 100);
        assertDeliveries(byName, "publish", 1, 100, 100);
        for (RunResult.Server server : result(byName, "fanout-saturated").servers()) {
            for (Window window : server.windows()) {
                assertThat(window.messages()).describedAs(server.name()).isGreaterThan(1);
                assertThat(window.deliveries())
                        .describedAs(server.name())
                        .isEqualTo(CLIENTS * window.messages());
            }
        }
        for (Window window : result(byName, "publish").servers().getFirst().windows()) {
            assertThat(window.acknowledged()).isNotNull();
        }
        RunResult.Server storm = result(byName, "storm").servers().getFirst();
        assertThat(storm.windows().getFirst().deliveries()).isEqualTo(500);
        assertThat(storm.median("backMs")).isBetween(500.0, 20_000.0);
        assertThat(storm.median("completeMs")).isGreaterThanOrEqualTo(storm.median("backMs"));
        assertRounds(byName, "game", 2);
    }

    /// Everybody is told three versions of each question, a receipt and a score, and some the
    /// leaderboard, about a tenth.
    private static void assertRounds(Map<String, RunResult> results, String scenario, int rounds) {
        RunResult.Server gateway = result(results, scenario).servers().getFirst();
        assertThat(gateway.windows()).describedAs(scenario).hasSize(rounds);
        long published = gateway.windows().stream().mapToLong(Window::messages).sum();
        long deliveries = gateway.windows().stream().mapToLong(Window::deliveries).sum();
        long asked = published - 3L * rounds - (long) rounds * PLAYERS;
        assertThat(asked).describedAs(scenario).isBetween(1L, (long) rounds * PLAYERS / 2);
        // Leaderboards may come late; that all came in the end is among what was checked.
        assertThat(deliveries)
                .describedAs(scenario)
                .isBetween(5L * rounds * PLAYERS, (5L * rounds + 1) * PLAYERS + asked);
        assertThat(gateway.median("cpuUsPerPlayerRound")).describedAs(scenario).isPositive();
        assertThat(gateway.medians())
                .describedAs(scenario)
                .containsKeys("question.p99Ms", "receipt.p99Ms", "result.p99Ms", "top.p99Ms");
    }

    private static void assertDeliveries(
            Map<String, RunResult> results,
            String scenario,
            int servers,
            long messages,
            long deliveries) {
        List<RunResult.Server> measured = result(results, scenario).servers();
        assertThat(measured).describedAs(scenario).hasSize(servers);
        for (RunResult.Server server : measured) {
            assertThat(server.windows())
                    .describedAs(scenario + " " + server.name())
                    .hasSize(2)
                    .allSatisfy(window -> {
                        assertThat(window.messages()).isEqualTo(messages);
                        assertThat(window.deliveries()).isEqualTo(deliveries);
                        assertThat(window.latency()).isNotNull();
                    });
        }
    }

    private static RunResult result(Map<String, RunResult> results, String scenario) {
        RunResult result = results.get(scenario);
        assertThat(result).describedAs(scenario).isNotNull();
        return result;
    }
}
