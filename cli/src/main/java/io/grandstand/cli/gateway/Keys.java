package io.grandstand.cli.gateway;

import io.grandstand.gateway.GatewayConfig.Backpressure;
import io.grandstand.gateway.GatewayConfig.Compression;
import io.grandstand.gateway.GatewayConfig.Limits;
import io.grandstand.gateway.GatewayConfig.Timing;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.gateway.Namespace.Presence;
import io.grandstand.gateway.auth.TokenConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every key of the gateway's configuration file, in the order of the reference.
final class Keys {
    /// The section whose keys are Kafka's own.
    static final String KAFKA = "kafka";

    /// The section whose keys are names that the file gives.
    static final String NAMESPACES = "namespaces";

    static final String NAMESPACE = "namespaces.*";

    private static final int MAX = Integer.MAX_VALUE;
    private static final String NONE = "none";

    static final Key<String> HOST = Key.of("listen.host", Kind.text(), "0.0.0.0");
    static final Key<Integer> PORT = Key.of("listen.port", Kind.whole(0, 65_535), 8000);
    static final Key<List<String>> ALLOWED_ORIGINS =
            Key.of("listen.allowed-origins", new Kind.Many<>(Kind.origin()), List.of());

    static final Key<Path> TLS_CERTIFICATE_FILE =
            Key.optional("listen.tls.certificate-file", Kind.file(), NONE);
    static final Key<Path> TLS_KEY_FILE = Key.optional("listen.tls.key-file", Kind.file(), NONE);

    /// Any client setting of Kafka, by Kafka's own name.
    static final Key<String> KAFKA_SETTING = Key.optional("kafka.*", Kind.text(), "Kafka's own");

    static final Key<Path> HMAC_SECRET_FILE =
            Key.optional("authentication.hmac.secret-file", Kind.file(), NONE);
    static final Key<String> HMAC_SECRET =
            Key.optional(
                    "authentication.hmac.secret", Kind.secret(TokenConfig.SECRET_BYTES_MIN), NONE);
    static final Key<List<String>> HMAC_PREVIOUS_SECRETS =
            Key.of(
                    "authentication.hmac.previous-secrets",
                    new Kind.Many<>(Kind.secret(TokenConfig.SECRET_BYTES_MIN)),
                    List.of());
    static final Key<URI> JWKS_URL =
            Key.optional("authentication.jwks.url", Kind.secureAddress(), NONE);
    static final Key<Duration> JWKS_REFRESH =
            Key.of(
                    "authentication.jwks.refresh",
                    Kind.duration(Duration.ofSeconds(10)),
                    Duration.ofMinutes(10));
    static final Key<String> ISSUER = Key.optional("authentication.issuer", Kind.text(), "any");
    static final Key<String> AUDIENCE = Key.optional("authentication.audience", Kind.text(), "any");
    static final Key<Boolean> ANONYMOUS = Key.of("authentication.anonymous", Kind.flag(), false);

    static final Key<String> TOPIC =
            Key.optional("namespaces.*.topic", Kind.topic(), "the namespace's name");
    static final Key<Mode> MODE = Key.of("namespaces.*.mode", Kind.choice(Mode.class), Mode.STREAM);
    static final Key<Permission> SUBSCRIBE =
            Key.of("namespaces.*.subscribe", Kind.choice(Permission.class), Permission.NONE);
    static final Key<Permission> PUBLISH =
            Key.of("namespaces.*.publish", Kind.choice(Permission.class), Permission.NONE);
    static final Key<KeySource> KEY =
            Key.of("namespaces.*.key", Kind.choice(KeySource.class), KeySource.CHANNEL);
    static final Key<Integer> RECOVER_LIMIT =
            Key.of("namespaces.*.recover-limit", Kind.whole(0, MAX), 0);
    static final Key<Presence> PRESENCE =
            Key.of("namespaces.*.presence", Kind.choice(Presence.class), Presence.NONE);
    static final Key<Boolean> JOIN_LEAVE = Key.of("namespaces.*.join-leave", Kind.flag(), false);
    static final Key<List<String>> SHOWN_HEADERS =
            Key.of("namespaces.*.shown-headers", new Kind.Many<>(Kind.text()), List.of());
    static final Key<Boolean> SHOW_PUBLISHER =
            Key.of("namespaces.*.show-publisher", Kind.flag(), false);
    static final Key<Integer> NAMESPACE_PUBLISH_BYTES =
            Key.of("namespaces.*.publish-bytes", Kind.size(0, Limits.FRAME_BYTES_MAX), 0);
    static final Key<Integer> PUBLISHES_PER_SECOND =
            Key.of("namespaces.*.publishes-per-second", Kind.whole(0, MAX), 0);
    static final Key<Path> SCHEMA_FILE =
            Key.optional("namespaces.*.schema-file", Kind.file(), NONE);

