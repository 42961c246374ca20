package io.grandstand.embedded;

import java.nio.file.Path;

/// A broker as a program of its own, for tests that kill it.
///
/// Arguments: the data folder and the port. Prints `ready <host:port>` once it serves clients, and
/// runs until it is asked to end. A problem is one line on the error stream and exit code 1.
public final class BrokerProcess {
    private BrokerProcess() {}

    /// Runs the program.
    public static void main(String[] arguments) {
        try {
            var broker =
                    EmbeddedBroker.start(
                            Path.of(arguments[0]),
                            Integer.parseInt(arguments[1]),
                            BrokerProcess::end);
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
            System.out.println("ready " + broker.bootstrapServers());
        } catch (BrokerStartException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private static void end(String problem) {
        System.err.println(problem);
        System.exit(1);
    }
}
