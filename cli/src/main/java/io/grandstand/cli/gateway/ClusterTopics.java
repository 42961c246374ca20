package io.grandstand.cli.gateway;

import io.grandstand.cli.StartException;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.GatewayConfig.InternalTopics;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.publish.PublishLedger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// The topics that a gateway needs, as its cluster has them. What is there is never altered.
final class ClusterTopics {

    private ClusterTopics() {}

    /// What a look at the cluster tells.
    sealed interface Answer {}

    /// The cluster answered.
    ///
    /// @param missing what is not there, or not for this client: the gateway cannot do without
    /// @param unsuited what is there, but does not keep what is asked of it
    record Seen(List<Problem> missing, List<Problem> unsuited) implements Answer {
        Seen {
            missing = List.copyOf(missing);
            unsuited = List.copyOf(unsuited);
        }
    }

    /// The cluster did not answer, so nothing is known.
    ///
    /// @param why half a sentence
    record NotReached(String why) implements Answer {}

    /// Compares a configuration with its cluster.
    ///
    /// @param timeout how long the cluster may take
    static Answer look(GatewayFile file, Duration timeout) throws InterruptedException {
        Map<String, Object> kafka = file.settings().kafka();
        if (!isAnyResolved(file.settings().bootstrapServers())) {
            return new NotReached("its name is not known here");
        }
        try {
            Admin admin = Admin.create(clientConfig(kafka, timeout));
            try {
                return look(file, admin, timeout);
            } finally {
                close(admin);
            }
        } catch (KafkaException badSettings) {
            return refused(file, told(badSettings));
        }
    }

    /// Creates those of the topics that are missing, and returns once they take records.
    ///
    /// @throws StartException if the cluster does not answer in time, or refuses
    static void create(Map<String, Object> kafka, List<NewTopic> topics, Duration timeout)
            throws StartException, InterruptedException {
        try {
            Admin admin = Admin.create(clientConfig(kafka, timeout));
            try {
                create(admin, topics, kafka, timeout);
            } finally {
                close(admin);
            }
        } catch (KafkaException badSettings) {
            throw new StartException("kafka: " + told(badSettings), badSettings);
        }
    }

    private static void create(
            Admin admin, List<NewTopic> topics, Map<String, Object> kafka, Duration timeout)
            throws StartException, InterruptedException {
        List<NewTopic> missing = missing(admin, topics);
        var replies = admin.createTopics(missing).values();
        for (var reply : replies.entrySet()) {
            Optional<Throwable> failure = failure(reply.getValue());
            if (failure.isPresent() && !(failure.get() instanceof TopicExistsException)) {
                throw notCreated(reply.getKey(), failure.get(), kafka);
            }
        }
        for (NewTopic topic : missing) {
            try {
                TopicSetup.awaitLeading(
                        admin,
                        IntStream.range(0, topic.numPartitions())
                                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                                .toList(),
                        timeout);
            } catch (ExecutionException e) {
                throw notCreated(topic.name(), e.getCause() == null ? e : e.getCause(), kafka);
            }
        }
    }

    private static StartException notCreated(
            String topic, Throwable failure, Map<String, Object> kafka) {
        return new StartException(
                "the topic %s cannot be created at %s: %s"
                        .formatted(topic, kafka.get("bootstrap.servers"), told(failure)),
                failure);
    }

    /// Those that are not there. The others are not even tried: whoever may not create topics would
    /// be refused, whether they exist or not.
    private static List<NewTopic> missing(Admin admin, List<NewTopic> topics)
            throws InterruptedException {
        var replies =
                admin.describeTopics(topics.stream().map(NewTopic::name).toList())
                        .topicNameValues();
        var missing = new TreeSet<String>();
        for (var reply : replies.entrySet()) {
            if (failure(reply.getValue()).isPresent()) {
                missing.add(reply.getKey());
            }
        }
        return topics.stream().filter(topic -> missing.contains(topic.name())).toList();
    }

    /// The internal topics of a gateway, as they are created where they are missing.
    static List<NewTopic> internal(GatewaySettings settings) {
        InternalTopics topics = settings.gateway().internalTopics();
        var compacted = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
        var remembered = PublishLedger.topicSettings(Gateway.PUBLISH_WINDOW);
        var created = new ArrayList<NewTopic>();
        Optional.ofNullable(topics.presence())
                .ifPresent(name -> created.add(newTopic(name, compacted, settings.creation())));
        Optional.ofNullable(topics.publishes())
                .ifPresent(name -> created.add(newTopic(name, remembered, settings.creation())));
        Optional.ofNullable(topics.revocations())
                .ifPresent(name -> created.add(newTopic(name, compacted, settings.creation())));
        return created;
    }

    private static NewTopic newTopic(
            String name, Map<String, String> settings, GatewaySettings.TopicCreation creation) {
        Optional<Short> replicationFactor =
                creation.replicationFactor().isPresent()
                        ? Optional.of((short) creation.replicationFactor().getAsInt())
                        : Optional.empty();
        return new NewTopic(name, Optional.of(creation.partitions()), replicationFactor)
                .configs(settings);
    }

