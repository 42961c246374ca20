package io.grandstand.gateway;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads again what is older than a reader's window, for all who ask at about the same time at
/// once.
///
/// Works in rounds: one partition, from the oldest position asked for, at most `ROUND_BYTES_MAX`.
/// Every request gets what the round found for it and where it got to; whoever is still behind asks
/// again, and so those who started apart come together and share each later round. A storm of
/// clients that recover one range thus costs about one reading of it.
final class CatchUpReader {
    private static final Logger log = LoggerFactory.getLogger(CatchUpReader.class);

    /// Key and value bytes read in a round; also bounds the frames made in it, per request.
    private static final long ROUND_BYTES_MAX = 4 << 20;

    /// How long a round waits for Kafka. Clients give up a subscribe after 5 s.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockingQueue<Wanted> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    /// Starts the thread `name`. The consumer is owned from here on.
    CatchUpReader(String name, KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    /// Reads for `request` up to `end`, where the reader's own window takes over; any thread.
    void request(PieceRequest request, long end) {
        queue.add(new Wanted(request, end));
    }

    /// Ends the thread and its consumer; waits for both.
    void stop() throws InterruptedException {
        closing = true;
        consumer.wakeup();
        thread.interrupt();
        thread.join();
    }

    private record Wanted(PieceRequest request, long end) {}

    private void run() {
        var waiting = new LinkedHashMap<TopicPartition, List<Wanted>>();
        try (consumer) {
            while (!closing) {
                if (waiting.isEmpty()) {
                    sort(queue.take(), waiting);
                }
                for (Wanted wanted = queue.poll(); wanted != null; wanted = queue.poll()) {
                    sort(wanted, waiting);
                }
                Map.Entry<TopicPartition, List<Wanted>> next = waiting.pollFirstEntry();
                readFor(next.getKey(), next.getValue());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (WakeupException | InterruptException stopped) {
            // Closing.
        }
    }

    private static void sort(Wanted wanted, Map<TopicPartition, List<Wanted>> waiting) {
        waiting.computeIfAbsent(wanted.request().feed().topicPartition(), _ -> new ArrayList<>())
                .add(wanted);
    }

    private void readFor(TopicPartition partition, List<Wanted> all) {
        Round round;
        try {
            Long begin = consumer.beginningOffsets(Set.of(partition), PATIENCE).get(partition);
            round = new Round(begin == null ? 0 : begin);
        } catch (WakeupException | InterruptException closing) {
            throw closing;
        } catch (KafkaException e) {
            log.warn("catching up on {} failed: {}", partition, e.toString());
            all.forEach(wanted -> wanted.request().answer(new Piece.Unavailable()));
            return;
        }
        all.forEach(round::join);
        if (round.readers.isEmpty()) {
            return;
        }
        try {
            read(partition, round);
            round.answer();
        } catch (WakeupException | InterruptException closing) {
            throw closing;
        } catch (InvalidOffsetException retentionWasFaster) {
            // The next round finds a new beginning.
            queue.addAll(round.giveUp());
        } catch (KafkaException e) {
            log.warn("catching up on {} failed: {}", partition, e.toString());
            round.giveUp().forEach(wanted -> wanted.request().answer(new Piece.Unavailable()));
        }
    }

    private void read(TopicPartition partition, Round round) {
        consumer.assign(Set.of(partition));
        consumer.seek(partition, round.position);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (round.position < round.end
                && round.bytes < ROUND_BYTES_MAX
                && System.nanoTime() < deadline) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            polled.records(partition).forEach(round::take);
            var next = polled.nextOffsets().get(partition);
            if (next != null) {
                round.position = Math.max(round.position, next.offset());
            }
        }
    }

    /// One reading of a range, and those it is read for.
    private final class Round {
        final long begin;
        final List<Reader> readers = new ArrayList<>();
        final Map<Key, List<Reader>> byKey = new HashMap<>();
        long position = Long.MAX_VALUE;
        long end;
        long bytes;

        Round(long begin) {
            this.begin = begin;
        }

        void join(Wanted wanted) {
            PieceRequest request = wanted.request();
            if (request.from() < begin && !request.isBeginning()) {
                request.answer(new Piece.Unrecoverable(wanted.end()));
                return;
            }
            var reader = new Reader(wanted, Math.max(begin, request.from()));
            readers.add(reader);
            byKey.computeIfAbsent(request.feed().key, _ -> new ArrayList<>(1)).add(reader);
            position = Math.min(position, reader.next);
            end = Math.max(end, wanted.end());
        }

        void take(ConsumerRecord<byte[], byte[]> message) {
            bytes += message.serializedKeySize() + message.serializedValueSize();
            position = message.offset() + 1;
            Entry entry = Entry.of(message);
            if (entry != null) {
                byKey.getOrDefault(entry.key(), List.of()).forEach(reader -> reader.take(entry));
            }
        }

        /// Drops what was found; returns those it was read for.
        List<Wanted> giveUp() {
            readers.forEach(Reader::drop);
            return readers.stream().map(reader -> reader.wanted).toList();
        }

        void answer() {
            for (Reader reader : readers) {
                if (reader.next > position) {
                    // This round ended before it got to where this one stands.
                    queue.add(reader.wanted);
                } else {
                    reader.answer(position);
                }
            }
        }
    }

    /// One of those a round is read for.
    private static final class Reader {
        final Wanted wanted;
        final PieceBuilder frames;
        long next;
        boolean full;

        Reader(Wanted wanted, long next) {
            this.wanted = wanted;
            this.frames = new PieceBuilder(wanted.request().feed().channel);
            this.next = next;
        }

        void take(Entry entry) {
            if (entry.offset() >= next && !full) {
                frames.add(entry);
                next = entry.nextOffset();
                full = frames.isFull();
            }
        }

        void drop() {
            ByteBuf found = frames.build();
            if (found != null) {
                found.release();
            }
        }

        void answer(long position) {
            PieceRequest request = wanted.request();
            long from = Math.max(0, request.from());
            request.answer(new Piece.Records(frames.build(), from, full ? next : position, false));
        }
    }
}
