package io.grandstand.bots;

import java.net.URI;

/// How many bots play where, and how.
///
/// @param endpoint the gateway's address: `ws://host:port/connection/websocket`
/// @param count how many; at least 0
/// @param choice what they do with questions
public record BotsConfig(URI endpoint, int count, BotChoice choice) {
    public BotsConfig {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "number of bots is %d: must not be negative".formatted(count));
        }
    }
}
