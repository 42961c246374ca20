package io.grandstand.bench;

import java.nio.charset.StandardCharsets;

/// Takes a server's WebSocket frames (RFC 6455, 5.2) out of received bytes, without an object per
/// frame. Has no state: what is not a whole frame yet stays with the caller.
final class FrameDecoder {
    /// The longest frame that is accepted; a longer one is a fault of the server.
    static final int FRAME_BYTES_MAX = 1 << 20;

    private static final int FINAL = 0x80;
    private static final int OPCODE = 0x0f;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;

    /// Takes what was found. The bytes are good until the method returns.
    interface Sink {
        /// A whole message, text or binary.
        void message(byte[] bytes, int from, int to);

        /// A ping, to be answered with the same bytes.
        void ping(byte[] bytes, int from, int to);

        /// The server closes.
        ///
        /// @param code 1005 where it gave none
        void closing(int code, String reason);
    }

    private FrameDecoder() {}

    /// Takes the whole frames from `bytes[from, to)`; returns where the first incomplete one
    /// begins.
    ///
    /// @throws MalformedException for what a server must not send; fragments and compressed frames
    ///   count as that, because none was asked for
    static int decode(byte[] bytes, int from, int to, Sink sink) {
        int at = from;
        while (to - at >= 2) {
            int first = bytes[at] & 0xff;
            int length = bytes[at + 1] & 0xff;
            int payload = at + 2;
            if ((first & 0xf0) != FINAL || length > 127) {
                throw new MalformedException("a frame that begins with 0x%02x".formatted(first));
            }
            if (length == 126) {
                if (to - at < 4) {
                    break;
                }
                length = ((bytes[at + 2] & 0xff) << 8) | (bytes[at + 3] & 0xff);
                payload = at + 4;
            } else if (length == 127) {
                if (to - at < 10) {
                    break;
                }
                length = bounded(bytes, at + 2);
                payload = at + 10;
            }
            if (to - payload < length) {
                break;
            }
            int end = payload + length;
            frame(first & OPCODE, bytes, payload, end, sink);
            at = end;
        }
        return at;
    }

    private static void frame(int opcode, byte[] bytes, int from, int to, Sink sink) {
        switch (opcode) {
            case TEXT, BINARY -> sink.message(bytes, from, to);
            case PING -> sink.ping(bytes, from, to);
            case PONG -> {}
            case CLOSE ->
                    sink.closing(
                            to - from < 2
                                    ? 1005
                                    : ((bytes[from] & 0xff) << 8) | (bytes[from + 1] & 0xff),
                            to - from < 2
                                    ? ""
                                    : new String(
                                            bytes,
                                            from + 2,
                                            to - from - 2,
                                            StandardCharsets.UTF_8));
            default -> throw new MalformedException("a frame with opcode " + opcode);
        }
    }

    private static int bounded(byte[] bytes, int at) {
        long length = 0;
        for (int i = 0; i < 8; i++) {
            length = (length << 8) | (bytes[at + i] & 0xff);
        }
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new MalformedException("a frame of %d bytes".formatted(length));
        }
        return (int) length;
    }
}
