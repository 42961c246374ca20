package io.grandstand.gateway.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Reads the JSON of a token value by value, each by the type it must have; a wrong type ends in a
/// `ClaimException` that names the claim, whatever is not JSON in an `IOException`.
///
/// A field that is null counts as absent. A field that stands twice makes the token ambiguous, and
/// so invalid.
final class ClaimParser implements AutoCloseable {
    /// The last second of the year 9999: later ones are nonsense, and hard to print.
    private static final long SECONDS_MAX = 253_402_300_799L;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(100).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private final char[] json;
    private final JsonParser parser;

    /// Stands on the first value of `json`.
    ClaimParser(String json) throws IOException {
        this.json = json.toCharArray();
        this.parser = FACTORY.createParser(this.json);
        var _ = parser.nextToken();
    }

    /// Reads a value that it stands on, to its end.
    @FunctionalInterface
    interface ValueReader<T> {
        T read() throws IOException, ClaimException;
    }

    /// Reads the value of a field that it stands on, to its end.
    @FunctionalInterface
    interface FieldReader {
        void read(String field) throws IOException, ClaimException;
    }

    /// Hands every field of an object to `fields`.
    void object(String claim, FieldReader fields) throws IOException, ClaimException {
        expect(JsonToken.START_OBJECT, claim, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                fields.read(field);
            }
        }
    }

    <T> List<T> list(String claim, ValueReader<T> items) throws IOException, ClaimException {
        expect(JsonToken.START_ARRAY, claim, "a list");
        var list = new ArrayList<T>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(items.read());
        }
        return list;
    }

    List<String> texts(String claim) throws IOException, ClaimException {
        return list(claim, () -> text(claim));
    }

    /// A list of texts, or a single one outside a list.
    List<String> oneOrMoreTexts(String claim) throws IOException, ClaimException {
        return parser.currentToken() == JsonToken.VALUE_STRING
                ? List.of(text(claim))
                : texts(claim);
    }

    String text(String claim) throws IOException, ClaimException {
        expect(JsonToken.VALUE_STRING, claim, "text");
        String text = parser.getText();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            // Half a character: two such names could become one key.
            throw wrong(claim, "Unicode text");
        }
        return text;
    }

    /// Seconds since the epoch, whole or not (RFC 7519, 2).
    Instant instant(String claim) throws IOException, ClaimException {
        if (!parser.currentToken().isNumeric()) {
            throw wrong(claim, "a number");
        }
        double seconds = parser.getDoubleValue();
        if (!(Math.abs(seconds) <= SECONDS_MAX)) {
            throw wrong(claim, "a time before the year 10000");
        }
        return Instant.ofEpochMilli((long) Math.floor(seconds * 1000));
    }

    /// A whole number from 0 to `max`.
    long integer(String claim, long max) throws IOException, ClaimException {
        expect(JsonToken.VALUE_NUMBER_INT, claim, "a whole number");
        boolean isLong = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!isLong || parser.getLongValue() < 0 || parser.getLongValue() > max) {
            throw wrong(claim, "from 0 to " + max);
        }
        return parser.getLongValue();
    }

    boolean bool(String claim) throws ClaimException {
        if (!parser.currentToken().isBoolean()) {
            throw wrong(claim, "a boolean");
        }
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    byte[] base64(String claim) throws IOException, ClaimException {
        try {
            return Base64.getDecoder().decode(text(claim));
        } catch (IllegalArgumentException e) {
            throw wrong(claim, "Base64");
        }
    }

    /// Any value, as it stands in the token.
    byte[] raw() throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        skip();
        parser.finishToken();
        int end = (int) parser.currentLocation().getCharOffset();
        return new String(json, start, end - start).getBytes(StandardCharsets.UTF_8);
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    /// Nothing may follow.
    void end() throws IOException, ClaimException {
        if (parser.nextToken() != null) {
            throw new ClaimException("the payload is more than one JSON value");
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private void expect(JsonToken token, String claim, String what) throws ClaimException {
        if (parser.currentToken() != token) {
            throw wrong(claim, what);
        }
    }

    private static ClaimException wrong(String claim, String what) {
        return new ClaimException(
                (claim.isEmpty() ? "the payload" : "claim " + claim) + " is not " + what);
    }
}
