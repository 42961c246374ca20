package io.grandstand.gateway;

import io.grandstand.protocol.Publication;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads earlier records of a channel that are older than a reader's window, one request after the
/// other.
///
/// Kafka finds a position, not a key: looking back for the records of a quiet channel may mean
/// reading much of its partition. So a request may take so long and no longer.
final class HistoryReader {
    private static final Logger log = LoggerFactory.getLogger(HistoryReader.class);

    /// Most requests that wait; one more is answered that it should be asked again.
    private static final int QUEUE_MAX = 1000;

    /// How long a request may take, from when it is begun. Clients give up a command after 5 s.
    private static final Duration TIME_MAX = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(100);

    /// Offsets that are looked through in one step backwards.
    private static final long STEP = 10_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicDirectory topics;
    private final GatewayStats stats;
    private final BlockingQueue<Wanted> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    private volatile boolean closing;

    /// Starts the thread `name`. The consumer is owned from here on.
    HistoryReader(
            String name,
            KafkaConsumer<byte[], byte[]> consumer,
            TopicDirectory topics,
            GatewayStats stats) {
        this.consumer = consumer;
        this.topics = topics;
        this.stats = stats;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    /// Answers `request` from Kafka, whose committed records end at `end`; any thread.
    void request(HistoryRequest request, long end) {
        if (!queue.offer(new Wanted(request, end))) {
            request.answer().accept(new HistoryRequest.Unavailable());
        }
    }

    /// Ends the thread and its consumer; waits for both.
    void stop() throws InterruptedException {
        closing = true;
        consumer.wakeup();
        thread.interrupt();
        thread.join();
    }

    private record Wanted(HistoryRequest request, long end) {}

    private void run() {
        try (consumer) {
            while (!closing) {
                Wanted wanted = queue.take();
                wanted.request.answer().accept(outcome(wanted.request, wanted.end));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (WakeupException | InterruptException stopped) {
            // Closing.
        }
    }

    private HistoryRequest.Outcome outcome(HistoryRequest request, long end)
            throws InterruptedException {
        TopicPartition partition = request.feed().topicPartition();
        long deadline = System.nanoTime() + TIME_MAX.toNanos();
        try {
            Long begin = consumer.beginningOffsets(Set.of(partition), TIME_MAX).get(partition);
            long first = begin == null ? 0 : begin;
            if (request.from() != 0 && request.from() < first) {
                return new HistoryRequest.Unrecoverable();
            }
            consumer.assign(Set.of(partition));
            List<Entry> found =
                    request.reverse()
                            ? backwards(request, first, end, deadline)
                            : forwards(request, Math.max(first, request.from()), end, deadline);
            if (found == null || !topics.confirms(request.feed().topic)) {
                return new HistoryRequest.Unavailable();
            }
            List<Publication> publications =
                    found.stream().map(entry -> entry.publication(request.feed())).toList();
            return new HistoryRequest.Found(publications, end);
        } catch (WakeupException | InterruptException closing) {
            throw closing;
        } catch (InvalidOffsetException retentionWasFaster) {
            return new HistoryRequest.Unrecoverable();
        } catch (KafkaException | ExecutionException e) {
            log.warn("history of {} cannot be read: {}", partition, e.toString());
            return new HistoryRequest.Unavailable();
        }
    }

    private @Nullable List<Entry> forwards(
            HistoryRequest request, long from, long end, long deadline) {
        var found = new ArrayList<Entry>();
        boolean isWhole =
                read(
                        request,
                        from,
                        end,
                        deadline,
                        entry -> {
                            found.add(entry);
                            return found.size() < request.recordsMax();
                        });
        return isWhole ? found : null;
    }

    /// In growing steps from the end, so that recent records are found soon.
    private @Nullable List<Entry> backwards(
            HistoryRequest request, long first, long end, long deadline) {
        var found = new ArrayList<Entry>();
        long upper = Math.min(end, request.before() - 1);
        long step = STEP;
        while (upper > first && found.size() < request.recordsMax()) {
            long lower = Math.max(first, upper - step);
            var inStep = new ArrayDeque<Entry>();
            boolean isWhole =
                    read(
                            request,
                            lower,
                            upper,
                            deadline,
                            entry -> {
                                inStep.addFirst(entry);
                                if (inStep.size() > request.recordsMax()) {
                                    inStep.removeLast();
                                }
                                return true;
                            });
            if (!isWhole) {
                return null;
            }
            inStep.stream().limit(request.recordsMax() - found.size()).forEach(found::add);
            upper = lower;
            step *= 2;
        }
        return found;
    }

    /// Hands the key's records in `[from, end)` to `visitor` until it wants no more. Returns
    /// whether the time sufficed.
    private boolean read(
            HistoryRequest request, long from, long end, long deadline, Predicate<Entry> visitor) {
        TopicPartition partition = request.feed().topicPartition();
        consumer.seek(partition, from);
        long position = from;
        while (position < end) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> message : polled.records(partition)) {
                stats.read(message);
                Entry entry = message.offset() < end ? Entry.of(message) : null;
                if (entry != null
                        && entry.key().equals(request.feed().key)
                        && !visitor.test(entry)) {
                    return true;
                }
            }
            var next = polled.nextOffsets().get(partition);
            if (next != null) {
                position = Math.max(position, next.offset());
            }
        }
        return true;
    }
}
