package io.grandstand.quiz;

import io.grandstand.protocol.TrustedHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/// When the gateway received an answer.
final class ReceiveTime {
    /// 18 digits always fit a `long`; microseconds since the epoch have 16.
    private static final int DIGITS_MAX = 18;

    private ReceiveTime() {}

    /// In ms since the epoch: the gateway's header, or the record's timestamp where that is absent
    /// or not a number.
    static long of(Headers headers, long timestamp) {
        Header header = headers.lastHeader(TrustedHeaders.RECEIVED_US);
        if (header == null || header.value() == null || !isNumber(header.value())) {
            return timestamp;
        }
        return Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII)) / 1000;
    }

    private static boolean isNumber(byte[] text) {
        for (byte digit : text) {
            if (digit < '0' || digit > '9') {
                return false;
            }
        }
        return text.length > 0 && text.length <= DIGITS_MAX;
    }
}
