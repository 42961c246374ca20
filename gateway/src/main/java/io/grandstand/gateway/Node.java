package io.grandstand.gateway;

import io.grandstand.gateway.auth.Revocations;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.gateway.presence.Presence;
import io.grandstand.gateway.publish.PublishLedger;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What all sessions of a node share. Thread-safe.
///
/// @param id names this node among others
/// @param ledger remembers ids of publishes; null where it is not configured
/// @param presenceOrNull null where no namespace has presence
/// @param clock wall clock of receive times and expiry
/// @param emulated sessions whose commands come from other connections, by their secret
record Node(
        String id,
        GatewayConfig config,
        Channels channels,
        TopicDirectory topics,
        TokenVerifier tokens,
        Revocations revocations,
        Publisher publisher,
        @Nullable PublishLedger ledger,
        @Nullable Presence presenceOrNull,
        Schemas schemas,
        GatewayStats stats,
        InstantSource clock,
        Map<String, Session> emulated,
        String version) {

    /// Who is in which channel; for namespaces that have presence.
    Presence presence() {
        if (presenceOrNull == null) {
            throw new IllegalStateException("a namespace has presence, but the gateway has none");
        }
        return presenceOrNull;
    }
}
