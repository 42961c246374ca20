package io.grandstand.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a gateway node is set up with. Every bound here has a reason in docs/configuration.md.
///
/// @param namespaces the channels there are
/// @param anonymous whether a client without a token is let in, as the player with the empty id
/// @param shards into how many shards players are divided, for a load balancer that sends a shard
///   to one node; 0 where none does
public record GatewayConfig(
        Listen listen,
        List<Namespace> namespaces,
        boolean anonymous,
        Limits limits,
        Backpressure backpressure,
        Timing timing,
        Compression compression,
        InternalTopics internalTopics,
        int shards) {

    public GatewayConfig {
        require(shards >= 0, "shards is %d: must not be negative", shards);
        namespaces = List.copyOf(namespaces);
        for (Namespace namespace : namespaces) {
            require(
                    namespace.presence() == Namespace.Presence.NONE
                            || internalTopics.presence() != null,
                    "namespace '%s' has presence: internal-topics.presence must name a topic",
                    namespace.name());
        }
    }

    /// Defaults for everything but the address and the channels.
    public static GatewayConfig of(Listen listen, List<Namespace> namespaces) {
        return new GatewayConfig(
                listen,
                namespaces,
                false,
                Limits.DEFAULT,
                Backpressure.DEFAULT,
                Timing.DEFAULT,
                Compression.DEFAULT,
                InternalTopics.NONE,
                0);
    }

    public GatewayConfig with(Listen changed) {
        return new GatewayConfig(
                changed,
                namespaces,
                anonymous,
                limits,
                backpressure,
                timing,
                compression,
                internalTopics,
                shards);
    }

    public GatewayConfig with(Limits changed) {
        return new GatewayConfig(
                listen,
                namespaces,
                anonymous,
                changed,
                backpressure,
                timing,
                compression,
                internalTopics,
                shards);
    }

    public GatewayConfig with(Backpressure changed) {
        return new GatewayConfig(
                listen,
                namespaces,
                anonymous,
                limits,
                changed,
                timing,
                compression,
                internalTopics,
                shards);
    }

    public GatewayConfig with(Timing changed) {
        return new GatewayConfig(
                listen,
                namespaces,
                anonymous,
                limits,
                backpressure,
                changed,
                compression,
                internalTopics,
                shards);
    }

    public GatewayConfig with(InternalTopics changed) {
        return new GatewayConfig(
                listen,
                namespaces,
                anonymous,
                limits,
                backpressure,
                timing,
                compression,
                changed,
                shards);
    }

    /// The same, for players divided into so many shards.
    public GatewayConfig withShards(int changed) {
        return new GatewayConfig(
                listen,
                namespaces,
                anonymous,
                limits,
                backpressure,
                timing,
                compression,
                internalTopics,
                changed);
    }

    /// The same, with clients without a token let in or not.
    public GatewayConfig withAnonymous(boolean changed) {
        return new GatewayConfig(
                listen,
                namespaces,
                changed,
                limits,
                backpressure,
                timing,
                compression,
                internalTopics,
                shards);
    }

    /// Where to listen.
    ///
    /// @param host address to listen on
    /// @param port port to listen on; 0 takes any free one
    /// @param allowedOrigins web origins (`https://play.example`) that pages may connect from
    ///   besides the gateway's own; `*` for any. A client that sends no Origin is no web page and
    ///   is let in
    /// @param tls what connections are encrypted with; null where they are not
    public record Listen(String host, int port, Set<String> allowedOrigins, @Nullable Tls tls) {
        public Listen {
            require(port >= 0 && port <= 65_535, "listen.port is %d: must be 0 to 65535", port);
            allowedOrigins = Set.copyOf(allowedOrigins);
        }

        /// Without TLS.
        public Listen(String host, int port, Set<String> allowedOrigins) {
            this(host, port, allowedOrigins, null);
        }

        public Listen withPort(int changed) {
            return new Listen(host, changed, allowedOrigins, tls);
        }
    }

    /// The files that TLS takes; both are read again when one of them changes.
    ///
    /// @param certificate the node's certificate and those between it and a known authority, PEM
    /// @param key the private key of the node's certificate, PEM, not encrypted
    public record Tls(Path certificate, Path key) {}

    /// What one connection may do. Over a limit, the request is refused with an error and the
    /// connection stays.
    ///
    /// @param frameBytes largest frame whose commands are carried out; up to `FRAME_BYTES_MAX` a
    ///   larger one is read and refused, beyond that the connection closes
    /// @param publishBytes largest data of a publish
    /// @param subscriptions most subscriptions at once
    /// @param commandsPerSecond commands in the long run, twice as many at once; 0 for no limit
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
                    commandsPerSecond >= 0,
                    "limits.commands-per-second is %d: must not be negative",
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

    /// How long things may take.
    ///
    /// @param ping how often a connection is pinged; at least a second
    /// @param pong how long an answer to a ping is waited for; less than `ping`
    /// @param publish when a publish that Kafka has not acknowledged is answered with a temporary
    ///   error; at least 100 ms
    /// @param drain over how long a shutdown spreads the closing of connections
    public record Timing(Duration ping, Duration pong, Duration publish, Duration drain) {
        public static final Timing DEFAULT =
                new Timing(
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(900),
                        Duration.ofSeconds(10));

        public Timing {
            require(ping.toMillis() >= 1000, "timing.ping is %s: must be at least a second", ping);
            require(
                    pong.toMillis() >= 100 && pong.compareTo(ping) < 0,
                    "timing.pong is %s: must be at least 100 ms and less than timing.ping %s",
                    pong,
                    ping);
            require(
                    publish.toMillis() >= 100,
                    "timing.publish is %s: must be at least 100 ms",
                    publish);
            require(!drain.isNegative(), "timing.drain is %s: must not be negative", drain);
        }

        public Timing withDrain(Duration changed) {
            return new Timing(ping, pong, publish, changed);
        }
    }

    /// Whether WebSocket messages are compressed for clients that offer it.
    ///
    /// @param minBytes smallest message that is compressed; a broadcast is compressed once for all
    public record Compression(boolean enabled, int minBytes) {
        public static final Compression DEFAULT = new Compression(true, 512);

        public Compression {
            require(minBytes >= 1, "compression.min-bytes is %d: must be positive", minBytes);
        }
    }

    /// Topics of the gateway's own, shared by all nodes. A feature without its topic is off.
    ///
    /// @param presence who is where, compacted; null where no namespace has presence
    /// @param publishes ids of publishes, so that a repeated one counts once; null where the RPC
    ///   `publish` takes no ids
    /// @param revocations players whose tokens no longer count, compacted
    public record InternalTopics(
            @Nullable String presence, @Nullable String publishes, @Nullable String revocations) {
        public static final InternalTopics NONE = new InternalTopics(null, null, null);
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }
}
