package io.grandstand.gateway.presence;

/// A connection in a channel.
///
/// @param user the authenticated user; empty for an anonymous one
/// @param client the connection's id
/// @param connInfo what its connection token tells others; raw JSON, empty for nothing
/// @param chanInfo what its subscription token tells others; raw JSON, empty for nothing
public record Member(String user, String client, byte[] connInfo, byte[] chanInfo) {}
