package io.grandstand.cli.gateway;

import io.grandstand.cli.StartException;
import io.grandstand.cli.Version;
import io.grandstand.gateway.auth.Revocation;
import io.grandstand.gateway.auth.RevocationWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `grandstand revoke`: keeps a player out on every node, or lets them in again.
@Command(
        name = "revoke",
        description = "Ends a player's connections on every gateway and keeps them out for a time.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
public final class RevokeCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The gateway's YAML file, whose internal-topics.revocations is written.")
    private Path config = Path.of("");

    @Option(
            names = "--player",
            paramLabel = "ID",
            required = true,
            description = "Whom it concerns.")
    private String player = "";

    @ArgGroup(multiplicity = "1")
    private Action action = new Action();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "For operators; players are not told.")
    private String reason = "";

    /// What is to be done; one of these.
    static final class Action {
        @Option(
                names = "--for",
                paramLabel = "TIME",
                converter = TokenCommand.TimeToLive.class,
                description = "Refuse every token of the player for so long, such as 10m or 24h.")
        private @Nullable Duration time;

        @Option(
                names = "--tokens-until-now",
                description = "Refuse the tokens that were issued before now; new ones are good.")
        private boolean tokensUntilNow;

        @Option(names = "--lift", description = "Let the player in again.")
        private boolean lift;
    }

    /// The command as it stands on the command line.
    public RevokeCommand() {
        this(InstantSource.system());
    }

    RevokeCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws StartException {
        GatewaySettings settings;
        try {
            settings = GatewayFile.read(config, System.getenv(), List.of(), true).settings();
        } catch (GatewayFileException e) {
            throw new StartException(Report.problems(e.problems()));
        }
        String topic = settings.gateway().internalTopics().revocations();
        if (topic == null) {
            throw new StartException(
                    "%s names no topic for revocations: set internal-topics.revocations, and"
                                    .formatted(config)
                            + " restart the gateways");
        }
        try (var writer = new RevocationWriter(settings.kafka(), topic)) {
            if (action.lift) {
                writer.lift(player);
            } else {
                writer.revoke(revocation());
            }
        } catch (IOException e) {
            throw new StartException(e);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.SOFTWARE;
        }
        commandLine().getOut().println(done());
        return CommandLine.ExitCode.OK;
    }

    private Revocation revocation() {
        Instant now = clock.instant();
        return action.tokensUntilNow || action.time == null
                ? Revocation.ofTokensBefore(player, now, reason)
                : Revocation.deny(player, now.plus(action.time), reason);
    }

    private String done() {
        if (action.lift) {
            return "Player %s may connect again.".formatted(player);
        }
        return action.time == null
                ? "Tokens of player %s issued before now are refused.".formatted(player)
                : "Player %s is kept out until %s."
                        .formatted(player, clock.instant().plus(action.time));
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }
}
