package io.grandstand.cli;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.List;

/// Where the page can be opened.
final class Addresses {
    private Addresses() {}

    /// Tells a taken port before anything else is started.
    static void checkFree(int port) throws StartException {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new StartException(
                    "port %d cannot be used (%s): name another one with --port, or stop what uses it"
                            .formatted(port, e.getMessage()),
                    e);
        }
    }

    static void print(int port, Console console) {
        console.line("");
        console.line("  Play:           http://localhost:%d".formatted(port));
        for (String address : local()) {
            console.line("  On your phone:  http://%s:%d".formatted(address, port));
        }
    }

    /// The addresses that others in the same network may reach; none where that cannot be told.
    private static List<String> local() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(Addresses::isUsable)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .filter(InetAddress::isSiteLocalAddress)
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (SocketException unknown) {
            return List.of();
        }
    }

    private static boolean isUsable(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback() && !network.isVirtual();
        } catch (SocketException unknown) {
            return false;
        }
    }
}
