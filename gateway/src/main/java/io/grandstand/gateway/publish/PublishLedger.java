package io.grandstand.gateway.publish;

import io.grandstand.gateway.publish.LedgerRecord.Claim;
import io.grandstand.protocol.TrustedHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes at most one record for each (player, id), on whichever nodes and however often it is
/// asked for. docs/design/publishing.md says how, and what that rests on.
///
/// One thread owns the consumer of the ledger and the partitions that this node's callers need;
/// callers and the producer send it tasks. It reads a partition from a window ago when the first
/// caller needs it, and lets go of it a while after the last.
public final class PublishLedger implements AutoCloseable {
    /// The trusted header that has the id.
    public static final String ID_HEADER = "gs-publish-id";

    /// The longest id, in UTF-16 characters as Java and JavaScript count them.
    public static final int ID_CHARS_MAX = 64;

    /// Publishes that are not answered yet. Beyond that a publish is refused.
    static final int IN_FLIGHT_MAX = 10_000;

    private static final Logger log = LoggerFactory.getLogger(PublishLedger.class);

    private static final Duration START_MAX = Duration.ofSeconds(10);

    /// How long a partition is read on after its last caller.
    private static final Duration LINGER = Duration.ofMinutes(1);

    /// How far this node's clock may be ahead of the brokers'.
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(1);

    private static final Duration TICK = Duration.ofMillis(20);

    /// How long to leave Kafka alone after it refused.
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration WARN_EVERY = Duration.ofSeconds(1);

    /// How long a close waits for what is under way.
    private static final Duration CLOSE_MAX = Bounds.CLAIM_VALID.plus(Bounds.DELIVERY);

    private final LedgerTopic topic;
    private final Duration window;
    private final InstantSource clock;
    private final UUID node;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final LostWrites lostWrites;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicLong warned = new AtomicLong(System.nanoTime() - WARN_EVERY.toNanos());
    private final Thread thread;

    /// Whether the thread waits for records, and so has to be woken for a task.
    private volatile boolean sleeping;

    private volatile boolean closing;

    /// Whether the thread has ended, or is about to and takes no more tasks.
    private volatile boolean ended;

    // Confined to the thread.
    private final Map<Integer, Tail> tails = new HashMap<>();
    private long attempts;
    private long ticked;

    /// What a ledger is set up with.
    ///
    /// @param kafka how Kafka is reached
    /// @param topic the ledger's topic, set up as `topicSettings` says; all nodes share it, and
    ///   nobody else writes to it
    /// @param targets the topics that are published to
    /// @param window how long an id is remembered; at least a minute
    public record Settings(
            Map<String, Object> kafka, String topic, Collection<String> targets, Duration window) {
        public Settings {
            if (window.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException(
                        "publish.window is %s: must be at least a minute".formatted(window));
            }
            kafka = Map.copyOf(kafka);
            targets = List.copyOf(targets);
        }
    }

    /// The settings that the ledger's topic needs, for a window.
    public static Map<String, String> topicSettings(Duration window) {
        return LedgerTopic.settings(window);
    }

