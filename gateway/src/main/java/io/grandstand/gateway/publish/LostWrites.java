package io.grandstand.gateway.publish;

import io.grandstand.gateway.publish.LedgerRecord.Claim;
import io.grandstand.protocol.TrustedHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what became of claims whose node says nothing more.
///
/// A consumer sees a partition up to its high watermark only. A record may be in the leader's log
/// and not yet below it, and appear later. So a search first writes a *barrier* to the partition: a
/// record of a transaction that is then aborted, so that readers of committed records never get it.
/// Once that is acknowledged, everything before it can be seen, and what is not there is not
/// written. A partition that acknowledges no barrier tells nothing either.
///
/// Works in rounds, on a thread of its own: all searches that wait share a transaction, and those
/// of one partition one reading. Searches are rare, so each round makes its own Kafka clients.
final class LostWrites {
    private static final Logger log = LoggerFactory.getLogger(LostWrites.class);

    /// How long a barrier, each step of its transaction, or finding a timestamp may take.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /// How long one partition is read. A search that has not come to the barrier by then tells
    /// nothing.
    private static final Duration READ_MAX = Duration.ofSeconds(5);

    /// How long a round waits for those that come at about the same time.
    private static final Duration GATHER = Duration.ofMillis(20);

    private static final Duration POLL = Duration.ofMillis(100);

    /// A compacted topic takes no record without a key.
    private static final byte[] BARRIER_KEY = "barrier".getBytes(StandardCharsets.UTF_8);

    private final Map<String, Object> kafka;
    private final String transactionalId;
    private final BlockingQueue<Search> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    /// Starts the thread.
    ///
    /// @param node makes the name of the barriers' transactions this node's own
    LostWrites(Map<String, Object> kafka, UUID node) {
        this.kafka = Map.copyOf(kafka);
        this.transactionalId = "grandstand-publish-barrier-" + node;
        this.thread = Thread.ofPlatform().name("publish-search").start(this::run);
    }

    /// Looks for the record of a claim that is settled; any thread. `answer` is called on the
    /// search's thread; never, where it is stopped before.
    ///
    /// @param fromMs the record's timestamp is this or later
    void search(Claim lost, long fromMs, Consumer<Fate> answer) {
        queue.add(new Search(lost, fromMs, answer));
    }

    /// Ends the thread; waits for it.
    void stop() throws InterruptedException {
        closing = true;
        thread.interrupt();
        thread.join();
    }

    private record Search(Claim lost, long fromMs, Consumer<Fate> answer) {
        TopicPartition target() {
            return new TopicPartition(lost.topic(), lost.partition());
        }
    }

    private void run() {
        try {
            while (!closing) {
                var round = new ArrayList<Search>();
                round.add(queue.take());
                Thread.sleep(GATHER);
                queue.drainTo(round);
                carryOut(round.stream().collect(Collectors.groupingBy(Search::target)));
            }
        } catch (InterruptedException | InterruptException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void carryOut(Map<TopicPartition, List<Search>> round) throws InterruptedException {
        log.info("looking in {} for what claims without an end have written", round.keySet());
        try (var consumer = consumer()) {
            Map<TopicPartition, Long> barriers = writeBarriers(round.keySet());
            round.forEach((target, searches) -> {
                Long end = barriers.get(target);
                answer(
                        searches,
                        end == null ? Findings.NONE : read(consumer, target, searches, end));
            });
        } catch (InterruptException stopped) {
            throw stopped;
        } catch (KafkaException e) {
            log.warn("searching {} failed: {}", round.keySet(), e.toString());
            round.values().forEach(searches -> answer(searches, Findings.NONE));
        }
    }

    /// The offsets of the barriers, of those partitions that acknowledged one.
    private Map<TopicPartition, Long> writeBarriers(Set<TopicPartition> targets)
            throws InterruptedException {
        var offsets = new HashMap<TopicPartition, Long>();
        KafkaProducer<byte[], byte[]> producer = producer();
        try {
            producer.initTransactions();
            producer.beginTransaction();
            var sent = new HashMap<TopicPartition, Future<RecordMetadata>>();
            for (TopicPartition target : targets) {
                sent.put(
                        target,
                        producer.send(
                                new ProducerRecord<>(
                                        target.topic(),
                                        target.partition(),
                                        BARRIER_KEY,
                                        new byte[0])));
            }
            for (Map.Entry<TopicPartition, Future<RecordMetadata>> barrier : sent.entrySet()) {
                try {
                    offsets.put(barrier.getKey(), barrier.getValue().get().offset());
                } catch (ExecutionException e) {
                    log.warn(
                            "partition {} takes no barrier: {}",
                            barrier.getKey(),
                            String.valueOf(e.getCause()));
                }
            }
            producer.abortTransaction();
        } catch (InterruptException stopped) {
            throw stopped;
        } catch (KafkaException e) {
            log.warn("barriers to {} failed: {}", targets, e.toString());
        } finally {
            producer.close(Duration.ofSeconds(1));
        }
        return offsets;
    }

    /// What a reading of a partition came to.
    ///
    /// @param offsets of the records that were found
    /// @param isComplete whether those that were not found are not there
    private record Findings(Map<PublishKey, Long> offsets, boolean isComplete) {
        static final Findings NONE = new Findings(Map.of(), false);

        Fate fate(PublishKey key) {
            Long offset = offsets.get(key);
            if (offset != null) {
                return new Fate.Found(offset);
            }
            return isComplete ? new Fate.Absent() : new Fate.Unknown();
        }
    }

    private static Findings read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition target,
            List<Search> searches,
            long end) {
        Set<PublishKey> wanted =
                searches.stream().map(search -> search.lost().key()).collect(Collectors.toSet());
        long fromMs = searches.stream().mapToLong(Search::fromMs).min().orElseThrow();
        var found = new HashMap<PublishKey, Long>();
        try {
            OffsetAndTimestamp first =
                    consumer.offsetsForTimes(Map.of(target, fromMs), PATIENCE).get(target);
            if (first == null) {
                return new Findings(found, true);
            }
            long position = first.offset();
            consumer.assign(Set.of(target));
            consumer.seek(target, position);
            long deadline = System.nanoTime() + READ_MAX.toNanos();
            while (position < end && found.size() < wanted.size()) {
                if (System.nanoTime() > deadline) {
                    log.warn("partition {} was read to {} of {} only", target, position, end);
                    return new Findings(found, false);
                }
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL).records(target)) {
                    PublishKey key = key(message);
                    if (key != null && wanted.contains(key)) {
                        found.putIfAbsent(key, message.offset());
                    }
                    position = message.offset() + 1;
                }
            }
            return new Findings(found, true);
        } catch (InterruptException stopped) {
            throw stopped;
        } catch (KafkaException e) {
            log.warn("partition {} cannot be searched: {}", target, e.toString());
            return new Findings(found, false);
        }
    }

    private static void answer(List<Search> searches, Findings findings) {
        searches.forEach(search -> search.answer().accept(findings.fate(search.lost().key())));
    }

    private static @Nullable PublishKey key(ConsumerRecord<byte[], byte[]> message) {
        Header player = message.headers().lastHeader(TrustedHeaders.PLAYER);
        Header id = message.headers().lastHeader(PublishLedger.ID_HEADER);
        return player == null || id == null ? null : PublishKey.of(player.value(), id.value());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        // Until it is aborted, readers of committed records do not get past the barrier. Should
        // this node die just then, they wait this long, and for the coordinator to look.
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) PATIENCE.toMillis());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1000);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "grandstand-publish-search");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        // Others' open transactions must not hide what is searched for: that is in none.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
