package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes what a client sends apart into WebSocket messages (RFC 6455, 5). Confined to one thread.
///
/// One for each connection, most of which are idle: it holds nothing between messages. A payload is
/// unmasked straight into the array that it is handed over in.
final class FrameReader {
    static final int PROTOCOL_ERROR = 1002;
    static final int TOO_BIG = 1009;

    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int RESERVED = 0x30;
    private static final int MASKED = 0x80;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private static final int CONTROL_BYTES_MAX = 125;
    private static final int MASK_BYTES = 4;

    private final Listener listener;
    private final boolean mayBeCompressed;
    private final int bytesMax;

    /// The part of a frame that came so far; null between frames.
    private @Nullable ByteBuf rest;

    /// The parts of a message that came so far; null between messages.
    private byte @Nullable [] parts;

    private boolean isCompressed;
    private boolean hasEnded;

    /// Hears what was read, in order.
    interface Listener {
        /// A whole message, text or binary.
        void message(byte[] payload, boolean isCompressed);

        void ping(byte[] payload);

        /// The peer closes; nothing is read after it.
        ///
        /// @param payload code and reason as sent, or empty
        void closing(byte[] payload);

        /// The peer broke the protocol; nothing is read after it. `code` is what to close with.
        void broken(int code);
    }

    /// @param mayBeCompressed whether the extension that uses the first reserved bit was agreed on
    /// @param bytesMax largest message
    FrameReader(Listener listener, boolean mayBeCompressed, int bytesMax) {
        this.listener = listener;
        this.mayBeCompressed = mayBeCompressed;
        this.bytesMax = bytesMax;
    }

    /// Reads what came; takes ownership of it.
    void read(ByteBuf bytes) {
        ByteBuf before = rest;
        ByteBuf all = bytes;
        if (before != null) {
            all = before.writeBytes(bytes);
            rest = null;
            bytes.release();
        }
        boolean isKept = false;
        try {
            while (!hasEnded && frame(all)) {
                // The listener was told.
            }
            if (!hasEnded && all.isReadable()) {
                // A copy at first, as the buffer read into is larger than what a waiting client
                // should hold; from then on it grows, so a large frame is not copied at each read.
                isKept = before != null;
                rest =
                        isKept
                                ? all.discardReadBytes()
                                : Unpooled.buffer(all.readableBytes()).writeBytes(all);
            }
        } finally {
            if (!isKept) {
                all.release();
            }
        }
    }

    /// Reads one frame; false where it is not whole.
    private boolean frame(ByteBuf in) {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable < 2) {
            return false;
        }
        int first = in.getUnsignedByte(start);
        int second = in.getUnsignedByte(start + 1);
        int opcode = first & 0xF;
        boolean isFinal = (first & FINAL) != 0;
        boolean isControl = opcode >= CLOSE;
        if ((second & MASKED) == 0
                || (first & RESERVED) != 0
                || ((first & COMPRESSED) != 0
                        && (!mayBeCompressed || (opcode != TEXT && opcode != BINARY)))
                || !isKnown(opcode)
                || (isControl && (!isFinal || (second & 0x7F) > CONTROL_BYTES_MAX))
                || (!isControl && (opcode == CONTINUATION) != (parts != null))) {
            return end(PROTOCOL_ERROR);
        }
        int lengthBytes =
                switch (second & 0x7F) {
                    case 126 -> 2;
                    case 127 -> 8;
                    default -> 0;
                };
        int header = 2 + lengthBytes + MASK_BYTES;
        if (readable < header) {
            return false;
        }
        long length =
                switch (lengthBytes) {
                    case 2 -> in.getUnsignedShort(start + 2);
                    case 8 -> in.getLong(start + 2);
                    default -> second & 0x7F;
                };
        if (length < 0) {
            return end(PROTOCOL_ERROR);
        }
        if (length + (parts == null || isControl ? 0 : parts.length) > bytesMax) {
            return end(TOO_BIG);
        }
        if (readable < header + length) {
            return false;
        }
        byte[] payload = unmasked(in, start + header, (int) length);
        in.readerIndex(start + header + (int) length);
        switch (opcode) {
            case PING -> listener.ping(payload);
            case PONG -> {}
            case CLOSE -> {
                if (payload.length == 1) {
                    return end(PROTOCOL_ERROR);
                }
                hasEnded = true;
                listener.closing(payload);
            }
            default -> data((first & COMPRESSED) != 0, isFinal, payload);
        }
        return true;
    }

    private void data(boolean compressed, boolean isFinal, byte[] payload) {
        byte[] before = parts;
        byte[] all = payload;
        if (before == null) {
            isCompressed = compressed;
        } else {
            all = Arrays.copyOf(before, before.length + payload.length);
            System.arraycopy(payload, 0, all, before.length, payload.length);
        }
        parts = isFinal ? null : all;
        if (isFinal) {
            listener.message(all, isCompressed);
        }
    }

    /// The payload whose mask ends before `start`.
    private static byte[] unmasked(ByteBuf in, int start, int length) {
        byte[] payload = new byte[length];
        in.getBytes(start, payload);
        int mask = in.getInt(start - MASK_BYTES);
        for (int i = 0; i < length; i++) {
            payload[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
        }
        return payload;
    }

    private boolean end(int code) {
        hasEnded = true;
        listener.broken(code);
        return false;
    }

    private static boolean isKnown(int opcode) {
        return switch (opcode) {
            case CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG -> true;
            default -> false;
        };
    }
}