    /// Starts the ledger of a node; blocks until Kafka has told of the topics.
    ///
    /// @param clock the time of day
    /// @param node a random name for this start of this node, never used before
    /// @throws IOException with a sentence that says what to do, where the cluster does not tell of
    ///   the topics or the ledger's is not set up as it must be
    public static PublishLedger start(Settings settings, InstantSource clock, UUID node)
            throws IOException, InterruptedException {
        Admin admin = Admin.create(adminConfig(settings.kafka()));
        try {
            LedgerTopic topic = LedgerTopic.describe(admin, settings.topic(), settings.window());
            KafkaProducer<byte[], byte[]> producer = producer(settings.kafka());
            try {
                learn(producer, settings.topic());
                for (String target : settings.targets()) {
                    learn(producer, target);
                }
            } catch (IOException | InterruptedException | KafkaException e) {
                producer.close(Duration.ZERO);
                throw e;
            }
            return new PublishLedger(settings, topic, clock, node, admin, producer);
        } catch (IOException | InterruptedException | KafkaException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    private PublishLedger(
            Settings settings,
            LedgerTopic topic,
            InstantSource clock,
            UUID node,
            Admin admin,
            KafkaProducer<byte[], byte[]> producer) {
        this.topic = topic;
        this.window = settings.window();
        this.clock = clock;
        this.node = node;
        this.admin = admin;
        this.producer = producer;
        this.consumer = consumer(settings.kafka());
        this.lostWrites = new LostWrites(settings.kafka(), node);
        this.thread = Thread.ofPlatform().name("publish-ledger").start(this::run);
    }

    /// Publishes `message`, unless a record of this player and id was published before: then the
    /// answer is where that one is, whatever it says. Never waits, never throws for what a player
    /// or Kafka does; any thread.
    ///
    /// Answers within `4 s`. The stage completes on a thread of the ledger, which must not be kept.
    ///
    /// @param message has its partition, by Kafka's partitioner, and the headers
    ///   `TrustedHeaders.PLAYER` and `ID_HEADER` with this player and id. Its timestamp becomes the
    ///   time of the claim.
    public CompletionStage<Outcome> publish(
            String player, String id, ProducerRecord<byte[], byte[]> message) {
        if (id.isEmpty() || id.length() > ID_CHARS_MAX) {
            return CompletableFuture.completedStage(new Outcome.InvalidId());
        }
        require(message.partition() != null, "the message has no partition");
        require(has(message, TrustedHeaders.PLAYER, player), "the player is not in the headers");
        require(has(message, ID_HEADER, id), "the id is not in the headers");
        var answer = new CompletableFuture<Outcome>();
        if (inFlight.incrementAndGet() > IN_FLIGHT_MAX || closing) {
            answer.complete(new Outcome.Temporary(Outcome.Cause.BUSY));
        } else {
            var publish = new Publish(player, id, PublishKey.of(player, id), message, answer);
            submit(() -> tail(player).partition.publish(publish, System.nanoTime()));
        }
        if (ended) {
            answer.complete(new Outcome.Temporary(Outcome.Cause.BUSY));
        }
        return answer.whenComplete((_, _) -> inFlight.decrementAndGet());
    }

    /// Takes no more publishes, waits for those under way up to two and a half seconds, answers the
    /// rest. Closing twice is harmless. An interrupt cuts this short.
    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
            lostWrites.stop();
        } catch (InterruptedException cutShort) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
    }

    private void submit(Runnable task) {
        tasks.add(task);
        if (sleeping) {
            consumer.wakeup();
        }
    }

    private void run() {
        try (consumer) {
            long closeBy = Long.MAX_VALUE;
            while (!isFinished(closeBy)) {
                if (closing && closeBy == Long.MAX_VALUE) {
                    closeBy = System.nanoTime() + CLOSE_MAX.toNanos();
                }
                step();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
            runTasks();
            tails.values().forEach(tail -> tail.partition.close());
        }
    }

    private boolean isFinished(long closeBy) {
        if (!closing || System.nanoTime() > closeBy) {
            return closing;
        }
        return tasks.isEmpty()
                && tails.values().stream().noneMatch(tail -> tail.partition.isBusy());
    }

    /// Does all there is to do without waiting, and waits only when that was nothing: a caller may
    /// then interrupt the wait, but never the reading.
    private void step() throws InterruptedException {
        try {
            boolean worked = runTasks();
            worked |= read(Duration.ZERO);
            tickWhenDue();
            if (!worked) {
                sleeping = true;
                if (tasks.isEmpty()) {
                    read(TICK);
                }
            }
        } catch (WakeupException tasksWait) {
            // Carried out at the top of the next step.
        } catch (InvalidOffsetException e) {
            e.partitions().forEach(lost -> restart(lost.partition()));
        } catch (KafkaException e) {
            log.warn("reading pauses for {} ms: {}", PAUSE.toMillis(), e.toString());
            Thread.sleep(PAUSE);
        } finally {
            sleeping = false;
        }
    }

    private boolean runTasks() {
        boolean any = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            any = true;
        }
        return any;
    }

