package io.grandstand.client;

/// What a connection's owner hears of it, on the client's event loop.
public interface ClientListener {
    /// The connection was closed by `GrandstandClient.close`.
    int CLOSED = 0;

    /// There was no connection, or it went without a word.
    int TRANSPORT_CLOSED = 1;

    /// The server's pings stopped.
    int NO_PING = 2;

    /// The server left a connect or a subscribe unanswered.
    int NO_REPLY = 3;

    /// The configuration's supplier of tokens failed.
    int NO_TOKEN = 4;

    /// The server sent what the protocol does not allow.
    int MALFORMED = 5;

    /// The connection stands; subscriptions follow by themselves.
    ///
    /// @param client the server's id of the connection
    default void connected(String client) {}

    /// The connection is lost, or an attempt to connect failed.
    ///
    /// @param code one of the codes here, which are below 100, or the server's: an error's or a
    ///   close frame's
    /// @param willReconnect whether the client tries again by itself; if not, it is closed
    default void disconnected(int code, String reason, boolean willReconnect) {}
}
