package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the partitions that this node's clients are interested in, and hands each event loop one
/// task per poll with what its subscribers need.
///
/// One thread owns the consumer and the partition logs; others send it tasks. No consumer group: a
/// node reads a partition while a client of its own needs it, and for a while after.
///
/// A subscription becomes live without a gap or a repeat because this thread alone decides where:
/// it answers the request with everything before its position and from then on sends what follows,
/// and an event loop carries out its tasks in order.
final class KafkaReader {
    private static final Logger log = LoggerFactory.getLogger(KafkaReader.class);

    /// How long a partition is read on after its last subscriber left: reconnects come back soon.
    private static final Duration LINGER = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    /// How long to leave Kafka alone after it refused.
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final CatchUpReader catchUp;
    private final Map<TopicPartition, PartitionLog> logs = new HashMap<>();
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closing;

    /// Starts the thread `name`. The consumer is owned from here on; the others are shared.
    KafkaReader(
            String name,
            KafkaConsumer<byte[], byte[]> consumer,
            Admin admin,
            CatchUpReader catchUp) {
        this.consumer = consumer;
        this.admin = admin;
        this.catchUp = catchUp;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    /// Asks for records; any thread. Counts as interest in the channel until `release`.
    void request(PieceRequest request) {
        submit(() -> accept(request));
    }

    /// Nobody on its loop is interested in this feed any more; any thread.
    void release(ChannelFeed feed) {
        submit(() -> {
            PartitionLog partition = logs.get(feed.topicPartition());
            if (partition != null) {
                partition.removeInterest(feed, System.nanoTime());
            }
        });
    }

    /// Ends the thread and its consumer; waits for both.
    void stop() throws InterruptedException {
        closing = true;
        consumer.wakeup();
        thread.join();
    }

    private void submit(Runnable task) {
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            consumer.wakeup();
        }
    }

