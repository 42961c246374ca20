package io.grandstand.gateway.auth;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a good connection token says.
///
/// @param player who holds it; empty for an anonymous one, which the gateway may refuse
/// @param issuedAt when it was made; null where it does not say
/// @param expiresAt when the connection ends unless the client brings a new token; null for never.
///   Usually the token's own end, but a token may give the connection another (`expire_at`)
/// @param info shown to others, with the player
/// @param channels channels that the server subscribes the connection to
/// @param subs more such channels, each with its own settings
/// @param caps what the player may do beyond what namespaces allow everybody
public record ConnectionClaims(
        String player,
        @Nullable Instant issuedAt,
        @Nullable Instant expiresAt,
        AppData info,
        List<String> channels,
        Map<String, ServerSubscription> subs,
        Capabilities caps) {
    public ConnectionClaims {
        channels = List.copyOf(channels);
        subs = Map.copyOf(subs);
    }
}
