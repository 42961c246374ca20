package io.grandstand.gateway;

import io.grandstand.gateway.KafkaReader.Delivery;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The subscriptions of one event loop, and the fan-out to them. Confined to it, but for `execute`:
/// no locks, no volatile fields.
final class LoopSubscriptions {
    private static final Logger log = LoggerFactory.getLogger(LoopSubscriptions.class);

    /// How long to wait before asking Kafka again on behalf of a subscription that is behind.
    private static final long RETRY_MS = 1000;

    private final EventLoop loop;
    private final List<KafkaReader> readers;
    private final Map<String, ChannelFeed> feeds = new HashMap<>();

    /// Sessions that were written to and must be flushed at the end of the batch.
    private final List<Session> written = new ArrayList<>();

    LoopSubscriptions(EventLoop loop, List<KafkaReader> readers) {
        this.loop = loop;
        this.readers = readers;
    }

    /// Runs a task on the loop; any thread. After a shutdown the task is dropped.
    void execute(Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    /// The feed of a channel; counts one more subscription to it.
    ChannelFeed join(String channel, Namespace namespace, TopicDirectory.Entry topic, byte[] key) {
        assert loop.inEventLoop();
        ChannelFeed feed =
                feeds.computeIfAbsent(
                        channel,
                        _ -> new ChannelFeed(this, channel, namespace, topic, new Key(key)));
        feed.subscriptions++;
        return feed;
    }

    /// Asks for what the subscription is owed from `from` on.
    void request(Subscription subscription, long from, boolean isBeginning) {
        assert loop.inEventLoop();
        subscription.fetching = true;
        reader(subscription.feed)
                .request(new PieceRequest(subscription, subscription.feed, from, isBeginning));
    }

    /// A connection can take more: its subscriptions that are behind go on.
    void resume(Subscription subscription) {
        if (subscription.state == Subscription.State.BEHIND && !subscription.fetching) {
            request(subscription, subscription.next, false);
        }
    }

    /// Ends a subscription; nothing is sent for it afterwards.
    void leave(Subscription subscription) {
        assert loop.inEventLoop();
        if (subscription.state == Subscription.State.CLOSED) {
            return;
        }
        ChannelFeed feed = subscription.feed;
        if (subscription.state == Subscription.State.LIVE) {
            feed.live.remove(subscription);
        }
        subscription.state = Subscription.State.CLOSED;
        feed.subscriptions--;
        if (feed.subscriptions == 0) {
            feeds.remove(feed.channel, feed);
            reader(feed).release(feed);
        }
    }

    /// Takes what a Kafka thread found.
    void received(Subscription subscription, Piece piece) {
        assert loop.inEventLoop();
        subscription.fetching = false;
        switch (piece) {
            case Piece.Records records -> take(subscription, records);
            case Piece.Unrecoverable lost -> lose(subscription, lost);
            case Piece.Unavailable _ -> retry(subscription);
        }
        flushWritten();
    }

    /// Sends one batch of records to everyone who is live on their channels.
    void deliver(List<Delivery> batch) {
        assert loop.inEventLoop();
        for (Delivery delivery : batch) {
            try {
                broadcast(delivery.feed(), delivery.offset(), delivery.frame());
            } finally {
                delivery.frame().release();
            }
        }
        flushWritten();
    }

    /// What was known of the feed's partition is gone: its subscribers shall recover by their
    /// positions.
    void lost(ChannelFeed feed) {
        assert loop.inEventLoop();
        for (Subscription subscription : List.copyOf(feed.live)) {
            subscription.session.endSubscription(subscription, UnsubscribeCode.INSUFFICIENT_STATE);
        }
    }

    private void broadcast(ChannelFeed feed, long offset, ByteBuf frame) {
        List<Subscription> live = feed.live;
        // From the end, so that a subscription can be taken out on the way.
        for (int i = live.size() - 1; i >= 0; i--) {
            Subscription subscription = live.get(i);
            if (offset < subscription.next) {
                continue;
            }
            if (subscription.session.hasRoom()) {
                write(subscription.session, frame.retainedDuplicate());
                subscription.next = offset + 1;
            } else {
                // Not waited for: it catches up from its position once its connection has drained.
                subscription.state = Subscription.State.BEHIND;
                live.set(i, live.getLast());
                live.removeLast();
            }
        }
    }

    private void take(Subscription subscription, Piece.Records records) {
        ByteBuf frames = records.frames();
        if (subscription.state == Subscription.State.CLOSED) {
            if (frames != null) {
                frames.release();
            }
            return;
        }
        if (subscription.state == Subscription.State.PENDING) {
            subscription.session.subscribed(subscription, records.from());
            flushLater(subscription.session);
        }
        if (frames != null) {
            write(subscription.session, frames);
        }
        subscription.next = records.next();
        if (records.isAtEnd()) {
            subscription.state = Subscription.State.LIVE;
            subscription.feed.live.add(subscription);
        } else {
            subscription.state = Subscription.State.BEHIND;
            if (subscription.session.hasRoom()) {
                resume(subscription);
            }
        }
    }

    private void lose(Subscription subscription, Piece.Unrecoverable lost) {
        switch (subscription.state) {
            case PENDING -> {
                if (subscription.request.wantsErrorWhenUnrecoverable()) {
                    subscription.session.refuse(subscription, ErrorCode.UNRECOVERABLE_POSITION);
                } else {
                    subscription.isRecoverable = false;
                    subscription.session.subscribed(subscription, lost.next());
                    flushLater(subscription.session);
                    subscription.state = Subscription.State.BEHIND;
                    subscription.next = lost.next();
                    resume(subscription);
                }
            }
            case BEHIND, LIVE ->
                    subscription.session.endSubscription(
                            subscription, UnsubscribeCode.INSUFFICIENT_STATE);
            case CLOSED -> {}
        }
    }

    private void retry(Subscription subscription) {
        switch (subscription.state) {
            case PENDING -> subscription.session.refuse(subscription, ErrorCode.INTERNAL);
            case BEHIND -> {
                log.debug("channel {} is retried", subscription.feed.channel);
                var _ = loop.schedule(() -> resume(subscription), RETRY_MS, TimeUnit.MILLISECONDS);
            }
            case LIVE, CLOSED -> {}
        }
    }

    private void write(Session session, ByteBuf frames) {
        session.write(frames);
        flushLater(session);
    }

    /// A session is flushed once, at the end of the batch, however much is written to it.
    private void flushLater(Session session) {
        if (!session.flushPending) {
            session.flushPending = true;
            written.add(session);
        }
    }

    private void flushWritten() {
        for (Session session : written) {
            session.flushPending = false;
            session.flush();
        }
        written.clear();
    }

    private KafkaReader reader(ChannelFeed feed) {
        int hash = feed.topic.topic().hashCode() + feed.partition;
        return readers.get(Math.floorMod(hash, readers.size()));
    }
}
