package io.grandstand.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// The two ports of a broker on the loopback address.
///
/// @param clients where clients connect
/// @param controller where the broker talks to its own controller
record Ports(int clients, int controller) {
    /// Looks for what is free at this moment. Somebody else may take it in the next.
    ///
    /// @param wanted the port for clients; 0 for any
    /// @throws BrokerStartException if the wanted port is taken
    static Ports find(int wanted) {
        try (var clients = new ServerSocket();
                var controller = new ServerSocket()) {
            bind(clients, wanted);
            bind(controller, 0);
            return new Ports(clients.getLocalPort(), controller.getLocalPort());
        } catch (IOException e) {
            throw taken(wanted, e);
        }
    }

    static BrokerStartException taken(int port, Throwable cause) {
        return new BrokerStartException(
                ("Port %d on %s is taken: stop the program that listens there, or choose "
                                + "another port.")
                        .formatted(port, BrokerSettings.HOST),
                cause);
    }

    private static void bind(ServerSocket socket, int port) throws IOException {
        // As Kafka does: connections of a former broker that linger are no obstacle.
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(BrokerSettings.HOST), port));
    }
}
