package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// What a client makes of the gateway's bytes, by code that is not the gateway's.
final class Received {
    private static final byte[] RESPONSE_HEAD =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] DEFLATE_TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private Received() {}

    /// A WebSocket frame.
    ///
    /// @param rsv the three bits for extensions; 4 is the first of them
    record Frame(Class<?> type, boolean isFinal, int rsv, byte[] payload) {}

    /// The frames in `bytes`, by Netty's decoder.
    static List<Frame> frames(byte[] bytes) {
        var decoder =
                new EmbeddedChannel(
                        new WebSocket13FrameDecoder(
                                WebSocketDecoderConfig.newBuilder()
                                        .expectMaskedFrames(false)
                                        .allowExtensions(true)
                                        .maxFramePayloadLength(1 << 20)
                                        .build()));
        var frames = new ArrayList<Frame>();
        decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
        for (WebSocketFrame frame = decoder.readInbound();
                frame != null;
                frame = decoder.readInbound()) {
            frames.add(
                    new Frame(
                            frame.getClass(),
                            frame.isFinalFragment(),
                            frame.rsv(),
                            ByteBufUtil.getBytes(frame.content())));
            frame.release();
        }
        decoder.finishAndReleaseAll();
        return frames;
    }

    /// The body of a chunked response.
    ///
    /// @param isComplete whether its last chunk was there
    record Body(byte[] bytes, boolean isComplete) {}

    /// What `chunks` come to as the body of an HTTP response, by Netty's decoder.
    static Body body(byte[] chunks) {
        var decoder = new EmbeddedChannel(new HttpResponseDecoder());
        decoder.writeInbound(Unpooled.wrappedBuffer(RESPONSE_HEAD), Unpooled.wrappedBuffer(chunks));
        var body = new ByteArrayOutputStream();
        boolean isComplete = false;
        for (Object part = decoder.readInbound(); part != null; part = decoder.readInbound()) {
            if (part instanceof HttpContent content) {
                ByteBuf bytes = content.content();
                body.writeBytes(ByteBufUtil.getBytes(bytes));
                bytes.release();
                isComplete |= content instanceof LastHttpContent;
            }
        }
        decoder.finishAndReleaseAll();
        return new Body(body.toByteArray(), isComplete);
    }

    /// The message in the payload of a compressed frame, by the JDK's inflater, which goes on with
    /// the window of earlier messages as a client's does.
    static byte[] inflated(Inflater inflater, byte[] payload) throws DataFormatException {
        var message = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (byte[] input : List.of(payload, DEFLATE_TAIL)) {
            inflater.setInput(input);
            while (!inflater.needsInput()) {
                message.write(buffer, 0, inflater.inflate(buffer));
            }
        }
        // What fills the last buffer may leave something behind.
        for (int more = inflater.inflate(buffer); more > 0; more = inflater.inflate(buffer)) {
            message.write(buffer, 0, more);
        }
        return message.toByteArray();
    }
}
