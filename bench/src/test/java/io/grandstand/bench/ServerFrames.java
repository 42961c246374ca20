package io.grandstand.bench;

import java.io.ByteArrayOutputStream;

/// Frames as a server sends them, for tests of what reads them.
final class ServerFrames {
    static final int TEXT = 0x81;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;

    private ServerFrames() {}

    /// A whole frame with this first byte.
    static byte[] frame(int first, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(payload);
        return out.toByteArray();
    }
}
