package io.grandstand.gateway;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// One channel on one event loop and one kind of connection: where its records are, and who wants
/// them.
///
/// What it names is immutable and may be read by Kafka threads; `live` and `subscriptions` are
/// confined to the loop.
final class ChannelFeed {
    private static final Subscription[] NOBODY = {};

    final LoopSubscriptions loop;

    /// As its subscribers spell it.
    final String channel;

    final Wire wire;
    final Namespace namespace;
    final TopicDirectory.Entry topic;
    final int partition;
    final Key key;

    /// Those who get each new record at once, in no order; of the array, so many. Nearly always
    /// there is one, and a list would be another object for every connection.
    private Subscription[] live = NOBODY;

    private int liveCount;

    /// How many subscriptions there are, live or on their way.
    int subscriptions;

    ChannelFeed(
            LoopSubscriptions loop,
            String channel,
            Wire wire,
            Namespace namespace,
            TopicDirectory.Entry topic,
            Key key) {
        this.loop = loop;
        this.channel = channel;
        this.wire = wire;
        this.namespace = namespace;
        this.topic = topic;
        this.partition = topic.partition(key.bytes());
        this.key = key;
    }

    int liveCount() {
        return liveCount;
    }

    /// One of those who are live; `index` is less than `liveCount`.
    Subscription live(int index) {
        return live[index];
    }

    /// All who are live; a copy.
    List<Subscription> allLive() {
        return List.of(Arrays.copyOf(live, liveCount));
    }

    void addLive(Subscription subscription) {
        if (liveCount == live.length) {
            live = Arrays.copyOf(live, Math.max(1, 2 * liveCount));
        }
        live[liveCount++] = subscription;
    }

    /// The last takes the place of the one that goes.
    @SuppressWarnings("NullAway") // The array's end is empty.
    void removeLive(int index) {
        live[index] = live[--liveCount];
        live[liveCount] = null;
    }

    void removeLive(Subscription subscription) {
        for (int i = liveCount - 1; i >= 0; i--) {
            if (live[i] == subscription) {
                removeLive(i);
                return;
            }
        }
    }

    /// Whether a record's bytes are the same for both.
    boolean looksLike(ChannelFeed other) {
        return wire == other.wire
                && namespace.equals(other.namespace)
                && channel.equals(other.channel);
    }

    TopicPartition topicPartition() {
        return new TopicPartition(topic.topic(), partition);
    }

    String epoch() {
        return topic.epoch(partition);
    }
}
