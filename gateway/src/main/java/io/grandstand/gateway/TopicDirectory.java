package io.grandstand.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway knows of the topics it serves: how many partitions, and which history.
///
/// Filled by `refresh`, from any thread; read by event loops without waiting.
final class TopicDirectory {
    private static final Logger log = LoggerFactory.getLogger(TopicDirectory.class);

    private final Admin admin;
    private final Set<String> topics;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /// A topic as the cluster has it.
    ///
    /// @param history names the cluster, this creation of the topic and its partition count:
    ///   whatever makes old offsets meaningless makes another name
    record Entry(String topic, int partitions, String history) {
        /// Kafka's own partitioner: a key's records are where any producer puts them.
        int partition(byte[] key) {
            return Utils.toPositive(Utils.murmur2(key)) % partitions;
        }

        /// Names the history that offsets of a partition belong to.
        String epoch(int partition) {
            return history + "." + partition;
        }
    }

    TopicDirectory(Admin admin, Collection<String> topics) {
        this.admin = admin;
        this.topics = Set.copyOf(topics);
    }

    /// The topic, or null while the cluster has not told of it.
    @Nullable Entry find(String topic) {
        return entries.get(topic);
    }

    boolean isComplete() {
        return missing().isEmpty();
    }

    /// The topics that the cluster has not told of yet.
    Set<String> missing() {
        var missing = new TreeSet<>(topics);
        missing.removeAll(entries.keySet());
        return missing;
    }

    /// Asks the cluster about each topic; blocks for at most the admin client's timeout. A topic
    /// that cannot be described keeps what was known of it.
    void refresh() throws InterruptedException {
        try {
            String cluster = admin.describeCluster().clusterId().get();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> described :
                    admin.describeTopics(topics).topicNameValues().entrySet()) {
                try {
                    TopicDescription topic = described.getValue().get();
                    entries.put(described.getKey(), entry(cluster, topic));
                } catch (ExecutionException e) {
                    log.warn(
                            "topic {} cannot be described: {}",
                            described.getKey(),
                            String.valueOf(e.getCause()));
                }
            }
        } catch (ExecutionException e) {
            log.warn("the Kafka cluster does not answer: {}", String.valueOf(e.getCause()));
        }
    }

    private static Entry entry(String cluster, TopicDescription topic) {
        int partitions = topic.partitions().size();
        return new Entry(
                topic.name(),
                partitions,
                shortHash(cluster + "/" + topic.topicId() + "/" + partitions));
    }

    private static String shortHash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
