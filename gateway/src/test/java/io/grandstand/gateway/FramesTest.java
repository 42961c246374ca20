package io.grandstand.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    /// The lengths at which the header changes its form.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 200_000})
    void aFrameMadeByHandIsReadByAnotherImplementation(int length) {
        byte[] payload = "x".repeat(length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var reader =
                new EmbeddedChannel(
                        new WebSocket13FrameDecoder(
                                WebSocketDecoderConfig.newBuilder()
                                        .expectMaskedFrames(false)
                                        .maxFramePayloadLength(1 << 20)
                                        .build()));
        reader.writeInbound(Unpooled.wrappedBuffer(Frames.text(payload)));
        TextWebSocketFrame frame = reader.readInbound();
        assertThat(frame.isFinalFragment()).isTrue();
        assertThat(io.netty.buffer.ByteBufUtil.getBytes(frame.content())).isEqualTo(payload);
        frame.release();
    }
}