    static final Key<Integer> FRAME_BYTES =
            Key.of(
                    "limits.frame-bytes",
                    Kind.size(1024, Limits.FRAME_BYTES_MAX),
                    Limits.DEFAULT.frameBytes());
    static final Key<Integer> PUBLISH_BYTES =
            Key.of(
                    "limits.publish-bytes",
                    Kind.size(1, Limits.FRAME_BYTES_MAX),
                    Limits.DEFAULT.publishBytes());
    static final Key<Integer> SUBSCRIPTIONS =
            Key.of("limits.subscriptions", Kind.whole(1, MAX), Limits.DEFAULT.subscriptions());
    static final Key<Integer> COMMANDS_PER_SECOND =
            Key.of(
                    "limits.commands-per-second",
                    Kind.whole(0, MAX),
                    Limits.DEFAULT.commandsPerSecond());
    static final Key<Integer> PUBLISHES_IN_FLIGHT =
            Key.of(
                    "limits.publishes-in-flight",
                    Kind.whole(1, MAX),
                    Limits.DEFAULT.publishesInFlight());

    static final Key<Integer> LOW_BYTES =
            Key.of("backpressure.low-bytes", Kind.size(1, MAX), Backpressure.DEFAULT.lowBytes());
    static final Key<Integer> HIGH_BYTES =
            Key.of("backpressure.high-bytes", Kind.size(2, MAX), Backpressure.DEFAULT.highBytes());
    static final Key<Duration> GRACE =
            Key.of(
                    "backpressure.grace",
                    Kind.duration(Duration.ZERO),
                    Backpressure.DEFAULT.grace());

    static final Key<Duration> PING =
            Key.of("timing.ping", Kind.duration(Duration.ofSeconds(1)), Timing.DEFAULT.ping());
    static final Key<Duration> PONG =
            Key.of("timing.pong", Kind.duration(Duration.ofMillis(100)), Timing.DEFAULT.pong());
    static final Key<Duration> PUBLISH_TIMEOUT =
            Key.of(
                    "timing.publish",
                    Kind.duration(Duration.ofMillis(100)),
                    Timing.DEFAULT.publish());
    static final Key<Duration> DRAIN =
            Key.of("timing.drain", Kind.duration(Duration.ZERO), Timing.DEFAULT.drain());

    static final Key<Boolean> COMPRESSION =
            Key.of("compression.enabled", Kind.flag(), Compression.DEFAULT.enabled());
    static final Key<Integer> COMPRESSION_MIN_BYTES =
            Key.of("compression.min-bytes", Kind.size(1, MAX), Compression.DEFAULT.minBytes());

    static final Key<Integer> SHARDS = Key.of("shards", Kind.whole(0, MAX), 0);

    static final Key<String> PRESENCE_TOPIC =
            Key.optional("internal-topics.presence", Kind.topic(), NONE);
    static final Key<String> PUBLISHES_TOPIC =
            Key.optional("internal-topics.publishes", Kind.topic(), NONE);
    static final Key<String> REVOCATIONS_TOPIC =
            Key.optional("internal-topics.revocations", Kind.topic(), NONE);
    static final Key<Boolean> CREATE = Key.of("internal-topics.create", Kind.flag(), true);
    static final Key<Integer> REPLICATION_FACTOR =
            Key.optional(
                    "internal-topics.replication-factor",
                    Kind.whole(1, Short.MAX_VALUE),
                    "the cluster's");
    static final Key<Integer> PARTITIONS =
            Key.of("internal-topics.partitions", Kind.whole(1, 10_000), 16);

    static final List<Key<?>> ALL =
            List.of(
                    HOST,
                    PORT,
                    ALLOWED_ORIGINS,
                    TLS_CERTIFICATE_FILE,
                    TLS_KEY_FILE,
                    KAFKA_SETTING,
                    HMAC_SECRET_FILE,
                    HMAC_SECRET,
                    HMAC_PREVIOUS_SECRETS,
                    JWKS_URL,
                    JWKS_REFRESH,
                    ISSUER,
                    AUDIENCE,
                    ANONYMOUS,
                    TOPIC,
                    MODE,
                    SUBSCRIBE,
                    PUBLISH,
                    KEY,
                    RECOVER_LIMIT,
                    PRESENCE,
                    JOIN_LEAVE,
                    SHOWN_HEADERS,
                    SHOW_PUBLISHER,
                    NAMESPACE_PUBLISH_BYTES,
                    PUBLISHES_PER_SECOND,
                    SCHEMA_FILE,
                    FRAME_BYTES,
                    PUBLISH_BYTES,
                    SUBSCRIPTIONS,
                    COMMANDS_PER_SECOND,
                    PUBLISHES_IN_FLIGHT,
                    LOW_BYTES,
                    HIGH_BYTES,
                    GRACE,
                    PING,
                    PONG,
                    PUBLISH_TIMEOUT,
                    DRAIN,
                    COMPRESSION,
                    COMPRESSION_MIN_BYTES,
                    SHARDS,
                    PRESENCE_TOPIC,
                    PUBLISHES_TOPIC,
                    REVOCATIONS_TOPIC,
                    CREATE,
                    REPLICATION_FACTOR,
                    PARTITIONS);

    private Keys() {}

    /// The key of that path, whose names are `*`.
    static Optional<Key<?>> find(String path) {
        return ALL.stream().filter(key -> key.path().equals(path)).findFirst();
    }

    /// What may stand in the section of that path, whose names are `*`: keys and sections; none
    /// where there is no such section.
    static Set<String> inside(String section) {
        String prefix = section.isEmpty() ? "" : section + ".";
        var names = new LinkedHashSet<String>();
        for (Key<?> key : ALL) {
            if (key.path().startsWith(prefix)) {
                String rest = key.path().substring(prefix.length());
                int dot = rest.indexOf('.');
                names.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        return names;
    }
}
