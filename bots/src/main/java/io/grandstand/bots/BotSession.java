package io.grandstand.bots;

/// Who a bot is to the gateway.
///
/// @param player its player id
/// @param token what proves it
public record BotSession(String player, String token) {}
