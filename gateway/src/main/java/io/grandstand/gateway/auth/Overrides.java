package io.grandstand.gateway.auth;

import org.jspecify.annotations.Nullable;

/// What a token sets for one subscription instead of its namespace; null leaves it to the
/// namespace.
///
/// @param presence whether the subscriber is listed as present
/// @param joinLeave whether its coming and going is announced
/// @param forceRecovery whether missed publications are recovered though the client did not ask
/// @param forcePositioning whether a position is kept though the client did not ask
/// @param forcePushJoinLeave whether it is told of others' coming and going though it did not ask
public record Overrides(
        @Nullable Boolean presence,
        @Nullable Boolean joinLeave,
        @Nullable Boolean forceRecovery,
        @Nullable Boolean forcePositioning,
        @Nullable Boolean forcePushJoinLeave) {
    public static final Overrides NONE = new Overrides(null, null, null, null, null);
}
