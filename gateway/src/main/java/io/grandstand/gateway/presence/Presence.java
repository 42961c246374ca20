package io.grandstand.gateway.presence;

import io.grandstand.gateway.presence.PartitionPresence.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is in a channel, over all nodes.
///
/// Each node writes what it has itself, and reads of the others only those partitions in which
/// somebody here asks or listens. What a node has itself it knows without Kafka, so whoever asks on
/// the node where they joined finds themselves at once; other nodes follow within milliseconds. A
/// node that dies is left out after `PartitionPresence.NODE_MS_MAX`; for that, the clocks of nodes
/// may differ by a few seconds. Thread-safe.
public final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    /// How often a node says that it lives.
    static final long HEARTBEAT_MS = 5_000;

    /// How often counts are told, and the dead looked for.
    private static final long SWEEP_MS = 1_000;

    /// How long a partition is read on after somebody asked or the last one stopped listening.
    private static final long LINGER_MS = 60_000;

    /// How long a question waits for its partition to be read.
    private static final long ANSWER_MS_MAX = 3_000;

    /// Most members that are told.
    public static final int MEMBERS_MAX = 10_000;

    /// Most tombstones written for the dead in one sweep.
    private static final int TOMBSTONES_MAX = 5_000;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String topic;
    private final String node;
    private final int partitionCount;
    private final InstantSource clock;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;

    /// What this node has itself, by channel. A channel's value is guarded by itself.
    private final Map<String, Local> local = new ConcurrentHashMap<>();

    /// Channels whose count changed since it was told.
    private final Set<String> toCount = ConcurrentHashMap.newKeySet();

    /// What Kafka did not take, by key: to be written again.
    private final Map<String, PresenceRecord> unwritten = new ConcurrentHashMap<>();

    /// Partitions in which this node has written, and so has to be heard of.
    private final Set<Integer> own = ConcurrentHashMap.newKeySet();

    private final Map<String, Set<PresenceListener>> listeners = new ConcurrentHashMap<>();
    private final BlockingQueue<Question<?>> questions = new LinkedBlockingQueue<>();

    // Confined to the thread.
    private final Map<Integer, Reading> reading = new HashMap<>();
    private final List<Question<?>> open = new ArrayList<>();

    private volatile boolean closing;

    /// What a node has in a channel.
    private static final class Local {
        final boolean isCounted;
        final Map<String, Member> members = new HashMap<>(2);
        final Map<String, Integer> users = new HashMap<>(2);

        Local(boolean isCounted) {
            this.isCounted = isCounted;
        }
    }

    /// A partition that is being read.
    private static final class Reading {
        final PartitionPresence state = new PartitionPresence();
        long readyAt = Long.MAX_VALUE;
        boolean isReady;
        long wantedMs;
    }

    /// Somebody asks about a channel.
    private record Question<T>(
            String channel,
            long sinceNs,
            Function<PartitionPresence, T> look,
            CompletableFuture<T> answer) {
        void answer(PartitionPresence state) {
            try {
                answer.complete(look.apply(state));
            } catch (TooManyException tooMany) {
                answer.completeExceptionally(tooMany);
            }
        }
    }

    /// How many there are in a channel.
    ///
    /// @param clients connections
    /// @param users distinct users; in counted channels, one who is on several nodes counts on each
    public record Stats(long clients, long users) {}

    /// Kafka does not answer; asking again may help.
    public static final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnavailableException() {
            super("presence cannot be read now", null, false, false);
        }
    }

    /// There are more members than can be told.
    public static final class TooManyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyException() {
            super("too many members to tell", null, false, false);
        }
    }

    private Presence(
            Map<String, Object> kafka, String topic, String node, InstantSource clock, int count) {
        this.topic = topic;
        this.node = node;
        this.clock = clock;
        this.partitionCount = count;
        this.producer = producer(kafka);
        this.consumer = consumer(kafka);
        this.thread = Thread.ofPlatform().name("presence").unstarted(this::run);
    }

    /// Starts to tell and to read.
    ///
    /// @param kafka client settings of the cluster
    /// @param topic compacted
    /// @param node names this process, and no other before or after it
    /// @param clock when records are too old
    /// @throws IOException with a sentence, where the cluster does not describe the topic
    public static Presence start(
            Map<String, Object> kafka, String topic, String node, InstantSource clock)
            throws IOException {
        int count;
        try (KafkaConsumer<byte[], byte[]> asking = consumer(kafka)) {
            count = asking.partitionsFor(topic, Duration.ofSeconds(10)).size();
        } catch (KafkaException e) {
            throw new IOException(
                    "the presence topic %s cannot be described (%s)"
                            .formatted(topic, e.getMessage()),
                    e);
        }
        if (count == 0) {
            throw new IOException("the presence topic %s does not exist".formatted(topic));
        }
        var presence = new Presence(kafka, topic, node, clock, count);
        presence.thread.start();
        return presence;
    }

    /// Somebody came to a channel on this node. In a counted channel only the numbers are told to
    /// other nodes.
    public void join(String channel, Member member, boolean isCounted) {
        local.compute(
                channel,
                (_, known) -> {
                    Local here = known == null ? new Local(isCounted) : known;
                    if (here.members.put(member.client(), member) == null) {
                        here.users.merge(member.user(), 1, Integer::sum);
                    }
                    return here;
                });
        if (isCounted) {
            toCount.add(channel);
        } else {
            write(new PresenceRecord.Present(channel, member.client(), member, node), channel);
            tell(channel, member, true);
        }
    }

    /// Somebody left a channel on this node; nothing happens where they were not there.
    public void leave(String channel, String client) {
        var gone = new AtomicReference<@Nullable Member>();
        var isCounted = new AtomicBoolean();
        local.computeIfPresent(
                channel,
                (_, here) -> {
                    Member member = here.members.remove(client);
                    if (member != null) {
                        here.users.computeIfPresent(
                                member.user(), (_, count) -> count == 1 ? null : count - 1);
                        gone.set(member);
                        isCounted.set(here.isCounted);
                    }
                    return here.members.isEmpty() ? null : here;
                });
        Member member = gone.get();
        if (member == null) {
            return;
        }
        if (isCounted.get()) {
            toCount.add(channel);
        } else {
            write(new PresenceRecord.Present(channel, client, null, node), channel);
            tell(channel, member, false);
        }
    }

    /// Who is in a channel, by connection; fails with `UnavailableException` or `TooManyException`.
    public CompletionStage<Map<String, Member>> members(String channel) {
        return ask(channel, state -> members(channel, state));
    }

    private Map<String, Member> members(String channel, PartitionPresence state) {
        Map<String, Member> all = state.others(channel, node, clock.millis());
        local.computeIfPresent(
                channel,
                (_, here) -> {
                    all.putAll(here.members);
                    return here;
                });
        if (all.size() > MEMBERS_MAX) {
            throw new TooManyException();
        }
        return all;
    }

    /// How many are in a channel; fails with `UnavailableException`.
    public CompletionStage<Stats> stats(String channel) {
        return ask(channel, state -> count(channel, state));
    }

    private Stats count(String channel, PartitionPresence state) {
        long now = clock.millis();
        Map<String, Member> others = state.others(channel, node, now);
        Stats counted = state.otherCounts(channel, node, now);
        var users = new HashSet<String>();
        others.values().forEach(member -> users.add(member.user()));
        var here = new int[1];
        local.computeIfPresent(
                channel,
                (_, known) -> {
                    here[0] = known.members.size();
                    users.addAll(known.users.keySet());
                    return known;
                });
        return new Stats(
                others.size() + here[0] + counted.clients(), users.size() + counted.users());
    }

    /// From now on `listener` hears who comes and goes on this node, and on others once what is
    /// there already was read.
    public void watch(String channel, PresenceListener listener) {
        listeners.compute(
                channel,
                (_, all) -> {
                    Set<PresenceListener> more = all == null ? ConcurrentHashMap.newKeySet() : all;
                    more.add(listener);
                    return more;
                });
    }

    public void unwatch(String channel, PresenceListener listener) {
        listeners.computeIfPresent(
                channel,
                (_, all) -> {
                    all.remove(listener);
                    return all.isEmpty() ? null : all;
                });
    }

    /// Takes back what this node has told, and ends.
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException cutShort) {
            Thread.currentThread().interrupt();
        }
        local.forEach((channel, here) -> {
            if (here.isCounted) {
                write(new PresenceRecord.Counted(channel, node, 0, 0), channel);
            } else {
                here.members
                        .keySet()
                        .forEach(client ->
                                write(
                                        new PresenceRecord.Present(channel, client, null, node),
                                        channel));
            }
        });
        own.forEach(partition -> write(new PresenceRecord.Alive(node, true), partition));
        producer.close(Duration.ofSeconds(2));
    }

    /// Has `look` run on the thread once the channel's partition is read.
    private <T> CompletionStage<T> ask(String channel, Function<PartitionPresence, T> look) {
        var question = new Question<T>(channel, System.nanoTime(), look, new CompletableFuture<>());
        questions.add(question);
        consumer.wakeup();
        return question.answer();
    }

    private int partition(String channel) {
        byte[] key = channel.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitionCount;
    }

    private void write(PresenceRecord said, String channel) {
        int partition = partition(channel);
        if (own.add(partition)) {
            write(new PresenceRecord.Alive(node, false), partition);
        }
        write(said, partition);
    }

    /// Never blocks: what Kafka does not take is kept and written again.
    private void write(PresenceRecord said, int partition) {
        byte[] key = said.key();
        String id = partition + "/" + new String(key, StandardCharsets.UTF_8);
        unwritten.remove(id);
        var message = new ProducerRecord<>(topic, partition, key, said.value());
        try {
            var _ =
                    producer.send(
                            message,
                            (_, failure) -> {
                                if (failure != null) {
                                    unwritten.putIfAbsent(id, said);
                                }
                            });
        } catch (KafkaException refused) {
            unwritten.putIfAbsent(id, said);
        }
    }

    private void run() {
        long sweptMs = clock.millis();
        long heardMs = sweptMs;
        try (consumer) {
            while (!closing) {
                try {
                    takeQuestions();
                    assign();
                    poll();
                    answer();
                    long nowMs = clock.millis();
                    if (nowMs - sweptMs >= SWEEP_MS) {
                        sweptMs = nowMs;
                        sweep(nowMs);
                    }
                    if (nowMs - heardMs >= HEARTBEAT_MS) {
                        heardMs = nowMs;
                        own.forEach(partition ->
                                write(new PresenceRecord.Alive(node, false), partition));
                    }
                } catch (WakeupException somebodyAsks) {
                    // Looked at in the next turn.
                } catch (KafkaException e) {
                    log.warn("presence pauses for {} ms: {}", PAUSE.toMillis(), e.toString());
                    // What was missed is not known: read from the beginning again.
                    reading.clear();
                    consumer.assign(Set.of());
                    answer();
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        open.forEach(
                question -> question.answer().completeExceptionally(new UnavailableException()));
    }

    private void takeQuestions() {
        questions.drainTo(open);
    }

    /// Reads the partitions that somebody asks about or listens to, and a while longer.
    private void assign() {
        long nowMs = clock.millis();
        var wanted = new TreeSet<Integer>();
        listeners.keySet().forEach(channel -> wanted.add(partition(channel)));
        open.forEach(question -> wanted.add(partition(question.channel())));
        wanted.forEach(partition ->
                reading.computeIfAbsent(partition, _ -> new Reading()).wantedMs = nowMs);
        reading.values().removeIf(one -> nowMs - one.wantedMs > LINGER_MS);
        var assigned = new HashSet<TopicPartition>();
        reading.keySet().forEach(partition -> assigned.add(new TopicPartition(topic, partition)));
        if (!assigned.equals(consumer.assignment())) {
            consumer.assign(assigned);
        }
        for (Map.Entry<Integer, Reading> one : reading.entrySet()) {
            if (one.getValue().readyAt == Long.MAX_VALUE) {
                var id = new TopicPartition(topic, one.getKey());
                consumer.seekToBeginning(Set.of(id));
                Long end = consumer.endOffsets(Set.of(id), Duration.ofSeconds(2)).get(id);
                one.getValue().readyAt = end == null ? 0 : end;
            }
        }
    }

    private void poll() throws InterruptedException {
        if (reading.isEmpty()) {
            Question<?> question = questions.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
            if (question != null) {
                open.add(question);
            }
            return;
        }
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> message : polled) {
            Reading one = reading.get(message.partition());
            PresenceRecord said = PresenceRecord.parse(message.key(), message.value());
            if (one != null && said != null) {
                Change change = one.state.take(said, message.timestamp());
                // Of this node's own, everybody was told at once.
                if (change != null && one.isReady && !change.node().equals(node)) {
                    tell(change.channel(), change.member(), change.joined());
                }
            }
        }
        for (Map.Entry<Integer, Reading> one : reading.entrySet()) {
            if (!one.getValue().isReady) {
                long position = consumer.position(new TopicPartition(topic, one.getKey()));
                one.getValue().isReady = position >= one.getValue().readyAt;
            }
        }
    }

    private void tell(String channel, Member member, boolean joined) {
        for (PresenceListener listener : listeners.getOrDefault(channel, Set.of())) {
            if (joined) {
                listener.joined(member);
            } else {
                listener.left(member);
            }
        }
    }

    private void answer() {
        for (Iterator<Question<?>> all = open.iterator(); all.hasNext(); ) {
            Question<?> question = all.next();
            Reading one = reading.get(partition(question.channel()));
            long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - question.sinceNs());
            if (one != null && one.isReady) {
                all.remove();
                question.answer(one.state);
            } else if (waitedMs > ANSWER_MS_MAX) {
                all.remove();
                question.answer().completeExceptionally(new UnavailableException());
            }
        }
    }

    private void sweep(long nowMs) {
        Map.copyOf(unwritten)
                .forEach((id, said) -> {
                    if (unwritten.remove(id, said)) {
                        write(said, Integer.parseInt(id.substring(0, id.indexOf('/'))));
                    }
                });
        for (String channel : Set.copyOf(toCount)) {
            toCount.remove(channel);
            var counted = new long[2];
            local.computeIfPresent(
                    channel,
                    (_, here) -> {
                        counted[0] = here.members.size();
                        counted[1] = here.users.size();
                        return here;
                    });
            write(new PresenceRecord.Counted(channel, node, counted[0], counted[1]), channel);
        }
        reading.forEach((partition, one) -> {
            if (one.isReady) {
                for (PresenceRecord tombstone : one.state.bury(nowMs, node, TOMBSTONES_MAX)) {
                    write(tombstone, partition);
                }
            }
        });
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "grandstand-gateway-presence");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TimeUnit.DAYS.toMillis(36_500));
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "grandstand-gateway-presence");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
