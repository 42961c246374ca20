package io.grandstand.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Hands connections to any of several nodes, in turn, and cuts some when it is told to.
final class LoadBalancer implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final List<Integer> ports;
    private int turn;

    /// Before nodes at these ports; those that do not answer are passed over.
    LoadBalancer(List<Integer> ports) throws IOException {
        this.ports = List.copyOf(ports);
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Cuts up to `count` connections, without a goodbye.
    void cut(int count, RandomGenerator random) throws IOException {
        var all = new ArrayList<>(clients);
        for (int i = 0; i < count && !all.isEmpty(); i++) {
            Socket client = all.remove(random.nextInt(all.size()));
            try {
                client.setSoLinger(true, 0);
                client.close();
            } catch (SocketException alreadyClosed) {
                // Its node was just killed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                int first = turn++;
                Thread.ofVirtual().start(() -> serve(client, first));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client, int first) {
        try (client;
                Socket node = connect(first)) {
            client.setTcpNoDelay(true);
            clients.add(client);
            Thread back = Thread.ofVirtual().start(() -> copy(node, client));
            copy(client, node);
            back.join();
        } catch (IOException nobodyIsThere) {
            // The client is cut off, and comes again.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(client);
        }
    }

    private Socket connect(int first) throws IOException {
        IOException failure = new IOException("no node");
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get((first + i) % ports.size());
            try {
                var node = new Socket(InetAddress.getLoopbackAddress(), port);
                node.setTcpNoDelay(true);
                return node;
            } catch (IOException notThere) {
                failure = notThere;
            }
        }
        throw failure;
    }

    /// Passes on what comes; where one side ends, the other does.
    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // By either side, or by the test.
        }
    }
}
