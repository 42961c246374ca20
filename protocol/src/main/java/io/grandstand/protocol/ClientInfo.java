package io.grandstand.protocol;

/// Who is behind a connection, as others in a channel see it.
///
/// @param user the authenticated user; empty for an anonymous one
/// @param client the connection's id
/// @param connInfo what the connection's token says of it; raw JSON, empty for none
/// @param chanInfo what the subscription's token says of it; raw JSON, empty for none
public record ClientInfo(String user, String client, byte[] connInfo, byte[] chanInfo) {
    static final ClientInfo NONE = new ClientInfo("", "", new byte[0], new byte[0]);
}
