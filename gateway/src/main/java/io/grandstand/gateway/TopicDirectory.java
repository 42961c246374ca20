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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway knows of the topics it serves: how many partitions, and which history.
///
/// Asks the cluster once a second, since a topic may be deleted, created again or given further
/// partitions at any time. Read by event loops and Kafka threads without waiting.
final class TopicDirectory {
    private static final Logger log = LoggerFactory.getLogger(TopicDirectory.class);

    private static final long REFRESH_MS = 1000;

    private final Admin admin;
    private final Set<String> topics;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /// Gets a topic's name and what it is now, null where it is gone; on the directory's thread.
    private final BiConsumer<String, @Nullable Entry> onChange;

    private final AtomicBoolean isAway = new AtomicBoolean();
    private @Nullable Thread thread;

    /// A topic as the cluster has it.
    ///
    /// @param history names the cluster, this creation of the topic and its partition count:
    ///   whatever makes old offsets meaningless makes another name
    record Entry(String topic, int partitions, String history) {
        /// Kafka's own partitioner: a key's records are where any producer puts them.
        int partition(byte[] key) {
            return TopicDirectory.partition(key, partitions);
        }

        /// Names the history that offsets of a partition belong to.
        String epoch(int partition) {
            return history + "." + partition;
        }
    }

    /// A directory of `topics`, which knows nothing yet.
    TopicDirectory(
            Admin admin, Collection<String> topics, BiConsumer<String, @Nullable Entry> onChange) {
        this.admin = admin;
        this.topics = Set.copyOf(topics);
        this.onChange = onChange;
    }

    /// Which of `count` partitions a key belongs to, by Kafka's own partitioner.
    static int partition(byte[] key, int count) {
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }

    /// The topic, or null while the cluster does not have it.
    @Nullable Entry find(String topic) {
        return entries.get(topic);
    }

    /// Whether this is still what the cluster has.
    boolean isCurrent(Entry topic) {
        return topic.equals(entries.get(topic.topic()));
    }

    boolean isComplete() {
        return missing().isEmpty();
    }

    /// The topics that the cluster does not have.
    Set<String> missing() {
        var missing = new TreeSet<>(topics);
        missing.removeAll(entries.keySet());
        return missing;
    }

    /// Goes on asking the cluster, until `stop`.
    void watch() {
        thread = Thread.ofPlatform().name("topic-directory").start(this::run);
    }

    /// Ends the watch; waits for it.
    void stop() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(REFRESH_MS);
                refresh();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Asks the cluster about each topic; blocks for at most the admin client's timeout. While it
    /// does not answer, what was known is kept.
    void refresh() throws InterruptedException {
        try {
            String cluster = admin.describeCluster().clusterId().get();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> described :
                    admin.describeTopics(topics).topicNameValues().entrySet()) {
                take(cluster, described.getKey(), described.getValue());
            }
            if (isAway.compareAndSet(true, false)) {
                log.info("the Kafka cluster answers again");
            }
        } catch (ExecutionException e) {
            if (isAway.compareAndSet(false, true)) {
                log.warn("the Kafka cluster does not answer: {}", String.valueOf(e.getCause()));
            }
        }
    }

    /// Whether the cluster itself confirms, now, that a topic is what it was. Blocks for at most
    /// the admin client's timeout.
    ///
    /// @throws ExecutionException where the cluster does not answer
    boolean confirms(Entry topic) throws InterruptedException, ExecutionException {
        String cluster = admin.describeCluster().clusterId().get();
        KafkaFuture<TopicDescription> described =
                admin.describeTopics(Set.of(topic.topic())).topicNameValues().get(topic.topic());
        try {
            return described != null && entry(cluster, described.get()).equals(topic);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private void take(String cluster, String topic, KafkaFuture<TopicDescription> described)
            throws InterruptedException {
        Entry before = entries.get(topic);
        try {
            Entry now = entry(cluster, described.get());
            entries.put(topic, now);
            if (before != null && !before.equals(now)) {
                log.warn(
                        "topic {} was created again or got other partitions: positions in it"
                                + " start anew",
                        topic);
                onChange.accept(topic, now);
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                log.debug("topic {} cannot be described: {}", topic, e.toString());
            } else if (before != null) {
                log.warn("topic {} is gone", topic);
                entries.remove(topic);
                onChange.accept(topic, null);
            }
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
