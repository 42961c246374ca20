package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Writes one JSON object on one line into a growing array. A field of zero value is left out,
/// unless its method says otherwise.
final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

    private byte[] bytes;
    private int length;

    /// @param capacity a guess of how many bytes come
    JsonWriter(int capacity) {
        bytes = new byte[capacity];
    }

    JsonWriter begin() {
        put('{');
        return this;
    }

    /// Begins an object in a field.
    JsonWriter begin(String field) {
        name(field);
        put('{');
        return this;
    }

    JsonWriter end() {
        put('}');
        return this;
    }

    JsonWriter beginList(String field) {
        name(field);
        put('[');
        return this;
    }

    /// Begins an object in a list.
    JsonWriter beginElement() {
        comma();
        put('{');
        return this;
    }

    JsonWriter endList() {
        put(']');
        return this;
    }

    JsonWriter text(String field, String value) {
        return value.isEmpty() ? this : textAlways(field, value);
    }

    JsonWriter textAlways(String field, String value) {
        name(field);
        string(value);
        return this;
    }

    JsonWriter number(String field, long value) {
        return value == 0 ? this : numberAlways(field, value);
    }

    JsonWriter numberAlways(String field, long value) {
        name(field);
        ascii(Long.toString(value));
        return this;
    }

    JsonWriter bool(String field, boolean value) {
        if (value) {
            name(field);
            ascii("true");
        }
        return this;
    }

    /// A field whose value is JSON already. Line breaks, which are white space there, are dropped.
    JsonWriter json(String field, byte[] value) {
        if (value.length > 0) {
            name(field);
            raw(RawJson.onOneLine(value));
        }
        return this;
    }

    JsonWriter texts(String field, List<String> values) {
        if (!values.isEmpty()) {
            beginList(field);
            for (String value : values) {
                comma();
                string(value);
            }
            endList();
        }
        return this;
    }

    JsonWriter textMap(String field, Map<String, String> values) {
        if (!values.isEmpty()) {
            begin(field);
            values.forEach(this::textAlways);
            end();
        }
        return this;
    }

    byte[] toArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void name(String field) {
        comma();
        string(field);
        put(':');
    }

    private void comma() {
        byte last = bytes[length - 1];
        if (last != '{' && last != '[') {
            put(',');
        }
    }

    private void string(String text) {
        reserve(text.length() + 2);
        put('"');
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            bytes[length++] = (byte) text.charAt(plain++);
        }
        if (plain < text.length()) {
            escaped(text.substring(plain));
        }
        put('"');
    }

    private static boolean isPlain(int c) {
        return ' ' <= c && c < 0x80 && c != '"' && c != '\\';
    }

    private void escaped(String text) {
        // An unpaired surrogate becomes a question mark, so this never fails.
        for (byte b : text.getBytes(UTF_8)) {
            if (b < 0 || isPlain(b)) {
                put(b);
            } else {
                escape(b);
            }
        }
    }

    private void escape(byte b) {
        if (b >= ' ') {
            put('\\');
            put(b);
        } else {
            ascii("\\u00");
            put(HEX[b >> 4]);
            put(HEX[b & 15]);
        }
    }

    private void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void put(int b) {
        reserve(1);
        bytes[length++] = (byte) b;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
