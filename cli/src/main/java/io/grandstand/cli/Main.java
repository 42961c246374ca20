package io.grandstand.cli;

import io.grandstand.cli.gateway.GatewayCommand;
import io.grandstand.cli.gateway.RevokeCommand;
import io.grandstand.cli.gateway.TokenCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The entry point. Exit codes: 0 done, 1 failed while running, 2 wrong usage, 130 stopped by
/// Ctrl-C.
@Command(
        name = "grandstand",
        description = "The real-time audience platform on Apache Kafka.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            GatewayCommand.class,
            GamesCommand.class,
            TokenCommand.class,
            RevokeCommand.class,
            FeedCommand.class,
            QuestionCommands.class,
            SeasonCommands.class,
            BenchCommand.class,
            SizeCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::explain)
                .setUsageHelpWidth(100);
    }

    /// A `StartException` is a sentence for the person at the keyboard; anything else is a fault of
    /// ours, whose trace is worth seeing.
    private static int explain(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof StartException) {
            command.getErr().println("grandstand: " + failure.getMessage());
        } else {
            failure.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
