package io.grandstand.gateway;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// The payloads of `permessage-deflate` (RFC 7692) without context takeover: each message stands
/// for itself, so a compressed broadcast can be shared and a connection keeps no state.
final class Deflate {
    /// What the server answers to an offer.
    static final String RESPONSE =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    /// Ends every flushed block; left out on the wire (RFC 7692, 7.2.1).
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    // One per thread that encodes or decodes, all of which live as long as the gateway.
    private static final ThreadLocal<Deflater> DEFLATER =
            ThreadLocal.withInitial(() -> new Deflater(Deflater.DEFAULT_COMPRESSION, true));
    private static final ThreadLocal<Inflater> INFLATER =
            ThreadLocal.withInitial(() -> new Inflater(true));

    private Deflate() {}

    /// Whether one of the extensions that a client offers can be accepted. One that limits the
    /// server's window cannot: the JDK's compressor has only the whole one.
    static boolean isOfferedIn(@Nullable String extensions) {
        if (extensions == null) {
            return false;
        }
        for (String offer : extensions.split(",", -1)) {
            String[] parameters = offer.trim().split(";", -1);
            if (parameters[0].trim().equalsIgnoreCase("permessage-deflate")
                    && !offer.contains("server_max_window_bits")) {
                return true;
            }
        }
        return false;
    }

    static byte[] compress(byte[] payload) {
        Deflater deflater = DEFLATER.get();
        deflater.reset();
        deflater.setInput(payload);
        byte[] buffer = new byte[payload.length / 2 + 64];
        int length = 0;
        while (true) {
            length += deflater.deflate(buffer, length, buffer.length - length, Deflater.SYNC_FLUSH);
            if (length < buffer.length) {
                return Arrays.copyOf(buffer, length - TAIL.length);
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
    }

    /// The message in `payload`, or null where it is damaged or larger than `bytesMax`: what a few
    /// bytes unpack to is not known before.
    static byte @Nullable [] expand(byte[] payload, int bytesMax) {
        Inflater inflater = INFLATER.get();
        inflater.reset();
        byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
        System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
        inflater.setInput(input);
        var message = new ByteArrayOutputStream(payload.length * 3);
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                int length = inflater.inflate(buffer);
                if (length == 0) {
                    return inflater.needsDictionary() ? null : message.toByteArray();
                }
                if (message.size() + length > bytesMax) {
                    return null;
                }
                message.write(buffer, 0, length);
            }
        } catch (DataFormatException damaged) {
            return null;
        }
    }
}
