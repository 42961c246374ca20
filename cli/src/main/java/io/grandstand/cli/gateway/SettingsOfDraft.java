package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.GatewayConfig.Backpressure;
import io.grandstand.gateway.GatewayConfig.Compression;
import io.grandstand.gateway.GatewayConfig.InternalTopics;
import io.grandstand.gateway.GatewayConfig.Limits;
import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.GatewayConfig.Timing;
import io.grandstand.gateway.GatewayConfig.Tls;
import io.grandstand.gateway.Namespace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A draft without problems as the settings it stands for.
final class SettingsOfDraft {
    private final Draft draft;

    static GatewaySettings settings(Draft draft, boolean insecure) {
        return new SettingsOfDraft(draft).settings(insecure || draft.get(Keys.ANONYMOUS));
    }

    private SettingsOfDraft(Draft draft) {
        this.draft = draft;
    }

    private GatewaySettings settings(boolean anonymous) {
        return new GatewaySettings(
                gateway(anonymous), kafka(), authentication(anonymous), creation());
    }

    private GatewayConfig gateway(boolean anonymous) {
        return new GatewayConfig(
                new Listen(
                        draft.get(Keys.HOST),
                        draft.get(Keys.PORT),
                        Set.copyOf(draft.get(Keys.ALLOWED_ORIGINS)),
                        tls()),
                draft.namespaces.stream().map(this::namespace).toList(),
                anonymous,
                new Limits(
                        draft.get(Keys.FRAME_BYTES),
                        draft.get(Keys.PUBLISH_BYTES),
                        draft.get(Keys.SUBSCRIPTIONS),
                        draft.get(Keys.COMMANDS_PER_SECOND),
                        draft.get(Keys.PUBLISHES_IN_FLIGHT)),
                new Backpressure(
                        draft.get(Keys.LOW_BYTES),
                        draft.get(Keys.HIGH_BYTES),
                        draft.get(Keys.GRACE)),
                new Timing(
                        draft.get(Keys.PING),
                        draft.get(Keys.PONG),
                        draft.get(Keys.PUBLISH_TIMEOUT),
                        draft.get(Keys.DRAIN)),
                new Compression(draft.get(Keys.COMPRESSION), draft.get(Keys.COMPRESSION_MIN_BYTES)),
                new InternalTopics(
                        given(Keys.PRESENCE_TOPIC).orElse(null),
                        given(Keys.PUBLISHES_TOPIC).orElse(null),
                        given(Keys.REVOCATIONS_TOPIC).orElse(null)),
                draft.get(Keys.SHARDS));
    }

    private @Nullable Tls tls() {
        Optional<Path> certificate = given(Keys.TLS_CERTIFICATE_FILE).map(draft::resolve);
        Optional<Path> key = given(Keys.TLS_KEY_FILE).map(draft::resolve);
        return certificate.isPresent() && key.isPresent()
                ? new Tls(certificate.get(), key.get())
                : null;
    }

    private Namespace namespace(String name) {
        return new Namespace(
                name,
                draft.topic(name),
                draft.get(Keys.MODE, name),
                draft.get(Keys.SUBSCRIBE, name),
                draft.get(Keys.PUBLISH, name),
                draft.get(Keys.KEY, name),
                draft.get(Keys.RECOVER_LIMIT, name),
                draft.get(Keys.PRESENCE, name),
                draft.get(Keys.JOIN_LEAVE, name),
                Set.copyOf(draft.get(Keys.SHOWN_HEADERS, name)),
                draft.get(Keys.SHOW_PUBLISHER, name),
                draft.get(Keys.NAMESPACE_PUBLISH_BYTES, name),
                draft.get(Keys.PUBLISHES_PER_SECOND, name),
                draft.contents.get(Keys.SCHEMA_FILE.path(name)));
    }

    private Map<String, Object> kafka() {
        Map<String, Object> settings = new HashMap<>();
        for (String path : draft.kafka) {
            draft.values
                    .given(Keys.KAFKA_SETTING, path)
                    .ifPresent(
                            value -> settings.put(path.substring(Keys.KAFKA.length() + 1), value));
        }
        return settings;
    }

    private Authentication authentication(boolean anonymous) {
        Optional<byte[]> secret = given(Keys.HMAC_SECRET).map(SettingsOfDraft::bytes);
        List<byte[]> previous =
                draft.get(Keys.HMAC_PREVIOUS_SECRETS).stream().map(SettingsOfDraft::bytes).toList();
        return new Authentication(
                secret.or(draft::secretInFile)
                        .map(current -> new Authentication.Hmac(current, previous)),
                given(Keys.JWKS_URL)
                        .map(url -> new Authentication.Jwks(url, draft.get(Keys.JWKS_REFRESH))),
                given(Keys.ISSUER),
                given(Keys.AUDIENCE),
                anonymous);
    }

    private GatewaySettings.TopicCreation creation() {
        Optional<Integer> replicationFactor = given(Keys.REPLICATION_FACTOR);
        return new GatewaySettings.TopicCreation(
                draft.get(Keys.CREATE),
                draft.get(Keys.PARTITIONS),
                replicationFactor.isPresent()
                        ? OptionalInt.of(replicationFactor.get())
                        : OptionalInt.empty());
    }

    private <T> Optional<T> given(Key<T> key) {
        return draft.values.given(key);
    }

    private static byte[] bytes(String secret) {
        return secret.getBytes(UTF_8);
    }
}
