package io.grandstand.gateway.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

/// The ledger's topic: how it has to be set up, and where in it a player is.
///
/// @param partitions must never change while nodes run: they would look for a player's claims in
///   different partitions
record LedgerTopic(String name, int partitions) {
    private static final String LOG_APPEND_TIME = "LogAppendTime";

    /// The settings of the topic for ids that are remembered for `window`.
    ///
    /// Kafka deletes whole segments, of which the last is never deleted: at most three windows of
    /// records are kept.
    static Map<String, String> settings(Duration window) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                // All nodes forget by one clock, the broker's.
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                LOG_APPEND_TIME,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(2 * window.toMillis()),
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(window.toMillis()));
    }

    /// Asks the cluster about the topic; blocks for at most the admin client's timeout.
    ///
    /// @throws IOException if there is no such topic, or one that must not be used; says what to do
    static LedgerTopic describe(Admin admin, String name, Duration window)
            throws IOException, InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try {
            TopicDescription topic = only(admin.describeTopics(Set.of(name)).allTopicNames());
            Config config = only(admin.describeConfigs(Set.of(resource)).all());
            List<String> problems = problems(config, window);
            if (!problems.isEmpty()) {
                throw new IOException(
                        "topic %s cannot remember publishes: %s"
                                .formatted(name, String.join("; ", problems)));
            }
            return new LedgerTopic(name, topic.partitions().size());
        } catch (ExecutionException e) {
            throw new IOException(
                    ("the Kafka cluster does not describe topic %s (%s); check that it exists and"
                                    + " that this client may describe it and its settings")
                            .formatted(name, String.valueOf(e.getCause())),
                    e);
        }
    }

    /// Kafka's own partitioner: a player's records are where any producer puts them.
    int partition(String player) {
        byte[] key = player.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    private static List<String> problems(Config config, Duration window) {
        var problems = new ArrayList<String>();
        String cleanup = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!cleanup.equals(TopicConfig.CLEANUP_POLICY_DELETE)) {
            problems.add("cleanup.policy is %s: must be delete".formatted(cleanup));
        }
        String timestamps = value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
        if (!timestamps.equals(LOG_APPEND_TIME)) {
            problems.add(
                    "message.timestamp.type is %s: must be %s"
                            .formatted(timestamps, LOG_APPEND_TIME));
        }
        String retention = value(config, TopicConfig.RETENTION_MS_CONFIG);
        long retentionMs = Long.parseLong(retention);
        if (retentionMs >= 0 && retentionMs < 2 * window.toMillis()) {
            problems.add(
                    "retention.ms is %s: must be at least %d, twice the window"
                            .formatted(retention, 2 * window.toMillis()));
        }
        return problems;
    }

    private static <V> V only(KafkaFuture<? extends Map<?, V>> described)
            throws ExecutionException, InterruptedException {
        return described.get().values().iterator().next();
    }

    private static String value(Config config, String name) {
        return config.get(name).value();
    }
}
