package io.grandstand.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The data of a message of the load generator: `{"s":12,"t":345,"p":"xxx"}`.
///
/// `s` is the message's sequence number on its channel, `t` when it was meant to be sent
/// (`System.nanoTime()`, which all processes of a machine share on Linux), `p` fills it up.
final class Payload {
    /// Enough for the two longest numbers.
    static final int BYTES_MIN = 64;

    private static final byte[] SEQUENCE = "{\"s\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TIME = ",\"t\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PADDING = ",\"p\":\"".getBytes(StandardCharsets.US_ASCII);

    private Payload() {}

    /// A payload of exactly `size` bytes, at least `BYTES_MIN`.
    static byte[] of(long sequence, long timeNs, int size) {
        if (size < BYTES_MIN) {
            throw new IllegalArgumentException(
                    "a payload of %d bytes: must have %d or more".formatted(size, BYTES_MIN));
        }
        byte[] head =
                ("{\"s\":" + sequence + ",\"t\":" + timeNs + ",\"p\":\"")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] payload = Arrays.copyOf(head, size);
        Arrays.fill(payload, head.length, size - 2, (byte) 'x');
        payload[size - 2] = '"';
        payload[size - 1] = '}';
        return payload;
    }

    /// The sequence number of the payload that begins at `from`.
    ///
    /// @throws MalformedException if it is none of ours
    static long sequence(byte[] bytes, int from, int to) {
        return number(bytes, expect(SEQUENCE, bytes, from, to), to);
    }

    /// When the payload that begins at `from` was meant to be sent.
    ///
    /// @throws MalformedException if it is none of ours
    static long timeNs(byte[] bytes, int from, int to) {
        int at = expect(SEQUENCE, bytes, from, to);
        while (at < to && bytes[at] != ',') {
            at++;
        }
        int end = expect(TIME, bytes, at, to);
        long time = number(bytes, end, to);
        while (end < to && bytes[end] != ',') {
            end++;
        }
        expect(PADDING, bytes, end, to);
        return time;
    }

    private static int expect(byte[] text, byte[] bytes, int from, int to) {
        if (from + text.length > to
                || !Arrays.equals(text, 0, text.length, bytes, from, from + text.length)) {
            throw new MalformedException("a payload that the load generator did not make");
        }
        return from + text.length;
    }

    private static long number(byte[] bytes, int from, int to) {
        boolean isNegative = from < to && bytes[from] == '-';
        int at = isNegative ? from + 1 : from;
        long number = 0;
        int digits = 0;
        for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++) {
            number = number * 10 + bytes[at] - '0';
        }
        if (digits == 0) {
            throw new MalformedException("a payload without a number");
        }
        return isNegative ? -number : number;
    }
}
