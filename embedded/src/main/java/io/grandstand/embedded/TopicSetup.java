package io.grandstand.embedded;

import io.grandstand.embedded.ClusterProblems.Step;
import io.grandstand.embedded.TopicDifferences.ActualTopic;
import io.grandstand.events.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The topic catalogue applied to a cluster: what is missing is created, what is there is compared
/// and never altered. Several processes may do so at once.
public final class TopicSetup {
    private static final Duration POLL_EVERY = Duration.ofMillis(50);

    /// A topic that exists otherwise than the catalogue says.
    ///
    /// @param setting `partitions`, or Kafka's name of the setting
    /// @param fatal whether the game would go wrong with it
    public record Difference(
            String topic, String setting, String expected, String actual, boolean fatal) {
        /// The difference in one sentence.
        public String sentence() {
            return "Topic %s has %s %s, the game %s %s."
                    .formatted(topic, setting, actual, fatal ? "needs" : "expects", expected);
        }
    }

    private final Admin admin;
    private final ClusterProblems problems;
    private final List<Topic<?>> catalogue;

    private TopicSetup(Admin admin, ClusterProblems problems, List<Topic<?>> catalogue) {
        this.admin = admin;
        this.problems = problems;
        this.catalogue = catalogue;
    }

    /// Creates the topics of the catalogue that are missing, waits until all of them can be used,
    /// and returns how those that were there differ from it.
    ///
    /// Replication is the cluster's default. A missing topic that must have as many partitions as
    /// others gets as many as those have, should the catalogue say otherwise.
    ///
    /// @param clientConfig how to reach the cluster: `bootstrap.servers`, and what TLS or SASL need
    /// @param timeout how long a reply of the cluster, and new topics, may take
    /// @throws ClusterException if the cluster cannot be reached or refuses
    public static List<Difference> apply(
            Map<String, ?> clientConfig, List<Topic<?>> catalogue, Duration timeout) {
        var config = new HashMap<String, Object>(clientConfig);
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        var problems =
                new ClusterProblems(
                        String.valueOf(config.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)),
                        timeout);
        try (Admin admin = Admin.create(config)) {
            var setup = new TopicSetup(admin, problems, List.copyOf(catalogue));
            setup.createMissing();
            Map<String, ActualTopic> actual = setup.awaitAll(timeout.dividedBy(POLL_EVERY));
            setup.awaitLeading(actual);
            return TopicDifferences.of(catalogue, actual);
        } catch (KafkaException badConfiguration) {
            throw problems.badConfiguration(badConfiguration);
        }
    }

    /// Waits until the leaders of all these partitions take records.
    ///
    /// A new partition's leader is named before it does so. A producer that sends several batches
    /// at that moment may see its first refused and its second written, and can then never write
    /// the first (KAFKA-15591).
    ///
    /// @param timeout how long partitions may take that are not known yet
    /// @throws ExecutionException if the cluster refuses, or not all of them do in time
    public static void awaitLeading(
            Admin admin, Collection<TopicPartition> partitions, Duration timeout)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends =
                partitions.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Function.identity(), _ -> OffsetSpec.latest()));
        long pollsMax = timeout.dividedBy(POLL_EVERY);
        for (long poll = 1; ; poll++) {
            try {
                // Only a leader that takes records tells where they end.
                admin.listOffsets(ends).all().get();
                return;
            } catch (ExecutionException e) {
                if (poll >= pollsMax
                        || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
            Thread.sleep(POLL_EVERY);
        }
    }

    private void awaitLeading(Map<String, ActualTopic> topics) {
        var partitions = new ArrayList<TopicPartition>();
        topics.forEach((name, topic) -> {
            for (int i = 0; i < topic.partitions(); i++) {
                partitions.add(new TopicPartition(name, i));
            }
        });
        try {
            awaitLeading(admin, partitions, problems.timeout());
        } catch (ExecutionException e) {
            throw problems.refused(Step.DESCRIBE, e);
        } catch (InterruptedException e) {
            throw problems.interrupted(e);
        }
    }

    private void createMissing() {
        Map<String, Integer> existing = new HashMap<>();
        describe().forEach((name, topic) -> existing.put(name, topic.partitions().size()));
        OptionalInt shared = TopicDifferences.sharedPartitions(catalogue, existing);
        var missing = new ArrayList<NewTopic>();
        for (Topic<?> topic : catalogue) {
            if (!existing.containsKey(topic.name())) {
                int partitions =
                        TopicDifferences.sharesPartitions(topic)
                                ? shared.orElse(topic.partitions())
                                : topic.partitions();
                missing.add(
                        new NewTopic(topic.name(), Optional.of(partitions), Optional.empty())
                                .configs(topic.settings()));
            }
        }
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            awaitCreated(created);
        }
    }

    private Map<String, ActualTopic> awaitAll(long pollsMax) {
        for (long poll = 1; ; poll++) {
            Map<String, ActualTopic> actual = readUsable();
            List<String> missing =
                    catalogue.stream()
                            .map(Topic::name)
                            .filter(name -> !actual.containsKey(name))
                            .toList();
            if (missing.isEmpty()) {
                return actual;
            }
            if (poll >= pollsMax) {
                throw problems.notUsable(missing);
            }
            try {
                Thread.sleep(POLL_EVERY);
            } catch (InterruptedException e) {
                throw problems.interrupted(e);
            }
        }
    }

    /// The topics of the catalogue that are there and whose partitions all have a leader.
    private Map<String, ActualTopic> readUsable() {
        Map<String, TopicDescription> described = describe();
        described.values().removeIf(topic -> !hasLeaders(topic));
        List<ConfigResource> resources =
                described.keySet().stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        var topics = new HashMap<String, ActualTopic>();
        for (var read : admin.describeConfigs(resources).values().entrySet()) {
            TopicDescription topic = described.get(read.getKey().name());
            Optional<Config> config = awaitKnown(read.getValue(), Step.READ_SETTINGS);
            if (topic != null && config.isPresent()) {
                topics.put(
                        topic.name(),
                        new ActualTopic(topic.partitions().size(), settings(config.get())));
            }
        }
        return topics;
    }

    /// The topics of the catalogue that are there.
    private Map<String, TopicDescription> describe() {
        List<String> names = catalogue.stream().map(Topic::name).toList();
        var topics = new HashMap<String, TopicDescription>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach((name, reply) ->
                        awaitKnown(reply, Step.DESCRIBE)
                                .ifPresent(topic -> topics.put(name, topic)));
        return topics;
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return topic.partitions().stream()
                .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    }

    /// The settings in force, whether set on the topic or taken from the cluster.
    private static Map<String, String> settings(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toUnmodifiableMap(ConfigEntry::name, ConfigEntry::value));
    }

    /// Empty where the topic does not exist, or the broker that was asked does not know it yet.
    private <T> Optional<T> awaitKnown(KafkaFuture<T> reply, Step step) {
        try {
            return Optional.of(reply.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw problems.refused(step, e);
        } catch (InterruptedException e) {
            throw problems.interrupted(e);
        }
    }

    /// A topic that another process has created meanwhile is as good as created.
    private void awaitCreated(KafkaFuture<Void> created) {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw problems.refused(Step.CREATE, e);
            }
        } catch (InterruptedException e) {
            throw problems.interrupted(e);
        }
    }
}
