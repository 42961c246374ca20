package io.grandstand.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.grandstand.protocol.Codec.Malformed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the JSON objects of a frame, field by field. A value of the wrong type or out of its range
/// is `Malformed`; null stands for the zero value.
final class JsonReader implements AutoCloseable {
    private final JsonParser parser;
    private final byte[] frame;

    /// Reads one object, standing on its start, and leaves the reader on its end.
    interface ObjectReader<T> {
        T read(JsonReader in) throws IOException, Malformed;
    }

    /// @param factory see `factory`
    JsonReader(JsonFactory factory, byte[] frame) throws IOException, Malformed {
        if (!RawJson.isPlainUtf8(frame)) {
            throw new Malformed("not UTF-8");
        }
        this.parser = factory.createParser(frame);
        this.frame = frame;
    }

    /// Parsers that refuse objects and lists nested deeper than `nestingMax`.
    static JsonFactory factory(int nestingMax) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(nestingMax).build())
                // Field names come from strangers: no place for them in the JVM's table of strings.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /// Steps to the next value of the frame itself; false at its end.
    boolean nextValue() throws IOException {
        return parser.nextToken() != null;
    }

    /// Steps to the next field of the current object and onto its value; false at the object's end.
    boolean nextField() throws IOException {
        if (parser.nextToken() == JsonToken.END_OBJECT) {
            return false;
        }
        parser.nextToken();
        return true;
    }

    String field() throws IOException {
        return parser.currentName();
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    <T> T object(ObjectReader<T> reader) throws IOException, Malformed {
        expect(JsonToken.START_OBJECT);
        return reader.read(this);
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    String text() throws IOException, Malformed {
        if (isNull()) {
            return "";
        }
        expect(JsonToken.VALUE_STRING);
        return whole(parser.getText());
    }

    boolean bool() throws IOException, Malformed {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw unexpected();
        };
    }

    /// An unsigned number that is kept in a signed long.
    long unsigned() throws IOException, Malformed {
        return number(0, Long.MAX_VALUE);
    }

    long uint32() throws IOException, Malformed {
        return number(0, 0xffff_ffffL);
    }

    /// An unsigned number that is kept in a signed int.
    int code() throws IOException, Malformed {
        return (int) number(0, Integer.MAX_VALUE);
    }

    /// As `code`, but longer times than its 68 years are cut to them.
    int seconds() throws IOException, Malformed {
        return (int) Math.min(uint32(), Integer.MAX_VALUE);
    }

    int int32() throws IOException, Malformed {
        return (int) number(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    long int64() throws IOException, Malformed {
        return number(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// The bytes of the value, as they are in the frame but on one line.
    byte[] json() throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return RawJson.onOneLine(frame, start, end);
    }

    <T> List<T> objects(ObjectReader<T> reader) throws IOException, Malformed {
        if (isNull()) {
            return List.of();
        }
        expect(JsonToken.START_ARRAY);
        var values = new ArrayList<T>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(object(reader));
        }
        return List.copyOf(values);
    }

    List<String> texts() throws IOException, Malformed {
        if (isNull()) {
            return List.of();
        }
        expect(JsonToken.START_ARRAY);
        var values = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(text());
        }
        return List.copyOf(values);
    }

    Map<String, String> textMap() throws IOException, Malformed {
        return map(JsonReader::text);
    }

    <T> Map<String, T> objectMap(ObjectReader<T> reader) throws IOException, Malformed {
        return map(in -> in.object(reader));
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private <T> Map<String, T> map(ObjectReader<T> value) throws IOException, Malformed {
        if (isNull()) {
            return Map.of();
        }
        expect(JsonToken.START_OBJECT);
        var values = new HashMap<String, T>();
        while (nextField()) {
            String key = whole(field());
            values.put(key, value.read(this));
        }
        // Not Map.copyOf, in which strangers' keys of one hash cost the square of their number.
        return Collections.unmodifiableMap(values);
    }

    private long number(long min, long max) throws IOException, Malformed {
        if (isNull()) {
            return 0;
        }
        expect(JsonToken.VALUE_NUMBER_INT);
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw outOfRange();
        }
        long value = parser.getLongValue();
        if (value < min || value > max) {
            throw outOfRange();
        }
        return value;
    }

    /// JSON can escape half a surrogate pair, which is no text and cannot be sent on.
    private static String whole(String text) throws Malformed {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new Malformed("half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private void expect(JsonToken token) throws Malformed {
        if (parser.currentToken() != token) {
            throw unexpected();
        }
    }

    private Malformed unexpected() {
        return new Malformed("unexpected " + parser.currentToken());
    }

    private static Malformed outOfRange() {
        return new Malformed("number out of range");
    }
}
