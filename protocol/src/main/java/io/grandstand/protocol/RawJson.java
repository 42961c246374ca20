package io.grandstand.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Arrays;

/// JSON that is passed on as it came, as bytes.
public final class RawJson {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(1000).build())
                    .build();

    private RawJson() {}

    /// Whether `bytes` are exactly one JSON value in UTF-8. A value that is not would break the
    /// frame of every subscriber.
    public static boolean isOneValue(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
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
}
