package io.grandstand.gateway.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a good subscription token says. Whether player, channel and client are the right ones is
/// for the caller to compare.
///
/// @param player whom it was made for; empty for an anonymous one
/// @param channel which channel it opens; never empty
/// @param client which connection it was made for; null for any
/// @param issuedAt when it was made; null where it does not say
/// @param expiresAt when the subscription ends unless the client brings a new token; null for never
/// @param info shown to others in the channel, with the subscriber
/// @param allow what the player may do in the channel; always holds `SUBSCRIBE`
public record SubscriptionClaims(
        String player,
        String channel,
        @Nullable String client,
        @Nullable Instant issuedAt,
        @Nullable Instant expiresAt,
        AppData info,
        Overrides overrides,
        Set<Capability> allow) {
    public SubscriptionClaims {
        allow = Set.copyOf(allow);
    }
}
