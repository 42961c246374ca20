package io.grandstand.gateway;

import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    private final GatewayStats stats;

    /// Smallest message that is worth compressing.
    final int deflateBytesMin;

    /// By what they have in common, and then by channel.
    private final Map<Kind, Map<String, ChannelFeed>> feeds = new HashMap<>();

    /// Sessions that were written to and must be flushed at the end of the batch.
    private final List<Session> written = new ArrayList<>();

    private record Kind(Wire wire, TopicDirectory.Entry topic) {}

    LoopSubscriptions(
            EventLoop loop, List<KafkaReader> readers, int deflateBytesMin, GatewayStats stats) {
        this.deflateBytesMin = deflateBytesMin;
        this.loop = loop;
        this.readers = readers;
        this.stats = stats;
    }

    /// Runs a task on the loop; any thread. After a shutdown the task is dropped.
    void execute(Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    /// Runs a task on the loop later; any thread.
    void schedule(Runnable task, long delay, TimeUnit unit) {
        if (!loop.isShuttingDown()) {
            var _ = loop.schedule(task, delay, unit);
        }
    }

    /// The feed of a channel; counts one more subscription to it.
    ChannelFeed join(
            String channel,
            Wire wire,
            Namespace namespace,
            TopicDirectory.Entry topic,
            byte[] key) {
        assert loop.inEventLoop();
        ChannelFeed feed =
                feeds.computeIfAbsent(new Kind(wire, topic), _ -> new HashMap<>())
                        .computeIfAbsent(
                                channel,
                                _ ->
                                        new ChannelFeed(
                                                this,
                                                channel,
                                                wire,
                                                namespace,
                                                topic,
                                                new Key(key)));
        feed.subscriptions++;
        return feed;
    }

    /// Asks for what the subscription is owed from `from` on. Where more than `recordsMax` records
    /// were missed, they are not recovered; 0 for any number.
    void request(Subscription subscription, long from, boolean isBeginning, int recordsMax) {
        assert loop.inEventLoop();
        subscription.fetching = true;
        reader(subscription.feed)
                .request(
                        new PieceRequest(
                                subscription,
                                subscription.feed,
                                from,
                                isBeginning,
                                recordsMax,
                                subscription.filter));
    }

    /// Asks for earlier records; any thread.
    void history(HistoryRequest request) {
        reader(request.feed()).history(request);
    }

    /// A connection can take more: its subscriptions that are behind go on.
    void resume(Subscription subscription) {
        if (subscription.state == Subscription.State.BEHIND
                && !subscription.fetching
                && !subscription.session.isConnecting()) {
            request(subscription, subscription.next, false, 0);
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
            feed.removeLive(subscription);
        }
        subscription.state = Subscription.State.CLOSED;
        leave(feed);
    }

    /// Takes back one `join`.
    void leave(ChannelFeed feed) {
        feed.subscriptions--;
        if (feed.subscriptions == 0) {
            feeds.computeIfPresent(
                    new Kind(feed.wire, feed.topic),
                    (_, ofKind) -> {
                        ofKind.remove(feed.channel, feed);
                        return ofKind.isEmpty() ? null : ofKind;
                    });
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
            case Piece.Invalidated _ -> invalidate(subscription);
            case Piece.Unavailable _ -> retry(subscription);
        }
        flushWritten();
    }

    /// Sends one batch of records to everyone who is live on their channels.
    void deliver(List<Delivery> batch) {
        assert loop.inEventLoop();
        try {
            for (Delivery delivery : batch) {
                broadcast(delivery);
            }
            flushWritten();
        } finally {
            for (Delivery delivery : batch) {
                delivery.frames().release();
            }
        }
    }

    /// What was known of the feed's partition is gone: its subscribers shall recover by their
    /// positions.
    void lost(ChannelFeed feed) {
        assert loop.inEventLoop();
        for (Subscription subscription : feed.allLive()) {
            subscription.session.endSubscription(subscription, UnsubscribeCode.INSUFFICIENT_STATE);
        }
        flushWritten();
    }

    /// A topic is not what it was. Where it is gone, its subscribers shall come back with their
    /// positions until it is there again; where it is another, their positions mean nothing.
    void changed(String topic, boolean isGone) {
        assert loop.inEventLoop();
        List<ChannelFeed> changed =
                feeds.entrySet().stream()
                        .filter(ofKind -> ofKind.getKey().topic().topic().equals(topic))
                        .flatMap(ofKind -> ofKind.getValue().values().stream())
                        .toList();
        for (ChannelFeed feed : changed) {
            for (Subscription subscription : feed.allLive()) {
                subscription.session.endSubscription(
                        subscription,
                        isGone
                                ? UnsubscribeCode.INSUFFICIENT_STATE
                                : UnsubscribeCode.STATE_INVALIDATED);
            }
        }
        flushWritten();
    }

    /// Clients that know a position which Kafka is about to delete shall fetch a newer one, so that
    /// they can still recover when they come back after a pause: a quiet channel moves no position.
    /// At most `countMax` of them; the others have their turn later.
    void refreshPositions(List<ChannelFeed> feeds, long oldest, int countMax) {
        assert loop.inEventLoop();
        int left = countMax;
        for (ChannelFeed feed : feeds) {
            for (int i = feed.liveCount() - 1; i >= 0 && left > 0; i--) {
                Subscription subscription = feed.live(i);
                if (subscription.told < oldest && !subscription.origin.isServerSide()) {
                    subscription.session.endSubscription(
                            subscription, UnsubscribeCode.INSUFFICIENT_STATE);
                    left--;
                }
            }
        }
        flushWritten();
    }

    private void broadcast(Delivery delivery) {
        ChannelFeed feed = delivery.feed();
        int delivered = 0;
        long first = delivery.first();
        long next = delivery.next();
        // From the end, so that a subscription can be taken out on the way.
        for (int i = feed.liveCount() - 1; i >= 0; i--) {
            Subscription subscription = feed.live(i);
            if (next <= subscription.next) {
                continue;
            }
            if (!subscription.session.hasRoom()) {
                // Not waited for: it catches up from its position once its connection has drained.
                subscription.state = Subscription.State.BEHIND;
                feed.removeLive(i);
            } else if (subscription.filter == null && subscription.next <= first) {
                share(subscription.session, delivery.frames());
                subscription.next = next;
                subscription.told = next;
                delivered += delivery.count();
            } else {
                delivered += pick(subscription, delivery);
            }
        }
        stats.delivered.add(delivered);
    }

    /// Writes those of the records that the subscriber has not seen and wants; returns how many.
    private int pick(Subscription subscription, Delivery delivery) {
        int picked = 0;
        for (int i = 0; i < delivery.count(); i++) {
            long offset = delivery.offsets()[i];
            if (offset < subscription.next) {
                continue;
            }
            subscription.next = offset + 1;
            if (subscription.filter == null
                    || subscription.filter.matches(delivery.tags().get(i))) {
                write(subscription.session, delivery.frame(i));
                subscription.told = subscription.next;
                picked++;
            }
        }
        return picked;
    }

    private void take(Subscription subscription, Piece.Records records) {
        ByteBuf frames = records.frames();
        if (subscription.state == Subscription.State.CLOSED) {
            release(frames);
            return;
        }
        if (subscription.state == Subscription.State.PENDING) {
            if (subscription.session.isConnecting()) {
                // The connect reply tells where this one starts; what follows is asked for again
                // once that is sent.
                release(frames);
                started(subscription, records.from());
                return;
            }
            started(subscription, records.from());
        }
        if (frames != null) {
            write(subscription.session, frames);
            subscription.told = records.last();
        }
        subscription.next = records.next();
        if (records.isAtEnd()) {
            subscription.state = Subscription.State.LIVE;
            subscription.feed.addLive(subscription);
        } else {
            subscription.state = Subscription.State.BEHIND;
            if (subscription.session.hasRoom()) {
                resume(subscription);
            }
        }
    }

    private static void release(@Nullable ByteBuf frames) {
        if (frames != null) {
            frames.release();
        }
    }

    private void started(Subscription subscription, long offset) {
        subscription.state = Subscription.State.BEHIND;
        subscription.next = offset;
        subscription.told = offset;
        subscription.session.subscribed(subscription);
        flushLater(subscription.session);
    }

    private void lose(Subscription subscription, Piece.Unrecoverable lost) {
        switch (subscription.state) {
            case PENDING -> {
                if (subscription.origin.wantsError()) {
                    subscription.session.refuse(subscription, ErrorCode.UNRECOVERABLE_POSITION);
                } else {
                    subscription.isRecoverable = false;
                    started(subscription, lost.next());
                    resume(subscription);
                }
            }
            case BEHIND, LIVE ->
                    subscription.session.endSubscription(
                            subscription, UnsubscribeCode.INSUFFICIENT_STATE);
            case CLOSED -> {}
        }
    }

    private static void invalidate(Subscription subscription) {
        switch (subscription.state) {
            case PENDING -> subscription.session.refuse(subscription, ErrorCode.INTERNAL);
            case BEHIND, LIVE ->
                    subscription.session.endSubscription(
                            subscription, UnsubscribeCode.STATE_INVALIDATED);
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
        queueOnlyBytes(session);
        session.write(frames);
        flushLater(session);
    }

    /// Sends bytes that are the batch's at its end: straight to the connection where they are all
    /// that the batch has for it, which is nearly always so.
    private void share(Session session, ByteBuf frames) {
        if (session.flushPending) {
            queueOnlyBytes(session);
            session.write(frames.retainedDuplicate());
        } else {
            session.onlyBytes = frames;
            flushLater(session);
        }
    }

    private static void queueOnlyBytes(Session session) {
        ByteBuf only = session.onlyBytes;
        if (only != null) {
            session.onlyBytes = null;
            session.write(only.retainedDuplicate());
        }
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
            ByteBuf only = session.onlyBytes;
            if (only == null) {
                session.flush();
            } else {
                session.onlyBytes = null;
                session.send(only);
            }
        }
        written.clear();
    }

    private KafkaReader reader(ChannelFeed feed) {
        int hash = feed.topic.topic().hashCode() + feed.partition;
        return readers.get(Math.floorMod(hash, readers.size()));
    }
}
