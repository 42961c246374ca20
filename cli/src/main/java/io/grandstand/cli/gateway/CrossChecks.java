package io.grandstand.cli.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.cli.KafkaSettings;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.gateway.Namespace.Presence;
import io.grandstand.gateway.ServerCertificate;
import io.grandstand.gateway.auth.TokenConfig;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the keys of a configuration have to do with each other, and what must not be missing. A
/// value that is refused for itself is not spoken of again.
final class CrossChecks {
    private static final String BOOTSTRAP_SERVERS = Keys.KAFKA_SETTING.path("bootstrap.servers");
    private static final Pattern SERVERS =
            Pattern.compile("[^\\s,]+:\\d+(\\s*,\\s*[^\\s,]+:\\d+)*");

    private final Draft draft;
    private final boolean insecure;

    /// Checks a draft; `insecure` says that it may do without authentication.
    static void check(Draft draft, boolean insecure) {
        var checks = new CrossChecks(draft, insecure);
        checks.tls();
        checks.kafka();
        checks.authentication();
        checks.internalTopics();
        checks.namespaces();
        checks.limits();
    }

    private CrossChecks(Draft draft, boolean insecure) {
        this.draft = draft;
        this.insecure = insecure;
    }

    private void tls() {
        String certificate = Keys.TLS_CERTIFICATE_FILE.path();
        String key = Keys.TLS_KEY_FILE.path();
        if (draft.isSaid(certificate) != draft.isSaid(key)) {
            draft.problem(
                    "listen.tls",
                    "%s is missing: must be the PEM file with the %s, where the other one is given",
                    draft.isSaid(key) ? certificate : key,
                    draft.isSaid(key) ? "certificate" : "private key");
        }
        List<X509Certificate> chain = pem(certificate, ServerCertificate::chain);
        PrivateKey privateKey = pem(key, ServerCertificate::key);
        if (chain != null && privateKey != null) {
            var _ = pem(key, _ -> ServerCertificate.of(chain, privateKey));
        }
    }

    /// Reads the text of a PEM file.
    private interface PemReader<T> {
        T read(String text) throws ServerCertificate.RefusedException;
    }

