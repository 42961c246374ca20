package io.grandstand.gateway.auth;

/// A subscription that a connection token brings along.
///
/// @param info shown to others in the channel, with the subscriber
/// @param data handed to the subscriber with the subscription
public record ServerSubscription(AppData info, AppData data, Overrides overrides) {}
