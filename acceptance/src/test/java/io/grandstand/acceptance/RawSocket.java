package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A WebSocket client on a bare socket, which reads when it is told to and not before.
final class RawSocket implements AutoCloseable {
    private static final int FINAL_TEXT = 0x81;
    private static final int CLOSE = 8;

    private final Socket socket;
    private final DataInputStream in;
    private final String head;

    /// Connects as `player`; the receive buffer is small, so that not reading is soon felt.
    RawSocket(TestGateway gateway, String player) throws IOException {
        this(gateway, player, new Socket());
    }

    /// Connects as `player` over `socket`, which is not connected yet.
    RawSocket(TestGateway gateway, String player, Socket socket) throws IOException {
        this(gateway, "/connection/websocket", "", socket);
        send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(gateway.token(player)));
        if (!read().contains("\"connect\"")) {
            throw new IOException("not connected");
        }
    }

    /// Upgrades at `path` and says nothing. `headers` are further lines, each with its line end.
    RawSocket(TestGateway gateway, String path, String headers) throws IOException {
        this(gateway, path, headers, new Socket());
    }

    private RawSocket(TestGateway gateway, String path, String headers, Socket socket)
            throws IOException {
        this.socket = socket;
        socket.setReceiveBufferSize(8 << 10);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        socket.getOutputStream()
                .write(
                        """
                        GET %s HTTP/1.1\r
                        Host: 127.0.0.1\r
                        Upgrade: websocket\r
                        Connection: Upgrade\r
                        Sec-WebSocket-Version: 13\r
                        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                        %s\r
                        """
                                .formatted(path, headers)
                                .getBytes(UTF_8));
        head = readHead();
    }

    /// The head of the server's answer.
    String head() {
        return head;
    }

    /// Sends a text frame of less than 64 KiB, masked with zeros as RFC 6455 lets a client.
    void send(String text) throws IOException {
        send(FINAL_TEXT, text.getBytes(UTF_8));
    }

    /// Sends a frame of any kind.
    void send(int firstByte, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.write(new byte[4]);
        frame.write(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /// One frame.
    record Frame(int firstByte, byte[] payload) {}

    Frame readFrame() throws IOException {
        int firstByte = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        return new Frame(firstByte, in.readNBytes(length));
    }

    /// The next frame's text; of a close frame, code and reason.
    String read() throws IOException {
        Frame frame = readFrame();
        byte[] payload = frame.payload();
        if ((frame.firstByte() & 0x0f) == CLOSE) {
            int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
            return code + " " + new String(payload, 2, payload.length - 2, UTF_8);
        }
        return new String(payload, UTF_8);
    }

    /// Reads on until the close frame; returns its code and reason.
    String readToEnd() throws IOException {
        while (true) {
            String text = read();
            if (!text.startsWith("{")) {
                return text;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readHead() throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + head);
        }
        return head.toString();
    }
}
