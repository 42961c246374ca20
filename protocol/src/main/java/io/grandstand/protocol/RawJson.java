package io.grandstand.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// JSON that is passed on as it came, as bytes.
public final class RawJson {
    private RawJson() {}

    /// Whether `bytes` are exactly one JSON value in UTF-8. A value that is not would break the
    /// frame of every subscriber.
    public static boolean isOneValue(byte[] bytes) {
        return isPlainUtf8(bytes) && JsonScan.isOneValue(bytes);
    }

    /// The bytes without line breaks, which are white space in JSON and frame separators in the
    /// protocol. Returns `bytes` itself where it has none.
    public static byte[] onOneLine(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n' || b == '\r') {
                return onOneLine(bytes, 0, bytes.length);
            }
        }
        return bytes;
    }

    static byte[] onOneLine(byte[] bytes, int start, int end) {
        byte[] line = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b != '\n' && b != '\r') {
                line[length++] = b;
            }
        }
        return length == line.length ? line : Arrays.copyOf(line, length);
    }

    /// Whether `bytes` are UTF-8 that JSON can be written in: without a byte order mark, and
    /// without the character zero. The JSON parser takes both, and UTF-16 and other encodings that
    /// show in them, and is lenient with UTF-8; browsers are none of that.
    static boolean isPlainUtf8(byte[] bytes) {
        boolean ascii = true;
        for (byte b : bytes) {
            if (b == 0) {
                return false;
            }
            ascii &= b > 0;
        }
        if (ascii) {
            return true;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).get(0)
                    != '\ufeff';
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }
}
