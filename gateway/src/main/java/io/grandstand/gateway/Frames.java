package io.grandstand.gateway;

/// WebSocket frames made by hand, so that one array of bytes serves every recipient: a server's
/// frames carry no mask (RFC 6455, 5.1).
final class Frames {
    private static final int FINAL_TEXT = 0x81;

    private Frames() {}

    /// A whole text frame with `payload`, which must be UTF-8.
    static byte[] text(byte[] payload) {
        int length = payload.length;
        int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        byte[] frame = new byte[header + length];
        frame[0] = (byte) FINAL_TEXT;
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
}
