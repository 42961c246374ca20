package io.grandstand.client;

import java.util.List;

/// What a server sends.
sealed interface ServerMessage {
    record Ping() implements ServerMessage {}

    /// The answer to the command with this id.
    sealed interface Reply extends ServerMessage {
        long id();
    }

    record Failed(long id, int code, String message, boolean temporary) implements Reply {
        ClientException exception() {
            return new ClientException(code, message, temporary);
        }
    }

    /// The connection stands.
    ///
    /// @param pingSeconds how often the server will ping
    /// @param pong whether it wants an answer to each
    record Connected(long id, String client, int pingSeconds, boolean pong) implements Reply {}

    /// The subscription stands.
    ///
    /// @param recoverable whether the position is worth keeping
    /// @param missed publications that the server puts into the reply, oldest first
    record Subscribed(
            long id,
            Position position,
            boolean recoverable,
            boolean wasRecovering,
            boolean recovered,
            List<Publication> missed)
            implements Reply {}

    record Called(long id, byte[] data) implements Reply {}

    /// A command without a result was carried out.
    record Done(long id) implements Reply {}

    record Published(String channel, Publication publication) implements ServerMessage {}

    record Unsubscribed(String channel, int code, String reason) implements ServerMessage {}

    record Disconnected(int code, String reason) implements ServerMessage {}

    /// A kind of push that this client has no use for.
    record Other() implements ServerMessage {}
}
