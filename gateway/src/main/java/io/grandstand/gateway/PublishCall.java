package io.grandstand.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.grandstand.protocol.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The argument of the procedure `publish`.
///
/// @param channel where to publish
/// @param data one raw JSON value
/// @param headers further headers of the record; none that the gateway stamps
/// @param id names this publish among the player's, so that it may be repeated; empty for none
record PublishCall(String channel, byte[] data, Map<String, String> headers, String id) {
    /// Longest id, in characters.
    static final int ID_LENGTH_MAX = 64;

    /// Most headers, and their most characters, names and values together.
    static final int HEADERS_MAX = 16;

    static final int HEADER_CHARACTERS_MAX = 4096;

    /// Names that begin so are the gateway's own.
    private static final String TRUSTED = "gs-";

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build();

    /// The call in `json`, or null where it is none.
    static @Nullable PublishCall parse(byte[] json) {
        if (!RawJson.isOneValue(json)) {
            // A Protobuf client may send anything, which the parser might take for UTF-16.
            return null;
        }
        String channel = "";
        byte[] data = new byte[0];
        Map<String, String> headers = Map.of();
        String id = "";
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "channel" -> channel = text(parser);
                    case "id" -> id = text(parser);
                    case "headers" -> headers = headers(parser);
                    case "data" -> data = raw(parser, json);
                    default -> parser.skipChildren();
                }
            }
        } catch (IOException notACall) {
            return null;
        }
        return id.length() > ID_LENGTH_MAX || !areAllowed(headers)
                ? null
                : new PublishCall(channel, data, headers, id);
    }

    /// What a publish is answered with; `offset` is Kafka's, the wire's is one more.
    static byte[] answer(int partition, long offset, String epoch) {
        return "{\"partition\":%d,\"offset\":%d,\"epoch\":\"%s\",\"wire_offset\":%d}"
                .formatted(partition, offset, epoch, offset + 1)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean areAllowed(Map<String, String> headers) {
        int characters = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().isEmpty() || header.getKey().startsWith(TRUSTED)) {
                return false;
            }
            characters += header.getKey().length() + header.getValue().length();
        }
        return headers.size() <= HEADERS_MAX && characters <= HEADER_CHARACTERS_MAX;
    }

    private static Map<String, String> headers(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("headers are no object");
        }
        var headers = new LinkedHashMap<String, String>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            headers.put(name, text(parser));
        }
        return headers;
    }

    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new IOException("not a string");
        }
        return parser.getText();
    }

    private static byte[] raw(JsonParser parser, byte[] json) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return RawJson.onOneLine(Arrays.copyOfRange(json, start, end));
    }
}
