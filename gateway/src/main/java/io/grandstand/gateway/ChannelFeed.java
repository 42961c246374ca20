package io.grandstand.gateway;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// One channel on one event loop and one kind of connection: where its records are, and who wants
/// them.
///
/// What it names is immutable and may be read by Kafka threads; `live` and `subscriptions` are
/// confined to the loop.
final class ChannelFeed {
    final LoopSubscriptions loop;

    /// As its subscribers spell it.
    final String channel;

    final Wire wire;
    final Namespace namespace;
    final TopicDirectory.Entry topic;
    final int partition;
    final Key key;

    /// Those who get each new record at once.
    final List<Subscription> live = new ArrayList<>(1);

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