    private static Answer look(GatewayFile file, Admin admin, Duration timeout)
            throws InterruptedException {
        Map<String, String> wanted = wanted(file.settings());
        var replies = admin.describeTopics(new TreeSet<>(wanted.values())).topicNameValues();
        var failures = new TreeMap<String, Throwable>();
        for (var reply : replies.entrySet()) {
            failure(reply.getValue()).ifPresent(why -> failures.put(reply.getKey(), why));
        }
        for (Throwable failure : failures.values()) {
            if (failure instanceof AuthenticationException) {
                return refused(file, "the cluster refuses these credentials: " + told(failure));
            }
            if (failure instanceof TimeoutException) {
                return new NotReached(
                        "no broker answers within %s".formatted(Durations.show(timeout)));
            }
            if (!isAboutTopic(failure)) {
                return new NotReached(told(failure));
            }
        }
        var existing = new TreeSet<>(wanted.values());
        existing.removeAll(failures.keySet());
        return new Seen(missing(file, wanted, failures), unsuited(file, existing, admin));
    }

    private static Seen refused(GatewayFile file, String why) {
        return new Seen(List.of(file.problem(Keys.KAFKA, "kafka: %s", why)), List.of());
    }

    private static boolean isAboutTopic(Throwable failure) {
        return failure instanceof UnknownTopicOrPartitionException
                || failure instanceof AuthorizationException;
    }

    private static List<Problem> missing(
            GatewayFile file, Map<String, String> wanted, Map<String, Throwable> failures) {
        var missing = new ArrayList<Problem>();
        wanted.forEach((path, topic) -> {
            if (failures.get(topic) instanceof AuthorizationException) {
                missing.add(
                        file.problem(
                                path,
                                "%s is '%s': must be a topic that this client may describe",
                                path,
                                topic));
            } else if (failures.containsKey(topic) && !isCreated(file.settings(), path)) {
                missing.add(
                        file.problem(
                                path,
                                "%s is '%s': must be a topic that exists at %s",
                                path,
                                topic,
                                file.settings().bootstrapServers()));
            }
        });
        return missing;
    }

    /// The topics that are needed, by the path of the key that names them.
    private static Map<String, String> wanted(GatewaySettings settings) {
        var wanted = new TreeMap<String, String>();
        for (Namespace namespace : settings.gateway().namespaces()) {
            wanted.put(Keys.TOPIC.path(namespace.name()), namespace.topic());
        }
        InternalTopics internal = settings.gateway().internalTopics();
        put(wanted, Keys.PRESENCE_TOPIC, internal.presence());
        put(wanted, Keys.PUBLISHES_TOPIC, internal.publishes());
        put(wanted, Keys.REVOCATIONS_TOPIC, internal.revocations());
        return wanted;
    }

    private static void put(Map<String, String> wanted, Key<String> key, @Nullable String topic) {
        if (topic != null) {
            wanted.put(key.path(), topic);
        }
    }

    private static boolean isCreated(GatewaySettings settings, String path) {
        return settings.creation().enabled() && path.startsWith("internal-topics.");
    }

    private static List<Problem> unsuited(GatewayFile file, Set<String> existing, Admin admin)
            throws InterruptedException {
        Map<String, String> compacted = compacted(file.settings());
        compacted.values().retainAll(existing);
        var resources =
                compacted.values().stream()
                        .distinct()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList();
        var unsuited = new ArrayList<Problem>();
        for (var reply : admin.describeConfigs(resources).values().entrySet()) {
            String topic = reply.getKey().name();
            String policy = cleanupPolicy(reply.getValue());
            if (!policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                compacted.forEach((path, named) -> {
                    if (named.equals(topic)) {
                        unsuited.add(
                                file.problem(
                                        path,
                                        "%s: the topic %s has cleanup.policy %s: must be compact,"
                                                + " or newest values are lost in time",
                                        path,
                                        topic,
                                        policy));
                    }
                });
            }
        }
        return unsuited;
    }

    private static String cleanupPolicy(KafkaFuture<Config> reply) throws InterruptedException {
        try {
            ConfigEntry policy = reply.get().get(TopicConfig.CLEANUP_POLICY_CONFIG);
            return policy == null ? "unknown" : String.valueOf(policy.value());
        } catch (ExecutionException e) {
            return "unknown (%s)".formatted(told(e));
        }
    }

    /// The topics that must keep the newest value of each key, by the path of the key that says so.
    private static Map<String, String> compacted(GatewaySettings settings) {
        var compacted = new TreeMap<String, String>();
        for (Namespace namespace : settings.gateway().namespaces()) {
            if (namespace.mode() == Namespace.Mode.LATEST) {
                compacted.put(Keys.MODE.path(namespace.name()), namespace.topic());
            }
        }
        InternalTopics internal = settings.gateway().internalTopics();
        put(compacted, Keys.PRESENCE_TOPIC, internal.presence());
        put(compacted, Keys.REVOCATIONS_TOPIC, internal.revocations());
        return compacted;
    }

    private static Map<String, Object> clientConfig(Map<String, Object> kafka, Duration timeout) {
        var config = new HashMap<>(kafka);
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        return config;
    }

    /// Kafka's client calls it a mistake of the configuration where no name can be resolved, which
    /// it need not be: a check may run elsewhere than the gateway.
    private static boolean isAnyResolved(String bootstrapServers) {
        return Arrays.stream(bootstrapServers.split(","))
                .map(server -> server.strip().replaceFirst(":\\d+$", ""))
                .anyMatch(ClusterTopics::isResolved);
    }

    private static boolean isResolved(String host) {
        try {
            var _ = InetAddress.getByName(host.replaceFirst("^[A-Z_]+://", ""));
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /// At once: what is asked still is of no interest any more.
    private static void close(Admin admin) {
        admin.close(Duration.ZERO);
    }

    private static Optional<Throwable> failure(KafkaFuture<?> reply) throws InterruptedException {
        try {
            reply.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause() == null ? e : e.getCause());
        }
    }

    /// What the innermost cause says.
    private static String told(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
