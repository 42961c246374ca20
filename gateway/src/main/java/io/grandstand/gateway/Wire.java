package io.grandstand.gateway;

import io.grandstand.gateway.auth.AppData;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// How a server's messages look on one kind of connection, down to the last byte.
///
/// A message is turned into finished bytes once for each kind, and the bytes are shared by every
/// recipient; nothing behind this encodes anything.
enum Wire {
    WEBSOCKET_JSON(true, false),
    WEBSOCKET_JSON_DEFLATED(true, false),
    WEBSOCKET_PROTOBUF(false, false),
    WEBSOCKET_PROTOBUF_DEFLATED(false, false),
    STREAM_JSON(true, false),
    STREAM_PROTOBUF(false, false),
    SSE(true, false),
    UNI_WEBSOCKET(true, true),
    UNI_WEBSOCKET_DEFLATED(true, true),
    UNI_STREAM(true, true),
    UNI_SSE(true, true);

    private final boolean isJson;
    private final boolean isUnidirectional;

    Wire(boolean isJson, boolean isUnidirectional) {
        this.isJson = isJson;
        this.isUnidirectional = isUnidirectional;
    }

    Codec codec() {
        return isJson ? Codec.JSON : Codec.PROTOBUF;
    }

    /// Whether data must be JSON here.
    boolean isJson() {
        return isJson;
    }

    /// Whether the client can only listen after its first message.
    boolean isUnidirectional() {
        return isUnidirectional;
    }

    /// Data of the application as it travels here: bytes that are not JSON as Base64 text.
    byte[] data(AppData data) {
        return isJson() && !data.isJson() && !data.isEmpty() ? base64(data.bytes()) : data.bytes();
    }

    /// JSON text that holds `bytes` as Base64.
    static byte[] base64(byte[] bytes) {
        return ('"' + Base64.getEncoder().encodeToString(bytes) + '"')
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// The finished bytes of a message, compressed where this wire does that and the message has at
    /// least `deflateBytesMin` bytes.
    byte[] bytes(Message message, int deflateBytesMin) {
        byte[] encoded =
                isUnidirectional && message instanceof Message.Push push
                        ? codec().encodeBare(push)
                        : codec().encode(message);
        return switch (this) {
            case WEBSOCKET_JSON, UNI_WEBSOCKET -> Frames.text(encoded);
            case WEBSOCKET_PROTOBUF -> Frames.binary(encoded);
            case WEBSOCKET_JSON_DEFLATED, UNI_WEBSOCKET_DEFLATED ->
                    encoded.length < deflateBytesMin
                            ? Frames.text(encoded)
                            : Frames.deflatedText(Deflate.compress(encoded));
            case WEBSOCKET_PROTOBUF_DEFLATED ->
                    encoded.length < deflateBytesMin
                            ? Frames.binary(encoded)
                            : Frames.deflatedBinary(Deflate.compress(encoded));
            case STREAM_JSON, UNI_STREAM -> Frames.lineChunk(encoded);
            case STREAM_PROTOBUF -> Frames.chunk(encoded);
            case SSE, UNI_SSE -> Frames.eventChunk(encoded);
        };
    }
}