    private void run() {
        try (consumer) {
            while (!closing) {
                try {
                    step();
                } catch (WakeupException tasksWait) {
                    // Carried out at the top of the next step.
                } catch (InvalidOffsetException e) {
                    e.partitions().forEach(this::restart);
                } catch (KafkaException e) {
                    log.warn("reading pauses for {} ms: {}", PAUSE.toMillis(), e.toString());
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        woken.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        dropIdle();
        if (consumer.assignment().isEmpty()) {
            // Without partitions there is nothing to poll for but the next task.
            Runnable task = tasks.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
            }
        } else {
            distribute(consumer.poll(POLL));
        }
    }

    private void accept(PieceRequest request) {
        TopicPartition id = request.feed().topicPartition();
        PartitionLog partition = logs.get(id);
        if (partition == null) {
            partition = new PartitionLog(id, request.feed().namespace.mode(), System.nanoTime());
            logs.put(id, partition);
            findEnds(partition);
        }
        if (partition.isReady()) {
            answer(partition, request);
        } else {
            partition.await(request);
        }
    }

    private void answer(PartitionLog partition, PieceRequest request) {
        Piece piece = partition.piece(request);
        if (piece == null) {
            catchUp.request(request, partition.position());
            return;
        }
        if (piece instanceof Piece.Records records && records.isAtEnd()) {
            partition.addInterest(request.feed());
        }
        request.answer(piece);
    }

    /// Learns where the partition begins and ends without holding up the others.
    private void findEnds(PartitionLog partition) {
        TopicPartition id = partition.partition;
        var committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        var begin =
                admin.listOffsets(Map.of(id, OffsetSpec.earliest()), committed).partitionResult(id);
        var end = admin.listOffsets(Map.of(id, OffsetSpec.latest()), committed).partitionResult(id);
        begin.toCompletionStage()
                .thenCombine(
                        end.toCompletionStage(),
                        (first, last) -> new long[] {first.offset(), last.offset()})
                .whenComplete((ends, failure) ->
                        submit(() -> {
                            if (failure == null) {
                                start(partition, ends[0], ends[1]);
                            } else {
                                giveUp(partition, failure);
                            }
                        }));
    }

    private void start(PartitionLog partition, long begin, long end) {
        if (logs.get(partition.partition) != partition) {
            return;
        }
        long position = partition.start(begin, end);
        assignLogs();
        consumer.seek(partition.partition, position);
        answerWaiting(partition);
    }

    private void giveUp(PartitionLog partition, Throwable reason) {
        log.warn("partition {} cannot be read: {}", partition.partition, reason.toString());
        logs.remove(partition.partition, partition);
        partition.takeWaiting().forEach(request -> request.answer(new Piece.Unavailable()));
    }

    private void answerWaiting(PartitionLog partition) {
        if (partition.isReady()) {
            partition.takeWaiting().forEach(request -> answer(partition, request));
        }
    }

    /// The position is gone (truncated or expired log): what clients hold cannot be continued from
    /// here.
    private void restart(TopicPartition id) {
        PartitionLog partition = logs.remove(id);
        if (partition == null) {
            return;
        }
        log.warn("partition {} no longer has offset {}", id, partition.position());
        for (List<ChannelFeed> feeds : partition.interested()) {
            for (ChannelFeed feed : feeds) {
                feed.loop.execute(() -> feed.loop.lost(feed));
            }
        }
        partition.takeWaiting().forEach(request -> request.answer(new Piece.Unavailable()));
        assignLogs();
    }

    private void dropIdle() {
        long now = System.nanoTime();
        boolean dropped = false;
        for (Iterator<PartitionLog> all = logs.values().iterator(); all.hasNext(); ) {
            PartitionLog partition = all.next();
            if (partition.isStarted() && partition.isIdle(now, LINGER.toNanos())) {
                all.remove();
                dropped = true;
            }
        }
        if (dropped) {
            assignLogs();
        }
    }

    private void assignLogs() {
        consumer.assign(
                logs.values().stream()
                        .filter(PartitionLog::isStarted)
                        .map(log -> log.partition)
                        .toList());
    }

    private void distribute(ConsumerRecords<byte[], byte[]> polled) {
        var batches = new HashMap<LoopSubscriptions, List<Delivery>>();
        for (TopicPartition id : polled.partitions()) {
            PartitionLog partition = logs.get(id);
            if (partition == null) {
                continue;
            }
            for (ConsumerRecord<byte[], byte[]> message : polled.records(id)) {
                Entry entry = Entry.of(message);
                if (entry != null) {
                    deliver(entry, partition.add(entry), batches);
                }
            }
        }
        batches.forEach((loop, batch) -> loop.execute(() -> loop.deliver(batch)));
        polled.nextOffsets().forEach(this::advance);
    }

    /// Past the last record there may be transaction markers, which are read but are no records.
    private void advance(TopicPartition id, OffsetAndMetadata position) {
        PartitionLog partition = logs.get(id);
        if (partition != null) {
            partition.advance(position.offset());
            answerWaiting(partition);
        }
    }

    /// One buffer for each spelling of the channel, shared by all loops.
    private static void deliver(
            Entry entry, List<ChannelFeed> feeds, Map<LoopSubscriptions, List<Delivery>> batches) {
        ByteBuf frame = null;
        String spelling = null;
        for (ChannelFeed feed : feeds) {
            if (frame == null || !feed.channel.equals(spelling)) {
                frame = buffer(entry.frame(feed.channel));
                spelling = feed.channel;
            } else {
                frame.retain();
            }
            batches.computeIfAbsent(feed.loop, _ -> new ArrayList<>())
                    .add(new Delivery(feed, entry.offset(), frame));
        }
    }

    private static ByteBuf buffer(byte[] frame) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(frame.length).writeBytes(frame);
    }

    /// One record for the subscribers of one feed; the receiver releases the frame once.
    record Delivery(ChannelFeed feed, long offset, ByteBuf frame) {}
}
