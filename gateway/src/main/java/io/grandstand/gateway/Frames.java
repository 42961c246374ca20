package io.grandstand.gateway;

import java.nio.charset.StandardCharsets;

/// Frames made by hand, so that one array of bytes serves every recipient: those of a WebSocket
/// (RFC 6455, 5.1: a server's frames carry no mask), and chunks of an HTTP response (RFC 9112,
/// 7.1).
final class Frames {
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    /// Most bytes of a close frame's reason: a control frame carries 125, two of them for the code.
    private static final int REASON_BYTES_MAX = 123;

    private static final byte[] LINE_END = {'\n'};
    private static final byte[] EVENT_START = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = {'\n', '\n'};

    private Frames() {}

    /// A whole text frame with `payload`, which must be UTF-8.
    static byte[] text(byte[] payload) {
        return webSocket(FINAL | TEXT, payload);
    }

    static byte[] binary(byte[] payload) {
        return webSocket(FINAL | BINARY, payload);
    }

    /// A whole text frame whose `payload` went through `Deflate`.
    static byte[] deflatedText(byte[] payload) {
        return webSocket(FINAL | COMPRESSED | TEXT, payload);
    }

    static byte[] deflatedBinary(byte[] payload) {
        return webSocket(FINAL | COMPRESSED | BINARY, payload);
    }

    static byte[] ping() {
        return webSocket(FINAL | PING, new byte[0]);
    }

    /// The answer to a ping, at most 125 bytes of which the payload repeats.
    static byte[] pong(byte[] payload) {
        return webSocket(FINAL | PONG, payload);
    }

    /// A close frame with the payload of the peer's own: code and reason, or nothing.
    static byte[] close(byte[] payload) {
        return webSocket(FINAL | CLOSE, payload);
    }

    /// A close frame; `reason` is plain ASCII of at most 123 characters.
    static byte[] close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        if (text.length > REASON_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "reason has %d bytes: at most %d fit".formatted(text.length, REASON_BYTES_MAX));
        }
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return close(payload);
    }

    static byte[] chunk(byte[] payload) {
        return chunk(new byte[0], payload, new byte[0]);
    }

    /// A chunk with one line.
    static byte[] lineChunk(byte[] payload) {
        return chunk(new byte[0], payload, LINE_END);
    }

    /// A chunk with one server-sent event.
    static byte[] eventChunk(byte[] payload) {
        return chunk(EVENT_START, payload, EVENT_END);
    }

    /// The chunk that ends a response.
    static byte[] lastChunk() {
        return "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] webSocket(int firstByte, byte[] payload) {
        int length = payload.length;
        int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        byte[] frame = new byte[header + length];
        frame[0] = (byte) firstByte;
        if (header == 2) {
            frame[1] = (byte) length;
        } else if (header == 4) {
            frame[1] = 126;
            frame[2] = (byte) (length >> 8);
            frame[3] = (byte) length;
        } else {
            frame[1] = 127;
            // A Java array is shorter than 2^31: the upper four bytes stay zero.
            frame[6] = (byte) (length >> 24);
            frame[7] = (byte) (length >> 16);
            frame[8] = (byte) (length >> 8);
            frame[9] = (byte) length;
        }
        System.arraycopy(payload, 0, frame, header, length);
        return frame;
    }

    private static byte[] chunk(byte[] before, byte[] payload, byte[] after) {
        int length = before.length + payload.length + after.length;
        byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[size.length + length + 2];
        int at = put(chunk, 0, size);
        at = put(chunk, at, before);
        at = put(chunk, at, payload);
        at = put(chunk, at, after);
        chunk[at] = '\r';
        chunk[at + 1] = '\n';
        return chunk;
    }

    private static int put(byte[] target, int at, byte[] source) {
        System.arraycopy(source, 0, target, at, source.length);
        return at + source.length;
    }
}
