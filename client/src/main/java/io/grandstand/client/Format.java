package io.grandstand.client;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/// How a client and its server write messages.
public enum Format {
    /// Text frames; `data` is one JSON value in UTF-8.
    JSON(null),

    /// Binary frames; `data` is any bytes, and what they mean is up to the channel.
    PROTOBUF("centrifuge-protobuf");

    /// What the WebSocket asks for; null for nothing.
    final @Nullable String subprotocol;

    Format(@Nullable String subprotocol) {
        this.subprotocol = subprotocol;
    }

    Codec codec() {
        return switch (this) {
            case JSON -> Codec.JSON;
            case PROTOBUF -> Codec.PROTOBUF;
        };
    }

    boolean accepts(byte[] data) {
        return switch (this) {
            case JSON -> RawJson.isOneValue(data);
            case PROTOBUF -> true;
        };
    }
}
