package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RawJsonTest {
    @Test
    void oneValueIsOneValue() {
        for (String value : List.of("1", "null", " {\"é\":[\"\ud83c\udfcf\"]}\n", "\"\"")) {
            assertThat(RawJson.isOneValue(value.getBytes(UTF_8))).isTrue();
        }
        for (String value : List.of("", " ", "1 2", "{", "{}}", "nul", "'a'", "\"\u0000\"")) {
            assertThat(RawJson.isOneValue(value.getBytes(UTF_8))).as(value).isFalse();
        }
    }

    /// The parser would take all of these; a browser would drop the connection, or fail to parse.
    @Test
    void nothingButUtf8WithoutAMarkIsJson() {
        assertThat(RawJson.isOneValue("\ufeff1".getBytes(UTF_8))).isFalse();
        assertThat(RawJson.isOneValue("{\"a\":1}".getBytes(UTF_16LE))).isFalse();
        assertThat(RawJson.isOneValue("{\"a\":1}".getBytes(UTF_16BE))).isFalse();
        byte[] overlong = {'"', (byte) 0xc0, (byte) 0x80, '"'};
        assertThat(RawJson.isOneValue(overlong)).isFalse();
        byte[] surrogate = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};
        assertThat(RawJson.isOneValue(surrogate)).isFalse();
    }

    @Test
    void aValueIsPutOnOneLine() {
        byte[] lines = "{\n\"a\":\r\n1}\n".getBytes(UTF_8);
        assertThat(RawJson.onOneLine(lines)).asString(UTF_8).isEqualTo("{\"a\":1}");
        byte[] line = "{\"a\": 1}".getBytes(UTF_8);
        assertThat(RawJson.onOneLine(line)).isSameAs(line);
    }
}
