package io.grandstand.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What a gateway node is set up with.
///
/// @param host address to listen on
/// @param port port to listen on; 0 takes any free one
/// @param namespaces the channels there are
/// @param allowedOrigins web origins (`https://play.example`) that pages may connect from besides
///   the gateway's own; a client that sends no Origin is no web page and is let in
/// @param limits what one connection may do
/// @param backpressure how far a connection may fall behind
/// @param ping how often a connection is pinged; at least a second
/// @param drain over how long a shutdown spreads the closing of connections
public record GatewayConfig(
        String host,
        int port,
        List<Namespace> namespaces,
        Set<String> allowedOrigins,
        Limits limits,
        Backpressure backpressure,
        Duration ping,
        Duration drain) {

    public GatewayConfig {
        require(port >= 0 && port <= 65_535, "port is %d: must be 0 to 65535", port);
        require(ping.toMillis() >= 1000, "ping is %s: must be at least a second", ping);
        require(!drain.isNegative(), "drain is %s: must not be negative", drain);
        namespaces = List.copyOf(namespaces);
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /// What one connection may do. Over a limit, the request is refused with an error and the
    /// connection stays.
    ///
    /// @param frameBytes largest frame whose commands are carried out; up to `FRAME_BYTES_MAX` a
    ///   larger one is read and refused, beyond that the connection closes
    /// @param publishBytes largest data of a publish
    /// @param subscriptions most subscriptions at once
    /// @param commandsPerSecond commands in the long run; twice as many at once
    /// @param publishesInFlight most publishes that Kafka has not acknowledged yet
    public record Limits(
            int frameBytes,
            int publishBytes,
            int subscriptions,
            int commandsPerSecond,
            int publishesInFlight) {
        /// Size from which on a frame is not even read.
        public static final int FRAME_BYTES_MAX = 1 << 20;

        public static final Limits DEFAULT = new Limits(64 << 10, 16 << 10, 128, 100, 256);

        public Limits {
            require(
                    frameBytes >= 1024 && frameBytes <= FRAME_BYTES_MAX,
                    "limits.frame-bytes is %d: must be 1024 to %d",
                    frameBytes,
                    FRAME_BYTES_MAX);
            require(
                    publishBytes >= 1,
                    "limits.publish-bytes is %d: must be positive",
                    publishBytes);
            require(
                    subscriptions >= 1,
                    "limits.subscriptions is %d: must be positive",
                    subscriptions);
            require(
                    commandsPerSecond >= 1,
                    "limits.commands-per-second is %d: must be positive",
                    commandsPerSecond);
            require(
                    publishesInFlight >= 1,
                    "limits.publishes-in-flight is %d: must be positive",
                    publishesInFlight);
        }
    }

    /// How far a connection may fall behind before it is closed.
    ///
    /// @param lowBytes queued bytes below which writing resumes; at least 1
    /// @param highBytes queued bytes above which a connection counts as slow; more than `lowBytes`
    /// @param grace how long a connection may stay slow
    public record Backpressure(int lowBytes, int highBytes, Duration grace) {
        public static final Backpressure DEFAULT =
                new Backpressure(32 << 10, 64 << 10, Duration.ofSeconds(5));

        public Backpressure {
            require(lowBytes >= 1, "backpressure.low-bytes is %d: must be at least 1", lowBytes);
            require(
                    lowBytes < highBytes,
                    "backpressure.high-bytes is %d: must exceed low-bytes %d",
                    highBytes,
                    lowBytes);
            require(!grace.isNegative(), "backpressure.grace is %s: must not be negative", grace);
        }
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }
}
