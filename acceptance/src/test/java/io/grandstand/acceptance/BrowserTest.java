package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rounds in the page, in a real Chromium: players, and a host who asks.
class BrowserTest {
    @Test
    void aMatchAndAHostsShowArePlayedInThePage(@TempDir Path data) throws Exception {
        String chromium = System.getenv("CHROMIUM");
        assumeTrue(
                chromium != null,
                "SKIPPED: the browser test needs Chromium; ./grandstand test finds or installs it,"
                        + " or set CHROMIUM to its path");
        try (Program demo =
                Program.grandstand(
                        data, "--port", "0", "--bots", "20", "--seed", "7", "--speed", "6")) {
            String port = DemoOutput.port(demo);
            Path screenshots =
                    Path.of(System.getProperty("grandstand.root"), "acceptance/target/screenshots");
            try (Program browser =
                    Program.node(
                            "browser.mjs",
                            chromium,
                            port,
                            screenshots.toString(),
                            Files.readString(data.resolve("operator-token")).strip())) {
                int exitCode = browser.awaitEnd(Duration.ofMinutes(4));
                assertThat(exitCode).describedAs(browser.output()).isZero();
            }
        }
    }
}
