package io.grandstand.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the command says to somebody who mistyped.
class MainTest {
    private final StringWriter said = new StringWriter();

    @Test
    void anUnknownOptionSuggestsTheNearest() {
        assertThat(run("demo", "--sped", "10")).isEqualTo(2);
        assertThat(said.toString()).contains("--sped").contains("--speed");
    }

    @Test
    void aValueOutOfBoundsIsToldWithItsBounds() {
        assertThat(run("demo", "--port", "70000")).isEqualTo(2);
        assertThat(said.toString()).contains("--port is 70000: must be 0 to 65535");
        assertThat(run("demo", "--speed", "0")).isEqualTo(2);
        assertThat(said.toString()).contains("--speed is 0.0: must be above 0");
        assertThat(run("demo", "--bots", "-1")).isEqualTo(2);
        assertThat(said.toString()).contains("--bots is -1: must be 0 to 5000");
        assertThat(run("demo", "--port", "many")).isEqualTo(2);
    }

    @Test
    void anAudienceThatCannotBeIsRefused() {
        assertThat(run("size", "--players", "0")).isEqualTo(2);
        assertThat(said.toString()).contains("--players is 0: must be 1 or more");
        assertThat(run("size", "--answer-share", "80")).isEqualTo(2);
        assertThat(said.toString()).contains("--answer-share is 80.0: must be 0 to 1");
        assertThat(run("size", "--node-cores", "0")).isEqualTo(2);
        assertThat(said.toString()).contains("--node-cores is 0: must be 1 or more");
    }

    @Test
    void securitySettingsNeedACluster(@TempDir Path folder) {
        assertThat(run("demo", "--kafka-config", folder.resolve("x").toString())).isEqualTo(2);
        assertThat(said.toString()).contains("say --bootstrap-servers too");
    }

    @Test
    void aMistypedSecuritySettingIsRefusedWithTheNearestKnownOne(@TempDir Path folder)
            throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("client.properties"),
                        "security.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\nssl.truststore=x\n");
        assertThat(run("demo", "--bootstrap-servers", "x:1", "--kafka-config", file.toString()))
                .isEqualTo(1);
        assertThat(said.toString())
                .contains(
                        "'sasl.mechanisms' is no Kafka client setting; did you mean"
                                + " 'sasl.mechanism'?")
                .contains(
                        "'ssl.truststore' is no Kafka client setting; did you mean"
                                + " 'ssl.truststore.");
    }

    @Test
    void aFeedThatCannotBePlayedIsToldWhy(@TempDir Path folder) throws Exception {
        String missing = folder.resolve("none.json").toString();
        assertThat(run("feed", "--bootstrap-servers", "x:1")).isEqualTo(2);
        assertThat(said.toString()).contains("--match=FILE").contains("--quiz=FILE");
        assertThat(run("feed", "--bootstrap-servers", "x:1", "--match", missing)).isEqualTo(1);
        assertThat(said.toString()).contains("none.json").contains("does not exist");
        String quiz = Files.writeString(folder.resolve("q.txt"), "Rain?\nYes\n* No\n").toString();
        assertThat(run("feed", "--bootstrap-servers", "x:1", "--quiz", quiz, "--streak", "1:5"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("how a quiz counts stands in its file");
    }

    @Test
    void theServicesSayWhatTheyNeedAndWithinWhichBounds() {
        assertThat(run("games")).isEqualTo(2);
        assertThat(said.toString()).contains("--bootstrap-servers is missing");
        assertThat(run("games", "--bootstrap-servers", "x:1", "--threads", "0")).isEqualTo(2);
        assertThat(said.toString()).contains("--threads is 0: must be 1 to 64");
        assertThat(run("games", "--bootstrap-servers", "x:1", "--standby-replicas", "11"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("--standby-replicas is 11: must be 0 to 10");
    }

    @Test
    void theTopologiesAreDescribedWithoutACluster() {
        var out = new StringWriter();
        assertThat(
                        Main.commandLine()
                                .setOut(new PrintWriter(out, true))
                                .execute("games", "--describe"))
                .isZero();
        assertThat(out.toString())
                .contains(
                        "grandstand-leaderboard", "grandstand-quiz", "Sub-topology: 0", "ballots");
    }

    @Test
    void helpAndVersionAreAnswered() {
        assertThat(run("demo", "--help")).isZero();
        assertThat(run("--version")).isZero();
    }

    private int run(String... arguments) {
        return Main.commandLine().setErr(new PrintWriter(said, true)).execute(arguments);
    }
}
