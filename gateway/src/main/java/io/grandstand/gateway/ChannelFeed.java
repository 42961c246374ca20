package io.grandstand.gateway;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// One channel on one event loop: where its records are, and who wants them.
///
/// What it names is immutable and may be read by Kafka threads; `live` and `subscriptions` are
/// confined to the loop.
final class ChannelFeed {
    final LoopSubscriptions loop;

    /// As its subscribers spell it.
    final String channel;

    final Namespace namespace;
    final TopicDirectory.Entry topic;
    final int partition;
    final Key key;

    /// Those who get each new record at once.
    final List<Subscription> live = new ArrayList<>();

    /// How many subscriptions there are, live or on their way.
    int subscriptions;

    ChannelFeed(
            LoopSubscriptions loop,
            String channel,
            Namespace namespace,
            TopicDirectory.Entry topic,
            Key key) {
        this.loop = loop;
        this.channel = channel;
        this.namespace = namespace;
        this.topic = topic;
        this.partition = topic.partition(key.bytes());
        this.key = key;
    }

    TopicPartition topicPartition() {
        return new TopicPartition(topic.topic(), partition);
    }

    String epoch() {
        return topic.epoch(partition);
    }
}
