package io.grandstand.protocol;

import org.jspecify.annotations.Nullable;

/// One message of a client.
///
/// @param id chosen by the client, rising; 0 in a pong and in a `Send`
/// @param request what it asks; null in a pong
public record Command(long id, @Nullable Request request) {
    /// The empty command, the answer to a ping.
    public boolean isPong() {
        return id == 0 && request == null;
    }

    /// What a client may ask. `data` is raw JSON, one value without newlines.
    public sealed interface Request {}

    /// Must be the first command of a connection.
    ///
    /// @param token the connection's JWT; empty where the client has none
    public record Connect(String token) implements Request {}

    /// Asks for a channel.
    ///
    /// @param channel as the client spells it; replies and pushes repeat this spelling
    /// @param recover whether the client has a position and wants what came after it
    /// @param epoch the position's epoch; empty matches any
    /// @param offset the position: the next Kafka offset to read; 0 is the beginning
    /// @param flags bit 1 (value 2): answer error 112 rather than `recovered: false`
    public record Subscribe(String channel, boolean recover, String epoch, long offset, long flags)
            implements Request {
        private static final long ERROR_WHEN_UNRECOVERABLE = 2;

        public boolean wantsErrorWhenUnrecoverable() {
            return (flags & ERROR_WHEN_UNRECOVERABLE) != 0;
        }
    }

    public record Unsubscribe(String channel) implements Request {}

    public record Publish(String channel, byte[] data) implements Request {}

    /// A request of the protocol that this server does not offer.
    ///
    /// @param oneWay whether it is a `send`, which is never answered
    public record NotOffered(String name, boolean oneWay) implements Request {}
}
