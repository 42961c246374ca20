/// Who a client is and what it may do: tokens checked, tokens issued for the demo, players revoked.
///
/// Knows tokens, keys and claims; must not know sessions, connections or the codes of the protocol:
/// what a verdict means for a client is the gateway's decision.
///
/// ```
///   token ─> TokenVerifier ─ signature ─> Hmac | KeySet ─ TokenKeys ─ TokenKey
///                │
///                └────────── claims ────> ClaimFields ─> ConnectionClaims | SubscriptionClaims
///   topic ─> Revocations (a table in memory) ─ asked on every connect, subscribe and refresh
/// ```
@NullMarked
package io.grandstand.gateway.auth;

import org.jspecify.annotations.NullMarked;
