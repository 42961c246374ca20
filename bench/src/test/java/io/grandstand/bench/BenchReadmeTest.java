package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReadmeTest {
    private static final Path BENCH = Path.of(System.getProperty("grandstand.root"), "bench");

    @TempDir private Path folder;

    @Test
    void theCommittedTablesAreThoseOfTheCommittedResults() throws Exception {
        String readme = Files.readString(BENCH.resolve("README.md"));
        assertThat(readme).contains(BenchReadme.BEGIN, BenchReadme.END);
        // `./grandstand bench SCENARIO --out bench/results` writes result and tables together.
        assertThat(readme)
                .isEqualTo(
                        BenchReadme.withTables(
                                readme, BenchReadme.latest(BENCH.resolve("results"))));
    }

    @Test
    void aTableHasBarsMediansAndHowToRepeatThem() throws Exception {
        Path results = Files.createDirectory(folder.resolve("results"));
        Path readme = folder.resolve("README.md");
        Files.writeString(
                readme, "before\n" + BenchReadme.BEGIN + "\nold\n" + BenchReadme.END + "\nafter\n");
        Files.writeString(results.resolve("startup.json"), "{\"runs\":[]}");
        ExampleRuns.fanout().write(results.resolve("fanout.json"));

        BenchReadme.update(results);
        String once = Files.readString(readme);
        assertThat(once)
                .startsWith("before\n")
                .endsWith("\nafter\n")
                .doesNotContain("old")
                .contains(
                        "| fanout | CPU per delivery / raw-plain | 1.15 | 1.25 | 1.07 | bar met |")
                .contains("| fanout | gateway | 6.9 | 1.15 | – | 50,000 | 1.8 | 9 | 25.2 |")
                .contains("| fanout | `./grandstand bench fanout` | 0123abc |");

        BenchReadme.update(results);
        assertThat(Files.readString(readme)).isEqualTo(once);
    }

    @Test
    void aFailedRunMeetsNoBar() {
        RunResult good = ExampleRuns.fanout();
        RunResult failed =
                ExampleRuns.run(
                        "fanout",
                        good.servers(),
                        good.ratios(),
                        good.bars(),
                        List.of("a message was lost"));
        assertThat(BenchReadme.withTables(BenchReadme.BEGIN + BenchReadme.END, List.of(failed)))
                .contains("| 1.15 | 1.25 | 1.07 | the run failed |")
                .doesNotContain("bar met");
    }

    @Test
    void theLatestRunOfAScenarioCounts() throws Exception {
        RunResult older = ExampleRuns.fanout();
        older.write(folder.resolve("z.json"));
        RunResult newer = ExampleRuns.dated(older, "2026-02-01T00:00:00Z");
        newer.write(folder.resolve("a.json"));
        assertThat(BenchReadme.latest(folder))
                .extracting(RunResult::date)
                .isEqualTo(List.of("2026-02-01T00:00:00Z"));
    }

    @Test
    void aFolderWithoutAReadmeIsLeftAlone() throws Exception {
        Path results = Files.createDirectory(folder.resolve("results"));
        BenchReadme.update(results);
        assertThat(folder.resolve("README.md")).doesNotExist();
    }
}
