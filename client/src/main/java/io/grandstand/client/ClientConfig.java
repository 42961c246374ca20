package io.grandstand.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

/// Where and how a client connects.
///
/// @param endpoint the gateway's address: `ws://host:port/connection/websocket`
/// @param token asked for the token on every attempt to connect, on the event loop; must not block
/// @param backoff the waits between attempts
/// @param timeout how long connecting, and the reply to a command, may take
public record ClientConfig(
        URI endpoint, Supplier<String> token, Backoff backoff, Duration timeout) {
    public ClientConfig {
        if (!"ws".equals(endpoint.getScheme()) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "endpoint is %s: must be ws://host:port/path".formatted(endpoint));
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "timeout is %s: must be positive".formatted(timeout));
        }
    }

    /// The usual waits, and 5 s for a reply, as other clients of the protocol have it.
    public ClientConfig(URI endpoint, String token) {
        this(endpoint, () -> token, Backoff.DEFAULT, Duration.ofSeconds(5));
    }
}
