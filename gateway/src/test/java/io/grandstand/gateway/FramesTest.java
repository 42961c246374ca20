package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    /// In the three bits for extensions.
    private static final int COMPRESSED = 4;

    /// The lengths at which the header changes its form, and their neighbours.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 200_000})
    void aFrameMadeByHandIsReadByAnotherImplementation(int length) {
        byte[] payload = "x".repeat(length).getBytes(US_ASCII);
        check(Frames.text(payload), TextWebSocketFrame.class, 0, payload);
        check(Frames.binary(payload), BinaryWebSocketFrame.class, 0, payload);
        check(Frames.deflatedText(payload), TextWebSocketFrame.class, COMPRESSED, payload);
        check(Frames.deflatedBinary(payload), BinaryWebSocketFrame.class, COMPRESSED, payload);
    }

    /// RFC 6455, 5.2: the length in as few bytes as it fits in, and no mask.
    @ParameterizedTest
    @CsvSource({
        "0, 81 00",
        "125, 81 7d",
        "126, 81 7e 00 7e",
        "65535, 81 7e ff ff",
        "65536, 81 7f 00 00 00 00 00 01 00 00",
        "16909060, 81 7f 00 00 00 00 01 02 03 04",
    })
    void theHeaderIsAsShortAsItCanBe(int length, String header) {
        byte[] frame = Frames.text(new byte[length]);
        int headerLength = frame.length - length;
        var written = new StringBuilder();
        for (int i = 0; i < headerLength; i++) {
            written.append(i == 0 ? "" : " ").append("%02x".formatted(frame[i]));
        }
        assertThat(written.toString()).isEqualTo(header);
    }

    @Property(tries = 200)
    void framesBehindEachOtherAreReadOneByOne(
            @ForAll @Size(max = 20) List<@IntRange(max = 70_000) Integer> lengths) {
        var sent = new ByteArrayOutputStream();
        for (int length : lengths) {
            sent.writeBytes(Frames.binary(new byte[length]));
        }
        assertThat(Received.frames(sent.toByteArray()))
                .extracting(frame -> frame.payload().length)
                .isEqualTo(lengths);
    }

    @Property(tries = 200)
    void chunksAreReadAsOneBodyByAnotherImplementation(
            @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 70_000) Integer> lengths) {
        var sent = new ByteArrayOutputStream();
        var expected = new ByteArrayOutputStream();
        for (int length : lengths) {
            byte[] payload = "x".repeat(length).getBytes(US_ASCII);
            sent.writeBytes(Frames.chunk(payload));
            expected.writeBytes(payload);
        }
        assertThat(Received.body(sent.toByteArray()).isComplete()).isFalse();
        sent.writeBytes(Frames.lastChunk());
        Received.Body body = Received.body(sent.toByteArray());
        assertThat(body.isComplete()).isTrue();
        assertThat(body.bytes()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aLineAndAnEventEndAsTheirFormatsSay() {
        byte[] payload = "{}".getBytes(US_ASCII);
        assertThat(text(Frames.lineChunk(payload))).isEqualTo("{}\n");
        assertThat(text(Frames.eventChunk(payload))).isEqualTo("data: {}\n\n");
    }

    private static String text(byte[] chunk) {
        return new String(Received.body(chunk).bytes(), US_ASCII);
    }

    private static void check(byte[] bytes, Class<?> type, int rsv, byte[] payload) {
        List<Received.Frame> frames = Received.frames(bytes);
        assertThat(frames).hasSize(1);
        Received.Frame frame = frames.getFirst();
        assertThat(frame.type()).isEqualTo(type);
        assertThat(frame.isFinal()).isTrue();
        assertThat(frame.rsv()).isEqualTo(rsv);
        assertThat(frame.payload()).isEqualTo(payload);
    }
}
