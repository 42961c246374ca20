package io.grandstand.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Scans JSON: one object a line.
final class JsonScanner implements Scanner {
    private static final byte[] ID = key("id");
    private static final byte[] PUSH = key("push");
    private static final byte[] CHANNEL = key("channel");
    private static final byte[] PUB = key("pub");
    private static final byte[] DATA = key("data");
    private static final byte[] OFFSET = key("offset");

    @Override
    public void scan(byte[] bytes, int from, int to, Push push, Sink sink) {
        int at = from;
        while (at < to) {
            at = message(bytes, at, to, push, sink);
            if (at < to && bytes[at] != '\n') {
                throw malformed(bytes, at, to);
            }
            at++;
        }
    }

    private static int message(byte[] bytes, int from, int to, Push push, Sink sink) {
        push.reset(bytes);
        long id = 0;
        boolean isEmpty = true;
        boolean isPublication = false;
        int at = open(bytes, from, to);
        while (bytes[at] != '}') {
            isEmpty = false;
            int key = at;
            at = afterKey(bytes, at, to);
            if (is(PUSH, bytes, key)) {
                isPublication = isPublication(bytes, at, to, push);
            } else if (is(ID, bytes, key)) {
                id = number(bytes, at, to);
            }
            at = afterMember(bytes, at, to);
        }
        at++;
        if (isEmpty) {
            sink.ping();
        } else if (isPublication) {
            sink.push(push);
        } else {
            sink.other(id, bytes, from, at);
        }
        return at;
    }

    /// Whether the push that begins at `from` holds a publication, whose parts `push` is told.
    private static boolean isPublication(byte[] bytes, int from, int to, Push push) {
        boolean found = false;
        int at = open(bytes, from, to);
        while (bytes[at] != '}') {
            int key = at;
            at = afterKey(bytes, at, to);
            if (is(CHANNEL, bytes, key)) {
                push.channelFrom = at + 1;
                push.channelTo = afterValue(bytes, at, to) - 1;
            } else if (is(PUB, bytes, key)) {
                publication(bytes, at, to, push);
                found = true;
            }
            at = afterMember(bytes, at, to);
        }
        return found;
    }

    private static void publication(byte[] bytes, int from, int to, Push push) {
        int at = open(bytes, from, to);
        while (bytes[at] != '}') {
            int key = at;
            at = afterKey(bytes, at, to);
            if (is(DATA, bytes, key)) {
                push.dataFrom = at;
                push.dataTo = afterValue(bytes, at, to);
            } else if (is(OFFSET, bytes, key)) {
                push.offset = number(bytes, at, to);
            }
            at = afterMember(bytes, at, to);
        }
    }

    /// Past the opening brace of an object.
    private static int open(byte[] bytes, int at, int to) {
        if (at + 1 >= to || bytes[at] != '{') {
            throw malformed(bytes, at, to);
        }
        return at + 1;
    }

    /// Past the key that begins at `at`, and its colon.
    private static int afterKey(byte[] bytes, int at, int to) {
        if (bytes[at] != '"') {
            throw malformed(bytes, at, to);
        }
        int colon = afterText(bytes, at, to);
        if (colon + 1 >= to || bytes[colon] != ':') {
            throw malformed(bytes, colon, to);
        }
        return colon + 1;
    }

    /// Past the value that begins at `at` and the comma behind it, if there is one: at the next key
    /// or the closing brace.
    private static int afterMember(byte[] bytes, int at, int to) {
        int end = afterValue(bytes, at, to);
        if (end < to && bytes[end] == ',') {
            end++;
        }
        if (end >= to) {
            throw malformed(bytes, end, to);
        }
        return end;
    }

    private static int afterValue(byte[] bytes, int from, int to) {
        int at = from;
        int depth = 0;
        while (at < to) {
            switch (bytes[at]) {
                case '"' -> at = afterText(bytes, at, to);
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                case ',', ':' -> at++;
                default -> at = afterScalar(bytes, at, to);
            }
            if (depth == 0) {
                return at;
            }
        }
        throw malformed(bytes, from, to);
    }

    private static int afterText(byte[] bytes, int from, int to) {
        for (int at = from + 1; at < to; at++) {
            if (bytes[at] == '"') {
                return at + 1;
            }
            if (bytes[at] == '\\') {
                at++;
            }
        }
        throw malformed(bytes, from, to);
    }

    private static int afterScalar(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ',' && bytes[at] != '}' && bytes[at] != ']') {
            at++;
        }
        return at;
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        int at = from;
        for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            number = number * 10 + bytes[at] - '0';
        }
        if (at == from) {
            throw malformed(bytes, from, to);
        }
        return number;
    }

    /// Whether this key stands at `at`. A key that reaches beyond the array is another one.
    private static boolean is(byte[] key, byte[] bytes, int at) {
        return at + key.length <= bytes.length
                && Arrays.equals(key, 0, key.length, bytes, at, at + key.length);
    }

    private static byte[] key(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    private static MalformedException malformed(byte[] bytes, int at, int to) {
        int end = Math.min(to, at + 60);
        return new MalformedException(
                "a message that is not compact JSON: ..."
                        + new String(bytes, at, Math.max(0, end - at), StandardCharsets.UTF_8));
    }
}
