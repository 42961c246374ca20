package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.cli.StartException;
import io.grandstand.cli.Version;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `grandstand token`: a connection token, as an application's own login would issue it.
@Command(
        name = "token",
        description = "Prints a connection token, signed with the gateway's secret.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        showDefaultValues = true)
public final class TokenCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--player",
            paramLabel = "ID",
            required = true,
            description = "Whose token it is.")
    private String player = "";

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            required = true,
            description = "The file that authentication.hmac.secret-file names.")
    private Path secretFile = Path.of("");

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = TimeToLive.class,
            description = "How long it is good, such as 90s, 10m or 24h.")
    private Duration ttl = Duration.ofHours(1);

    /// The command as it stands on the command line.
    public TokenCommand() {
        this(InstantSource.system());
    }

    TokenCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws StartException {
        if (player.isEmpty()) {
            throw new CommandLine.ParameterException(
                    commandLine(), "--player is empty: must be somebody's id");
        }
        var tokens = new TokenIssuer(secret(), clock);
        commandLine().getOut().println(tokens.connection(player, clock.instant().plus(ttl)));
        return CommandLine.ExitCode.OK;
    }

    private byte[] secret() throws StartException {
        try {
            byte[] secret = Draft.secret(Files.readString(secretFile, UTF_8));
            if (secret.length >= TokenConfig.SECRET_BYTES_MIN) {
                return secret;
            }
            throw new StartException(
                    "the secret in %s has %d bytes: must be at least %d"
                            .formatted(secretFile, secret.length, TokenConfig.SECRET_BYTES_MIN));
        } catch (IOException e) {
            throw new StartException(
                    "the secret in %s cannot be read (%s)".formatted(secretFile, e.toString()), e);
        }
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }

    /// Reads `--ttl`.
    static final class TimeToLive implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Duration duration = Durations.parse(text);
            if (duration == null || duration.isZero()) {
                throw new TypeConversionException(
                        "'%s' must be a duration such as 90s, 10m or 24h".formatted(text));
            }
            return duration;
        }
    }
}