    /// What the file holds that the key at `path` names; null where there is none, or a problem.
    private <T> @Nullable T pem(String path, PemReader<T> reader) {
        String text = draft.contents.get(path);
        if (text == null) {
            return null;
        }
        try {
            return reader.read(text);
        } catch (ServerCertificate.RefusedException e) {
            draft.problem(path, "%s names a file that %s", path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void kafka() {
        if (!draft.kafka.contains(BOOTSTRAP_SERVERS)) {
            draft.problem(
                    Keys.KAFKA,
                    "%s is missing: must be the cluster's addresses, such as localhost:9092",
                    BOOTSTRAP_SERVERS);
        }
        for (String path : draft.kafka) {
            draft.values
                    .given(Keys.KAFKA_SETTING, path)
                    .ifPresent(value -> kafkaSetting(path, value));
        }
    }

    private void kafkaSetting(String path, String value) {
        if (path.equals(BOOTSTRAP_SERVERS) && !SERVERS.matcher(value).matches()) {
            draft.problem(path, "%s is '%s': must be host:port, separated by commas", path, value);
            return;
        }
        KafkaSettings.refusal(path.substring(Keys.KAFKA.length() + 1), value)
                .ifPresent(refusal -> draft.problem(path, "%s: %s", path, refusal));
    }

    private void authentication() {
        boolean hasHmac = draft.has("authentication.hmac");
        boolean hasJwks = draft.has("authentication.jwks");
        if (hasHmac) {
            secret();
        }
        if (hasJwks && !draft.isSaid(Keys.JWKS_URL.path())) {
            draft.problem(
                    "authentication.jwks",
                    "%s is missing: must be the address of the key set",
                    Keys.JWKS_URL.path());
        }
        if (!hasHmac && !hasJwks && !insecure) {
            draft.problem(
                    "authentication",
                    "authentication is missing: must say who may connect, by authentication.hmac or"
                            + " authentication.jwks; to try something without, say --insecure");
        }
    }

    private void secret() {
        String inFile = Keys.HMAC_SECRET_FILE.path();
        String direct = Keys.HMAC_SECRET.path();
        if (draft.isSaid(inFile) && draft.isSaid(direct)) {
            draft.problem(direct, "%s is given, and so is %s: must be one of them", direct, inFile);
        } else if (!draft.isSaid(inFile) && !draft.isSaid(direct)) {
            draft.problem(
                    "authentication.hmac",
                    "%s is missing: must be the file with the secret that tokens are signed with",
                    inFile);
        }
        draft.secretInFile()
                .filter(secret -> secret.length < TokenConfig.SECRET_BYTES_MIN)
                .ifPresent(secret ->
                        draft.problem(
                                inFile,
                                "%s names a file of %d bytes: must be at least %d, as 'openssl rand"
                                        + " -base64 32' makes them",
                                inFile,
                                secret.length,
                                TokenConfig.SECRET_BYTES_MIN));
    }

    /// A topic has one purpose: what gateways tell each other is not for clients.
    private void internalTopics() {
        Map<String, String> purposes = new HashMap<>();
        for (var key : List.of(Keys.PRESENCE_TOPIC, Keys.PUBLISHES_TOPIC, Keys.REVOCATIONS_TOPIC)) {
            draft.values
                    .given(key)
                    .ifPresent(topic -> {
                        String other = purposes.putIfAbsent(topic, key.path());
                        if (other != null) {
                            draft.problem(
                                    key.path(),
                                    "%s is '%s', as is %s: must be a topic of its own",
                                    key.path(),
                                    topic,
                                    other);
                        }
                    });
        }
        for (String namespace : draft.namespaces) {
            String purpose = purposes.get(draft.topic(namespace));
            if (purpose != null) {
                String path = Keys.TOPIC.path(namespace);
                draft.problem(
                        path,
                        "%s is '%s', as is %s: must be a topic that clients may see",
                        path,
                        draft.topic(namespace),
                        purpose);
            }
        }
    }

    private void namespaces() {
        if (draft.namespaces.isEmpty() && !draft.hasRefusedNamespace) {
            draft.problem(
                    Keys.NAMESPACES,
                    "namespaces is missing: must name at least one, such as 'prices: {subscribe:"
                            + " any}'");
        }
        for (String namespace : draft.namespaces) {
            topic(namespace);
            presence(namespace);
            keyedByPlayer(namespace);
            fitsFrame(Keys.NAMESPACE_PUBLISH_BYTES, Keys.NAMESPACE_PUBLISH_BYTES.path(namespace));
            schema(Keys.SCHEMA_FILE.path(namespace));
        }
    }

    /// A name that stands for a topic must be one.
    private void topic(String namespace) {
        String path = Keys.TOPIC.path(namespace);
        if (draft.isSaid(path)) {
            return;
        }
        if (namespace.isEmpty()) {
            draft.problem(path, "%s is missing: must be said, as the namespace has no name", path);
        } else {
            var _ =
                    Keys.TOPIC
                            .kind()
                            .read(
                                    path,
                                    new Node.Text(draft.placeOf(path), namespace),
                                    draft.problems);
        }
    }

    private void presence(String namespace) {
        String path = Keys.PRESENCE.path(namespace);
        Presence presence = draft.get(Keys.PRESENCE, namespace);
        if (presence != Presence.NONE && !draft.isSaid(Keys.PRESENCE_TOPIC.path())) {
            draft.problem(
                    path,
                    "%s is '%s', but %s is missing: must be the topic in which gateways tell each"
                            + " other who is where",
                    path,
                    Keys.PRESENCE.kind().show(presence),
                    Keys.PRESENCE_TOPIC.path());
        }
        if (draft.get(Keys.JOIN_LEAVE, namespace)
                && presence != Presence.FULL
                && !isRefused(path)) {
            String joinLeave = Keys.JOIN_LEAVE.path(namespace);
            draft.problem(joinLeave, "%s is true: must be false, or %s 'full'", joinLeave, path);
        }
    }

    private void keyedByPlayer(String namespace) {
        String path = Keys.SUBSCRIBE.path(namespace);
        Permission subscribe = draft.get(Keys.SUBSCRIBE, namespace);
        if (draft.get(Keys.KEY, namespace) == KeySource.PLAYER && subscribe != Permission.NONE) {
            draft.problem(
                    path,
                    "%s is '%s': must be 'none' where %s is 'player', as there is no channel to"
                            + " subscribe to",
                    path,
                    Keys.SUBSCRIBE.kind().show(subscribe),
                    Keys.KEY.path(namespace));
        }
    }

    private void schema(String path) {
        String content = draft.contents.get(path);
        if (content == null) {
            return;
        }
        try {
            JsonNode schema = new JsonMapper().readTree(content);
            if (!schema.isObject() && !schema.isBoolean()) {
                draft.problem(path, "%s names a file that is no JSON Schema", path);
            }
        } catch (JsonProcessingException e) {
            draft.problem(
                    path,
                    "%s names a file that is not JSON, from its line %d on",
                    path,
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr());
        }
    }

    private void limits() {
        fitsFrame(Keys.PUBLISH_BYTES, Keys.PUBLISH_BYTES.path());
        if (draft.get(Keys.HIGH_BYTES) <= draft.get(Keys.LOW_BYTES)
                && areSound(Keys.LOW_BYTES, Keys.HIGH_BYTES)) {
            draft.problem(
                    Keys.HIGH_BYTES.path(),
                    "%s is %s: must be more than %s %s",
                    Keys.HIGH_BYTES.path(),
                    Sizes.show(draft.get(Keys.HIGH_BYTES)),
                    Keys.LOW_BYTES.path(),
                    Sizes.show(draft.get(Keys.LOW_BYTES)));
        }
        if (draft.get(Keys.PONG).compareTo(draft.get(Keys.PING)) >= 0
                && areSound(Keys.PING, Keys.PONG)) {
            draft.problem(
                    Keys.PONG.path(),
                    "%s is %s: must be less than %s %s",
                    Keys.PONG.path(),
                    Durations.show(draft.get(Keys.PONG)),
                    Keys.PING.path(),
                    Durations.show(draft.get(Keys.PING)));
        }
    }

    private void fitsFrame(Key<Integer> key, String path) {
        int bytes = draft.values.get(key, path);
        if (bytes > draft.get(Keys.FRAME_BYTES) && !isRefused(path) && areSound(Keys.FRAME_BYTES)) {
            draft.problem(
                    path,
                    "%s is %s: must be at most %s %s, as it comes in a frame",
                    path,
                    Sizes.show(bytes),
                    Keys.FRAME_BYTES.path(),
                    Sizes.show(draft.get(Keys.FRAME_BYTES)));
        }
    }

    private boolean areSound(Key<?>... keys) {
        return List.of(keys).stream().noneMatch(key -> isRefused(key.path()));
    }

    private boolean isRefused(String path) {
        return draft.values.isRefused(path);
    }
}
