package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.auth.ConnectionClaims;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.gateway.auth.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCommandTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    /// What was printed is a good token of player 42 until then.
    private void checkToken(String expiresAt) {
        var tokens = new TokenVerifier(TokenConfig.ofSecrets(SECRET.getBytes(UTF_8)), CLOCK);
        assertThat(tokens.connection(out.toString().strip()).toCompletableFuture().join())
                .isInstanceOfSatisfying(
                        Verdict.Valid.class,
                        valid -> {
                            var claims = (ConnectionClaims) valid.claims();
                            assertThat(claims.player()).isEqualTo("42");
                            assertThat(claims.expiresAt()).isEqualTo(Instant.parse(expiresAt));
                        });
    }

    @Test
    void theTokenIsThePlayersAndGoodForItsTime() throws Exception {
        assertThat(run(SECRET + "\n", "--player", "42", "--ttl", "10m")).isZero();
        checkToken("2026-01-01T00:10:00Z");
    }

    @Test
    void itIsGoodForAnHourWhereNothingIsSaid() throws Exception {
        assertThat(run(SECRET, "--player", "42")).isZero();
        checkToken("2026-01-01T01:00:00Z");
    }

    @Test
    void whatCannotBeSignedIsToldWithTheReason() throws Exception {
        assertThat(run("too short", "--player", "42")).isEqualTo(1);
        assertThat(run(SECRET, "--player", "")).isEqualTo(2);
        assertThat(run(SECRET, "--player", "42", "--ttl", "soon")).isEqualTo(2);
        assertThat(run(SECRET)).isEqualTo(2);
        assertThat(err.toString())
                .contains("has 9 bytes: must be at least 32")
                .contains("--player is empty")
                .contains("'soon' must be a duration such as 90s, 10m or 24h")
                .contains("Missing required option: '--player=ID'");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String secret, String... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), secret);
        var all = new ArrayList<>(List.of("--secret-file", file.toString()));
        all.addAll(List.of(arguments));
        return new CommandLine(new TokenCommand(CLOCK))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println(failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(all.toArray(String[]::new));
    }
}
