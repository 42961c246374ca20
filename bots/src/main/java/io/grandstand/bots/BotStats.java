package io.grandstand.bots;

/// How the bots are doing.
///
/// @param connected bots that have a connection now
/// @param sent answers that the gateway has acknowledged
/// @param accepted receipts that said an answer counts
public record BotStats(int connected, long sent, long accepted) {}
