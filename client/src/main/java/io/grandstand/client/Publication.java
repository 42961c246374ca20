package io.grandstand.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A message of a channel.
///
/// @param offset its place in the channel's history; 0 where it has none
/// @param data one JSON value in UTF-8; in Protobuf whatever the channel carries
/// @param tags what the server says about it
public record Publication(long offset, byte[] data, Map<String, String> tags) {
    public Publication {
        tags = Map.copyOf(tags);
    }

    static Publication of(io.grandstand.protocol.Publication publication) {
        return new Publication(publication.offset(), publication.data(), publication.tags());
    }

    /// The data as text.
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
