package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.protocol.TrustedHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ReceiveTimeTest {
    @Test
    void theGatewaysMicrosecondsAreCutToMilliseconds() {
        check(stamped("1700000000123999"), 1_700_000_000_123L);
        check(stamped("0"), 0);
    }

    @Test
    void withoutTheHeaderTheRecordsTimestampCounts() {
        check(new RecordHeaders(), 42);
    }

    @Test
    void whatIsNoNumberIsAsIfItWereNotThere() {
        for (String malformed :
                new String[] {"", "-5", "+5", "1e9", " 1", "٣", "1234567890123456789"}) {
            check(stamped(malformed), 42);
        }
        check(new RecordHeaders().add(TrustedHeaders.RECEIVED_US, null), 42);
    }

    @Test
    void theLastHeaderOfTheNameCounts() {
        check(stamped("1000").add(TrustedHeaders.RECEIVED_US, bytes("2000")), 2);
    }

    private static void check(Headers headers, long ms) {
        assertThat(ReceiveTime.of(headers, 42)).isEqualTo(ms);
    }

    private static Headers stamped(String value) {
        return new RecordHeaders().add(TrustedHeaders.RECEIVED_US, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
