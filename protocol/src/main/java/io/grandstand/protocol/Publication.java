package io.grandstand.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message on a channel.
///
/// @param data in the connection's format: one raw JSON value without newlines, or any bytes
/// @param info who published it; null where the server did or the channel does not tell
/// @param offset the position of a client that has this: the next Kafka offset to read; 0 is none
/// @param tags what is said of the message beside its data
public record Publication(
        byte[] data, @Nullable ClientInfo info, long offset, Map<String, String> tags) {}
