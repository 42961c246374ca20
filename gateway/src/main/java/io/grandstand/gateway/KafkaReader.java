package io.grandstand.gateway;

import io.grandstand.protocol.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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

    /// As many records in one poll are load: the next poll waits for company, because a fetch costs
    /// as much as the deliveries of many records. An idle node polls again at once.
    private static final int LOAD_RECORDS = 16;

    /// How long a poll waits under load: what it adds to a delivery's time at most.
    private static final Duration LOAD_PAUSE = Duration.ofMillis(2);

    /// How long to leave Kafka alone after it refused.
    private static final Duration PAUSE = Duration.ofMillis(500);

    /// How often the partitions are compared with what the cluster says of them.
    private static final Duration SURVEY = Duration.ofSeconds(5);

    /// Clients whose position is in the oldest part of the log, this fraction, get a newer one.
    private static final int OLDEST_FRACTION = 10;

    /// Most clients per partition, event loop and survey that are given a newer position.
    private static final int REFRESHES_MAX = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final TopicDirectory topics;
    private final CatchUpReader catchUp;
    private final HistoryReader historyReader;
    private final GatewayStats stats;
    private final Map<TopicPartition, PartitionLog> logs = new HashMap<>();
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Thread thread;
    private long surveyedNs = System.nanoTime();
    private volatile boolean closing;

    /// Starts the thread `name`. The consumer is owned from here on; the others are shared.
    KafkaReader(
            String name,
            KafkaConsumer<byte[], byte[]> consumer,
            Admin admin,
            TopicDirectory topics,
            CatchUpReader catchUp,
            HistoryReader historyReader,
            GatewayStats stats) {
        this.consumer = consumer;
        this.admin = admin;
        this.topics = topics;
        this.catchUp = catchUp;
        this.historyReader = historyReader;
        this.stats = stats;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    /// Asks for records; any thread. Counts as interest in the channel until `release`.
    void request(PieceRequest request) {
        submit(() -> accept(request));
    }

    /// Asks for earlier records; any thread. Counts as interest in the channel until `release`.
    void history(HistoryRequest request) {
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

    /// A topic is gone or another: what was read of it counts no more; any thread.
    void forget(String topic) {
        submit(() -> {
            for (PartitionLog partition : List.copyOf(logs.values())) {
                if (partition.partition.topic().equals(topic)
                        && !topics.isCurrent(partition.topic)) {
                    drop(partition);
                }
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
        logs.values().forEach(PartitionLog::close);
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
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            distribute(polled);
            if (polled.count() >= LOAD_RECORDS) {
                Thread.sleep(LOAD_PAUSE);
            }
            if (System.nanoTime() - surveyedNs > SURVEY.toNanos()) {
                surveyedNs = System.nanoTime();
                survey();
            }
        }
    }

    private void accept(PieceRequest request) {
        if (!topics.isCurrent(request.feed().topic)) {
            request.answer(new Piece.Invalidated());
            return;
        }
        PartitionLog partition = log(request.feed());
        if (request.recordsMax() == 0) {
            await(partition, request, 0);
            return;
        }
        // Too many are too many, even if this reader has not read them all yet.
        TopicPartition id = partition.partition;
        ends(id, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)
                .whenComplete((end, failure) ->
                        submit(() -> {
                            if (failure != null || logs.get(id) != partition) {
                                request.answer(new Piece.Unavailable());
                            } else {
                                await(partition, request, end.offset());
                            }
                        }));
    }

    private void await(PartitionLog partition, PieceRequest request, long position) {
        partition.await(
                new PartitionLog.Waiting(
                        request.feed(),
                        position,
                        isReady -> {
                            if (isReady) {
                                answer(partition, request);
                            } else {
                                request.answer(new Piece.Unavailable());
                            }
                        }));
        runReady(partition);
    }

    private void accept(HistoryRequest request) {
        if (!topics.isCurrent(request.feed().topic)) {
            request.answer().accept(new HistoryRequest.Unavailable());
            return;
        }
        PartitionLog partition = log(request.feed());
        TopicPartition id = partition.partition;
        // Everything that was acknowledged before this request shall be in the answer.
        ends(id, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)
                .whenComplete((end, failure) ->
                        submit(() -> {
                            if (failure != null || logs.get(id) != partition) {
                                request.answer().accept(new HistoryRequest.Unavailable());
                            } else {
                                await(partition, request, end.offset());
                            }
                        }));
    }

    private void await(PartitionLog partition, HistoryRequest request, long end) {
        partition.await(
                new PartitionLog.Waiting(
                        request.feed(),
                        end,
                        isReady -> {
                            if (isReady) {
                                answer(partition, request, end);
                            } else {
                                request.answer().accept(new HistoryRequest.Unavailable());
                            }
                        }));
        runReady(partition);
    }

    private void answer(PartitionLog partition, HistoryRequest request, long end) {
        if (Math.max(request.from(), request.before() == Long.MAX_VALUE ? 0 : request.before())
                > partition.position()) {
            request.answer().accept(new HistoryRequest.Unrecoverable());
            return;
        }
        List<Entry> found =
                request.recordsMax() == 0
                        ? List.of()
                        : partition.history(request.feed().key, request);
        if (found == null) {
            historyReader.request(request, end);
            return;
        }
        List<Publication> publications =
                found.stream().map(entry -> entry.publication(request.feed())).toList();
        request.answer().accept(new HistoryRequest.Found(publications, partition.position()));
    }

    private PartitionLog log(ChannelFeed feed) {
        TopicPartition id = feed.topicPartition();
        PartitionLog partition = logs.get(id);
        if (partition != null && !partition.topic.equals(feed.topic)) {
            drop(partition);
            partition = null;
        }
        if (partition == null) {
            partition = new PartitionLog(feed, System.nanoTime());
            logs.put(id, partition);
            findEnds(partition);
        }
        return partition;
    }

    private void answer(PartitionLog partition, PieceRequest request) {
        if (request.from() > partition.position()) {
            verify(partition, request);
            return;
        }
        Piece piece = partition.piece(request);
        if (piece == null) {
            stats.recoveredFromKafka.increment();
            catchUp.request(request, partition.position());
            return;
        }
        deliver(partition, request, piece);
    }

    private static void deliver(PartitionLog partition, PieceRequest request, Piece piece) {
        if (piece instanceof Piece.Records records && records.isAtEnd()) {
            partition.addInterest(request.feed());
        }
        request.answer(piece);
    }

    /// The client is ahead of this reader. Either another node was faster, or its position was
    /// never reached: forged, or cut off with the leader that had it.
    private void verify(PartitionLog partition, PieceRequest request) {
        TopicPartition id = partition.partition;
        ends(id, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED)
                .whenComplete((end, failure) ->
                        submit(() -> {
                            if (failure != null || logs.get(id) != partition) {
                                request.answer(new Piece.Unavailable());
                            } else if (request.from()
                                    > Math.max(end.offset(), partition.position())) {
                                request.answer(new Piece.Unrecoverable(partition.position()));
                            } else {
                                Piece piece = partition.piece(request);
                                if (piece == null) {
                                    catchUp.request(request, partition.position());
                                } else {
                                    deliver(partition, request, piece);
                                }
                            }
                        }));
    }

    private CompletionStage<ListOffsetsResultInfo> ends(
            TopicPartition id, OffsetSpec spec, IsolationLevel isolation) {
        return admin.listOffsets(Map.of(id, spec), new ListOffsetsOptions(isolation))
                .partitionResult(id)
                .toCompletionStage();
    }

    /// Learns where the partition begins and ends without holding up the others.
    private void findEnds(PartitionLog partition) {
        TopicPartition id = partition.partition;
        ends(id, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED)
                .thenCombine(
                        ends(id, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED),
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
        runReady(partition);
    }

    private void giveUp(PartitionLog partition, Throwable reason) {
        log.warn("partition {} cannot be read: {}", partition.partition, reason.toString());
        logs.remove(partition.partition, partition);
        partition.takeWaiting().forEach(waiter -> waiter.run().accept(false));
    }

    private static void runReady(PartitionLog partition) {
        partition.takeReady().forEach(waiter -> waiter.run().accept(true));
    }

    /// The position is gone (truncated or expired log): what clients hold cannot be continued from
    /// here.
    private void restart(TopicPartition id) {
        PartitionLog partition = logs.get(id);
        if (partition != null) {
            log.warn("partition {} no longer has offset {}", id, partition.position());
            drop(partition);
        }
    }

    /// Stops reading a partition; whoever is interested in it is told, and comes back.
    private void drop(PartitionLog partition) {
        logs.remove(partition.partition, partition);
        partition.close();
        for (List<ChannelFeed> feeds : partition.interested()) {
            for (ChannelFeed feed : feeds) {
                feed.loop.execute(() -> feed.loop.lost(feed));
            }
        }
        partition.takeWaiting().forEach(waiter -> waiter.run().accept(false));
        assignLogs();
    }

    private void dropIdle() {
        long now = System.nanoTime();
        boolean dropped = false;
        for (Iterator<PartitionLog> all = logs.values().iterator(); all.hasNext(); ) {
            PartitionLog partition = all.next();
            if (partition.isStarted() && partition.isIdle(now, LINGER.toNanos())) {
                all.remove();
                partition.close();
                dropped = true;
            }
        }
        if (dropped) {
            assignLogs();
        }
    }

    private void assignLogs() {
        List<TopicPartition> started =
                logs.values().stream()
                        .filter(PartitionLog::isStarted)
                        .map(log -> log.partition)
                        .toList();
        consumer.assign(started);
        stats.partitions(this, started.size());
    }

    /// Compares what was read with what the cluster has: finds partitions that stall, and clients
    /// whose positions are about to be deleted.
    private void survey() {
        var started = logs.values().stream().filter(PartitionLog::isStarted).toList();
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        var earliest = new HashMap<TopicPartition, OffsetSpec>();
        for (PartitionLog partition : started) {
            latest.put(partition.partition, OffsetSpec.latest());
            earliest.put(partition.partition, OffsetSpec.earliest());
        }
        var committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends =
                admin.listOffsets(latest, committed).all();
        KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> begins =
                admin.listOffsets(earliest, committed).all();
        begins.toCompletionStage()
                .thenCombine(
                        ends.toCompletionStage(),
                        (first, last) -> {
                            submit(() -> compare(started, first, last));
                            return null;
                        })
                .exceptionally(clusterIsAway -> null);
    }

    private void compare(
            Collection<PartitionLog> surveyed,
            Map<TopicPartition, ListOffsetsResultInfo> begins,
            Map<TopicPartition, ListOffsetsResultInfo> ends) {
        int stalled = 0;
        for (PartitionLog partition : surveyed) {
            TopicPartition id = partition.partition;
            ListOffsetsResultInfo begin = begins.get(id);
            ListOffsetsResultInfo end = ends.get(id);
            if (logs.get(id) != partition || begin == null || end == null) {
                continue;
            }
            refreshPositions(partition, begin.offset(), end.offset());
            if (partition.isStalled(end.offset())) {
                stalled++;
                log.warn(
                        "partition {} stalls at offset {} though it goes on to {}: its reader is"
                                + " restarted",
                        id,
                        partition.position(),
                        end.offset());
                drop(partition);
            }
        }
        stats.stalled(this, stalled);
    }

    private static void refreshPositions(PartitionLog partition, long begin, long end) {
        if (partition.mode == Namespace.Mode.LATEST || begin == 0) {
            // Compacted, or nothing was deleted yet.
            return;
        }
        long oldest = begin + (end - begin) / OLDEST_FRACTION;
        var byLoop = new HashMap<LoopSubscriptions, List<ChannelFeed>>();
        for (List<ChannelFeed> feeds : partition.interested()) {
            for (ChannelFeed feed : feeds) {
                byLoop.computeIfAbsent(feed.loop, _ -> new ArrayList<>()).add(feed);
            }
        }
        byLoop.forEach((loop, feeds) ->
                loop.execute(() -> loop.refreshPositions(feeds, oldest, REFRESHES_MAX)));
    }

    private void distribute(ConsumerRecords<byte[], byte[]> polled) {
        var batches = new HashMap<LoopSubscriptions, List<Delivery>>();
        Set<TopicPartition> partitions = polled.partitions();
        for (TopicPartition id : partitions) {
            PartitionLog partition = logs.get(id);
            if (partition == null) {
                continue;
            }
            var run = new Run(batches);
            for (ConsumerRecord<byte[], byte[]> message : polled.records(id)) {
                stats.read(message);
                Entry entry = Entry.of(message);
                if (entry != null) {
                    run.add(entry, partition.add(entry));
                }
            }
            run.end();
        }
        batches.forEach((loop, batch) -> loop.execute(() -> loop.deliver(batch)));
        polled.nextOffsets().forEach(this::advance);
    }

    /// Past the last record there may be transaction markers, which are read but are no records.
    private void advance(TopicPartition id, OffsetAndMetadata position) {
        PartitionLog partition = logs.get(id);
        if (partition != null) {
            partition.advance(position.offset());
            runReady(partition);
        }
    }
}
