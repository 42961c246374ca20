package io.grandstand.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

/// Where and how a client connects.
///
/// @param endpoint the gateway's address: `ws://host:port/connection/websocket`, or `wss:` for TLS,
///   in which the JDK's default trust decides whom to believe
/// @param token asked for a token on every attempt to connect, and before the connection's own runs
///   out; on the event loop, so it must not block. If it throws, it is asked again later
/// @param backoff the waits between attempts
/// @param timeout how long connecting, and the reply to a command, may take
public record ClientConfig(
        URI endpoint, Supplier<String> token, Backoff backoff, Duration timeout, Format format) {
    public ClientConfig {
        boolean webSocket = "ws".equals(endpoint.getScheme()) || "wss".equals(endpoint.getScheme());
        if (!webSocket || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "endpoint is %s: must be ws://host:port/path or wss://host:port/path"
                            .formatted(endpoint));
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "timeout is %s: must be positive".formatted(timeout));
        }
    }

    /// Speaks JSON.
    public ClientConfig(URI endpoint, Supplier<String> token, Backoff backoff, Duration timeout) {
        this(endpoint, token, backoff, timeout, Format.JSON);
    }

    /// Speaks JSON, with the usual waits, and 5 s for a reply, as other clients of the protocol
    /// have it.
    public ClientConfig(URI endpoint, String token) {
        this(endpoint, () -> token, Backoff.DEFAULT, Duration.ofSeconds(5));
    }

    /// The same in another format.
    public ClientConfig in(Format format) {
        return new ClientConfig(endpoint, token, backoff, timeout, format);
    }

    boolean isEncrypted() {
        return "wss".equals(endpoint.getScheme());
    }

    int port() {
        int standard = isEncrypted() ? 443 : 80;
        return endpoint.getPort() == -1 ? standard : endpoint.getPort();
    }
}