    private void tickWhenDue() {
        long now = System.nanoTime();
        if (now - ticked < TICK.toNanos()) {
            return;
        }
        ticked = now;
        tails.values().forEach(tail -> tail.partition.tick(now));
        if (tails.values().removeIf(tail -> tail.partition.isIdle(now, LINGER.toNanos()))) {
            assignTails();
        }
    }

    /// The tail of a player's partition; reading of it starts where it was not needed so far.
    private Tail tail(String player) {
        return tails.computeIfAbsent(
                topic.partition(player),
                number -> {
                    var tail = new Tail(number);
                    findStart(tail);
                    return tail;
                });
    }

    /// Learns where the window begins and the partition ends, without holding up the others.
    ///
    /// The end comes first: should nothing be as young as the window then, what is appended in
    /// between is not skipped.
    private void findStart(Tail tail) {
        long fromMs = clock.instant().minus(window).minus(CLOCK_DIFFERENCE).toEpochMilli();
        offset(tail.id, OffsetSpec.latest())
                .thenCompose(end ->
                        offset(tail.id, OffsetSpec.forTimestamp(fromMs))
                                .thenAccept(first ->
                                        submit(() -> start(tail, first < 0 ? end : first, end))))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        submit(() -> giveUp(tail, failure));
                    }
                });
    }

    private CompletionStage<Long> offset(TopicPartition id, OffsetSpec which) {
        return admin.listOffsets(Map.of(id, which))
                .partitionResult(id)
                .toCompletionStage()
                .thenApply(found -> found.offset());
    }

    private void start(Tail tail, long position, long end) {
        // It may have been let go of, or the consumer closed, since.
        if (tails.get(tail.number) != tail || ended) {
            return;
        }
        tail.started = true;
        tail.end = end;
        assignTails();
        consumer.seek(tail.id, position);
        tail.advance(position);
    }

    private void giveUp(Tail tail, Throwable reason) {
        log.warn("partition {} cannot be read: {}", tail.id, reason.toString());
        tail.partition.restart();
        if (tail.partition.isBusy()) {
            // Writes of before a lost position, whose outcome goes to this partition.
            findStart(tail);
        } else {
            tails.remove(tail.number, tail);
        }
    }

    /// The position is gone (a truncated or expired log): the window is read again.
    private void restart(int number) {
        Tail tail = tails.get(number);
        if (tail != null) {
            log.warn("partition {} lost its position", tail.id);
            tail.partition.restart();
            tail.started = false;
            assignTails();
            findStart(tail);
        }
    }

    private void assignTails() {
        consumer.assign(
                tails.values().stream().filter(tail -> tail.started).map(tail -> tail.id).toList());
    }

    /// Whether anything was read.
    private boolean read(Duration wait) throws InterruptedException {
        if (consumer.assignment().isEmpty()) {
            // Without partitions there is nothing to wait for but the next task.
            Runnable task = tasks.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
            }
            return task != null;
        }
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(wait);
        for (TopicPartition id : polled.partitions()) {
            Tail tail = tails.get(id.partition());
            if (tail != null) {
                polled.records(id).forEach(tail::read);
            }
        }
        return !polled.isEmpty();
    }

    /// A partition of the ledger that is read; does for it what concerns Kafka.
    private final class Tail implements LedgerPartition.Effects {
        final int number;
        final TopicPartition id;
        final LedgerPartition partition;

        /// Whether the position is known and the partition assigned.
        boolean started;

        /// Where the partition ended when reading began.
        long end;

        Tail(int number) {
            this.number = number;
            this.id = new TopicPartition(topic.name(), number);
            this.partition =
                    new LedgerPartition(node, () -> attempts++, clock, window.toMillis(), this);
        }

        void read(ConsumerRecord<byte[], byte[]> message) {
            try {
                LedgerRecord entry = LedgerRecord.decode(message.key(), message.value());
                partition.read(entry, message.timestamp(), System.nanoTime());
            } catch (IOException e) {
                log.warn("[{}@{}] is no ledger record: {}", id, message.offset(), e.toString());
            }
            advance(message.offset() + 1);
        }

        void advance(long position) {
            if (position >= end) {
                partition.loaded(System.nanoTime());
            }
        }

        @Override
        public void append(LedgerRecord entry) {
            send(
                    new ProducerRecord<>(
                            topic.name(), number, entry.encodeKey(), entry.encodeValue()),
                    (_, failure) -> {
                        if (failure != null) {
                            warn("a ledger record to " + id, failure);
                        }
                    });
        }

        @Override
        public void write(Publish publish, Claim claim) {
            ProducerRecord<byte[], byte[]> message = publish.message();
            Thread caller = Thread.currentThread();
            send(
                    new ProducerRecord<>(
                            message.topic(),
                            message.partition(),
                            claim.atMs(),
                            message.key(),
                            message.value(),
                            message.headers()),
                    (written, failure) -> {
                        if (failure == null && written.hasOffset()) {
                            long offset = written.offset();
                            submit(() -> partition.written(claim, offset, System.nanoTime()));
                        } else {
                            warn("a publish to " + message.topic(), failure);
                            // Only what is refused before send returns has surely not left.
                            boolean surely = Thread.currentThread().equals(caller);
                            submit(() -> partition.failed(claim, surely));
                        }
                    });
        }

        @Override
        public void search(Claim lost, long fromMs) {
            lostWrites.search(
                    lost,
                    fromMs,
                    fate -> submit(() -> partition.searched(lost, fate, System.nanoTime())));
        }

        /// Sends without waiting. `sent` is called on the producer's thread, or on this one where
        /// the record is refused at once.
        private void send(ProducerRecord<byte[], byte[]> message, Callback sent) {
            try {
                var _ = producer.send(message, sent);
            } catch (KafkaException | IllegalStateException refused) {
                sent.onCompletion(null, refused);
            }
        }
    }

    /// Where Kafka is away everything fails: one warning a second says so.
    private void warn(String what, @Nullable Exception failure) {
        long now = System.nanoTime();
        long last = warned.get();
        if (now - last >= WARN_EVERY.toNanos() && warned.compareAndSet(last, now)) {
            log.warn("{} failed: {}", what, String.valueOf(failure));
        } else {
            log.debug("{} failed: {}", what, String.valueOf(failure));
        }
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    private static boolean has(ProducerRecord<byte[], byte[]> message, String name, String value) {
        Header header = message.headers().lastHeader(name);
        return header != null
                && Arrays.equals(header.value(), value.getBytes(StandardCharsets.UTF_8));
    }

    /// Makes the producer learn where a topic is, since it must not wait for that later.
    private static void learn(KafkaProducer<byte[], byte[]> producer, String topic)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (true) {
            try {
                var _ = producer.partitionsFor(topic);
                return;
            } catch (TimeoutException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "the Kafka cluster does not tell where topic %s is; check that it exists"
                                            .formatted(topic)
                                    + " and that this client may write to it",
                            notYet);
                }
                Thread.sleep(20);
            }
        }
    }

    private static Map<String, Object> adminConfig(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3000);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
        return config;
    }

    /// For claims and records alike: acks=all, idempotent, in order, never waiting.
    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "grandstand-publish-ledger");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        // With no wait for metadata, it must never be dropped for want of use. The producer adds
        // this to the time of day, so the largest number there is would be in the past.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TimeUnit.DAYS.toMillis(36_500));
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) Bounds.DELIVERY.toMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1000);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "grandstand-publish-ledger");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A lost position is the ledger's to handle, never to skip over.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        // A partition that is added waits for the fetch under way: that must not take long.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
