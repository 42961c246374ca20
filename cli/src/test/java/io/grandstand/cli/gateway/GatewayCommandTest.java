package io.grandstand.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the command says before it starts anything. No name ends in `.invalid`, so no cluster is
/// ever reached.
class GatewayCommandTest {
    private static final String CLUSTER = "kafka.invalid:9092";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    @Test
    void withoutAFileItSaysWhatToDo() {
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(err.toString())
                .contains("grandstand gateway --config gateway.yaml")
                .contains(GatewayCommand.SMALLEST_FILE.indent(2));
    }

    @Test
    void theSmallestFileThatItShowsCanBeUsed() {
        assertThat(Configuration.in(folder, GatewayCommand.SMALLEST_FILE).problems()).isEmpty();
    }

    @Test
    void aCheckOfAGoodFileSaysSoAndThatTheClusterWasNotReached() {
        assertThat(check(Configuration.REQUIRED, "--bootstrap-servers", CLUSTER)).isZero();
        assertThat(out.toString())
                .contains("Kafka at " + CLUSTER + " is not reached (its name is not known here)")
                .contains("gateway.yaml is fine: 1 namespace, to listen on 0.0.0.0:8000.");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aCheckTellsOneProblemInALineAndSeveralInAList() {
        assertThat(check(Configuration.REQUIRED + "shards: x\n")).isEqualTo(2);
        assertThat(err.toString())
                .matches("grandstand: .*gateway.yaml:4:9: shards is 'x': must be .*\\R");
        err.getBuffer().setLength(0);
        assertThat(check(Configuration.REQUIRED + "shards: x\nlisten: {port: y}\n")).isEqualTo(2);
        assertThat(err.toString())
                .matches(
                        "grandstand: there are 2 problems:\\R  .*gateway.yaml:4:9: shards is .*\\R"
                                + "  .*gateway.yaml:5:16: listen.port is .*\\R");
    }

    @Test
    void anOptionIsNamedWhereItIsWrong() {
        assertThat(check(Configuration.REQUIRED, "--port", "70000")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--port: listen.port is '70000': must be a whole number, 0 to 65535");
    }

    @Test
    void anOptionComesBeforeTheFile() {
        assertThat(
                        check(
                                Configuration.REQUIRED + "listen: {port: 1}\n",
                                "--bootstrap-servers",
                                CLUSTER,
                                "--port",
                                "9000",
                                "--host",
                                "127.0.0.1"))
                .isZero();
        assertThat(out.toString()).contains("to listen on 127.0.0.1:9000.");
    }

    @Test
    void theEnvironmentComesBeforeTheFile() {
        Path file = Configuration.in(folder, Configuration.REQUIRED).file();
        int code =
                run(
                        Map.of(
                                "GRANDSTAND_LISTEN_PORT",
                                "9001",
                                "GRANDSTAND_KAFKA_BOOTSTRAP_SERVERS",
                                CLUSTER),
                        "--check",
                        "--config",
                        file.toString());
        assertThat(code).isZero();
        assertThat(out.toString()).contains("to listen on 0.0.0.0:9001.");
    }

    @Test
    void withoutAuthenticationItRefusesUnlessToldAloud() {
        String open = Configuration.REQUIRED.replaceFirst("authentication.*\n", "");
        assertThat(check(open, "--bootstrap-servers", CLUSTER)).isEqualTo(2);
        assertThat(err.toString()).contains("authentication is missing").contains("--insecure");
        assertThat(check(open, "--bootstrap-servers", CLUSTER, "--insecure")).isZero();
    }

    @Test
    void aStartWithABadFileIsWrongUsageAndWithoutAClusterAFailure() {
        Path file = Configuration.in(folder, Configuration.REQUIRED).file();
        assertThat(run(Map.of(), "--config", file.toString(), "--port", "x")).isEqualTo(2);
        assertThat(run(Map.of(), "--config", file.toString(), "--bootstrap-servers", CLUSTER))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Kafka at " + CLUSTER + " is not reached");
    }

    @Test
    void aProfileTakesThePlaceOfAFile() {
        assertThat(run(Map.of(), "--profile", "conformance", "--config", "x")).isEqualTo(2);
        assertThat(run(Map.of(), "--profile", "conformance", "--bootstrap-servers", "x:1"))
                .isEqualTo(2);
        assertThat(run(Map.of(), "--profile", "conformance", "--check")).isEqualTo(2);
        assertThat(run(Map.of(), "--profile", "conformance", "--port", "-1")).isEqualTo(2);
        assertThat(run(Map.of(), "--profile", "other")).isEqualTo(2);
        assertThat(err.toString())
                .contains("leave out --config")
                .contains("no --bootstrap-servers")
                .contains("say --config")
                .contains("--port: listen.port is '-1': must be a whole number, 0 to 65535")
                .contains("conformance");
    }

    @Test
    void nothingOfACheckIsWrittenBesideTheFile() throws Exception {
        check(Configuration.REQUIRED, "--bootstrap-servers", CLUSTER);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "gateway.yaml",
                            "secret",
                            "short",
                            "result.schema.json",
                            "server.crt",
                            "server.key");
        }
    }

    private int check(String yaml, String... more) {
        String file = Configuration.in(folder, yaml).file().toString();
        var arguments = new ArrayList<>(List.of("--check", "--config", file));
        arguments.addAll(List.of(more));
        return run(Map.of(), arguments.toArray(String[]::new));
    }

    private int run(Map<String, String> environment, String... arguments) {
        return new CommandLine(new GatewayCommand(environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println(failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }
}
