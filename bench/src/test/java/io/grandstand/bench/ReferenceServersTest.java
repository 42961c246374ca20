package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is compared to must be right itself: all messages, once, in order.
class ReferenceServersTest {
    private static final int CLIENTS = 200;
    private static final int MESSAGES = 300;

    /// Larger than what the sockets' buffers hold together with the messages to all.
    private static final int LARGE_BYTES = 20_000;

    private static final int LATE = 7;

    /// Longer than any of these waits; a message that is missing fails the test after it.
    private static final int READ_TIMEOUT_MS = 20_000;

    @TempDir private Path folder;

    enum Reference {
        RAW_PLAIN,
        RAW_JOINED,
        DAY
    }

    @ParameterizedTest
    @EnumSource
    void everyClientGetsEveryMessageOnceAndInOrder(Reference reference) throws Exception {
        try (var server = Server.start(reference, folder)) {
            var clients = new ArrayList<Client>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(server.connect(i, 0));
            }
            for (int i = 0; i < MESSAGES; i++) {
                server.broadcast("all " + i);
                server.send(i % CLIENTS, "one " + i);
            }
            server.broadcast("end");
            server.flush();
            try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<List<String>>> received =
                        clients.stream().map(client -> readers.submit(client::untilEnd)).toList();
                for (int i = 0; i < CLIENTS; i++) {
                    assertThat(received.get(i).get()).isEqualTo(expected(i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatReadsLateGetsAllOfItAndHoldsUpNobody(Reference reference) throws Exception {
        try (var server = Server.start(reference, folder)) {
            Client late = server.connect(LATE, 4096);
            Client other = server.connect(LATE + 1, 0);
            String filling = "x".repeat(LARGE_BYTES);
            var expected = new ArrayList<String>();
            for (int i = 0; i < MESSAGES; i++) {
                server.send(LATE, i + filling);
                expected.add(i + filling);
            }
            server.broadcast("end");
            server.flush();
            assertThat(other.untilEnd()).isEmpty();
            assertThat(late.untilEnd()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void frameLengthsOfOneAndOfThreeBytesAreRight(Reference reference) throws Exception {
        try (var server = Server.start(reference, folder)) {
            Client client = server.connect(0, 0);
            var expected = new ArrayList<String>();
            for (int length : List.of(0, 1, 125, 126, 127, 255, 256, 65_535)) {
                server.send(0, "y".repeat(length));
                expected.add("y".repeat(length));
            }
            server.broadcast("end");
            server.flush();
            assertThat(client.untilEnd()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatLeavesIsForgotten(Reference reference) throws Exception {
        try (var server = Server.start(reference, folder)) {
            Client leaving = server.connect(0, 0);
            Client staying = server.connect(1, 0);
            leaving.close();
            // Its index is free again as soon as the server has seen the end of the connection.
            Client next = server.connectWhenFree(0);
            server.send(0, "to the next");
            server.broadcast("end");
            server.flush();
            assertThat(next.untilEnd()).containsExactly("to the next");
            assertThat(staying.untilEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itEndsWithItsDriver(Reference reference) throws Exception {
        try (var server = Server.start(reference, folder)) {
            server.driver.close();
            assertThat(server.process.waitFor()).isZero();
        }
    }

    @Test
    void aSecondClientWithAnIndexIsRefused() throws Exception {
        try (var server = Server.start(Reference.RAW_PLAIN, folder)) {
            var first = server.connect(3, 0);
            assertThat(first.status).startsWith("HTTP/1.1 101 ");
            assertThat(server.connect(3, 0).status).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aDriverThatWritesSomethingElseEndsIt() throws Exception {
        for (String line : List.of("B 3\nabc", "A\n", "A 3 4\nabc", "P -1 3\nabc", "A 65536\n")) {
            try (var server = Server.start(Reference.RAW_PLAIN, folder)) {
                server.driver.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
                assertThat(server.process.waitFor()).as(line).isEqualTo(1);
            }
        }
    }

    private static List<String> expected(int client) {
        return IntStream.range(0, MESSAGES)
                .boxed()
                .<String>mapMulti((message, sink) -> {
                    sink.accept("all " + message);
                    if (message % CLIENTS == client) {
                        sink.accept("one " + message);
                    }
                })
                .toList();
    }

    /// A reference server with its driver.
    private record Server(Process process, int port, Socket driver, ByteArrayOutputStream waiting)
            implements AutoCloseable {
        static Server start(Reference reference, Path folder) throws Exception {
            List<String> command =
                    switch (reference) {
                        case RAW_PLAIN -> raw(folder, RawSender.Mode.PLAIN);
                        case RAW_JOINED -> raw(folder, RawSender.Mode.JOINED);
                        case DAY ->
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx256m",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "--sun-misc-unsafe-memory-access=allow",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        DayBroadcaster.class.getName());
                    };
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            String[] ready = String.valueOf(output.readLine()).split(" ", -1);
            assertThat(ready).hasSize(3).startsWith("ready");
            var driver = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(ready[2]));
            return new Server(
                    process, Integer.parseInt(ready[1]), driver, new ByteArrayOutputStream());
        }

        private static List<String> raw(Path folder, RawSender.Mode mode) throws Exception {
            boolean compiler = RawSender.hasCompiler();
            if (!compiler) {
                System.err.println("NOT TESTED, for there is no C compiler (cc): bench/raw/raw.c");
            }
            assumeTrue(compiler, "there is no C compiler (cc)");
            return RawSender.command(RawSender.build(folder), mode);
        }

        Client connect(int index, int receiveBufferBytes) throws IOException {
            return Client.connect(port, index, receiveBufferBytes);
        }

        Client connectWhenFree(int index) throws IOException {
            while (true) {
                Client client = connect(index, 0);
                if (client.status.startsWith("HTTP/1.1 101 ")) {
                    return client;
                }
                client.close();
            }
        }

        void broadcast(String text) throws IOException {
            control("A ", text);
        }

        void send(int index, String text) throws IOException {
            control("P " + index + " ", text);
        }

        private void control(String start, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            waiting.write((start + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            waiting.write(bytes);
        }

        /// In pieces whose ends fall anywhere in a message, as a stream's do.
        void flush() throws IOException {
            byte[] bytes = waiting.toByteArray();
            OutputStream out = driver.getOutputStream();
            for (int from = 0; from < bytes.length; from += 7_777) {
                out.write(bytes, from, Math.min(7_777, bytes.length - from));
                out.flush();
            }
            waiting.reset();
        }

        @Override
        public void close() throws IOException {
            driver.close();
            process.destroy();
        }
    }

    /// A plain socket that did the handshake.
    private record Client(Socket socket, DataInputStream in, String status) {
        static Client connect(int port, int index, int receiveBufferBytes) throws IOException {
            var socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setSoTimeout(READ_TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            // Key and answer are the example of RFC 6455, 1.3.
            String request =
                    """
                    GET /connection/websocket?n=%d HTTP/1.1
                    Host: localhost
                    Upgrade: websocket
                    Connection: Upgrade
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """
                            .formatted(index)
                            .replace("\n", "\r\n");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            List<String> head = head(in);
            if (head.getFirst().contains(" 101 ")) {
                assertThat(head)
                        .anySatisfy(line ->
                                assertThat(line)
                                        .isEqualToIgnoringCase(
                                                "Sec-WebSocket-Accept:"
                                                        + " s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
            }
            return new Client(socket, in, head.getFirst());
        }

        private static List<String> head(DataInputStream in) throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString().lines().toList();
        }

        /// The texts of all frames before the one that says `end`.
        List<String> untilEnd() throws IOException {
            var texts = new ArrayList<String>();
            while (true) {
                assertThat(in.readUnsignedByte()).as("a single text frame").isEqualTo(0x81);
                int length = in.readUnsignedByte();
                if (length == 126) {
                    length = in.readUnsignedShort();
                }
                assertThat(length).as("no mask, no length of eight bytes").isLessThan(65_536);
                String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                if (text.equals("end")) {
                    return texts;
                }
                texts.add(text);
            }
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
