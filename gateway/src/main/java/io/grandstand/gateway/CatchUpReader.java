package io.grandstand.gateway;

import io.grandstand.protocol.TagsFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
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

/// Reads again what is older than a reader's window, for all who ask at about the same time at
/// once.
///
/// Works in rounds: one partition, from the oldest position asked for, at most `ROUND_BYTES_MAX`.
/// Every request gets what the round found for it and where it got to; whoever is still behind asks
/// again, and so those who started apart come together and share each later round. A storm of
/// clients that recover one range thus costs about one reading of it.
///
/// Where a namespace limits how much may be recovered, records are counted first, in rounds of the
/// same kind, and nothing is kept of them.
final class CatchUpReader {
    private static final Logger log = LoggerFactory.getLogger(CatchUpReader.class);

    /// Key and value bytes read in a round; also bounds the frames made in it, per request.
    private static final long ROUND_BYTES_MAX = 4 << 20;

    /// How long a round waits for Kafka. Clients give up a subscribe after 5 s.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(100);

    /// How long counting may take; a gap that takes longer counts as too long.
    private static final Duration COUNT_TIME_MAX = Duration.ofSeconds(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicDirectory topics;
    private final GatewayStats stats;
    private final BlockingQueue<Wanted> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    /// Starts the thread `name`. The consumer is owned from here on.
    CatchUpReader(
            String name,
            KafkaConsumer<byte[], byte[]> consumer,
            TopicDirectory topics,
            GatewayStats stats) {
        this.consumer = consumer;
        this.topics = topics;
        this.stats = stats;
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

    /// A request that waits for a round.
    private static final class Wanted {
        final PieceRequest request;
        final long end;
        final long sinceNs = System.nanoTime();

        /// How many of its records were counted, and up to where; unused where any number is
        /// allowed.
        int counted;

        long countedTo;

        Wanted(PieceRequest request, long end) {
            this.request = request;
            this.end = end;
            this.countedTo = request.from();
        }

        boolean isCounting() {
            return request.recordsMax() > 0;
        }
    }

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
        waiting.computeIfAbsent(wanted.request.feed().topicPartition(), _ -> new ArrayList<>())
                .add(wanted);
    }

    private void readFor(TopicPartition partition, List<Wanted> all) throws InterruptedException {
        TopicDirectory.Entry topic = topics.find(partition.topic());
        if (topic == null) {
            all.forEach(wanted -> wanted.request.answer(new Piece.Unavailable()));
            return;
        }
        Round round;
        try {
            Long begin = consumer.beginningOffsets(Set.of(partition), PATIENCE).get(partition);
            round = new Round(begin == null ? 0 : begin);
        } catch (WakeupException | InterruptException closing) {
            throw closing;
        } catch (KafkaException e) {
            log.warn("catching up on {} failed: {}", partition, e.toString());
            all.forEach(wanted -> wanted.request.answer(new Piece.Unavailable()));
            return;
        }
        for (Wanted wanted : all) {
            if (topic.equals(wanted.request.feed().topic)) {
                round.join(wanted);
            } else {
                wanted.request.answer(new Piece.Invalidated());
            }
        }
        if (round.readers.isEmpty()) {
            return;
        }
        try {
            read(partition, round);
            // What was read may have been written after the topic was created again.
            if (topics.confirms(topic)) {
                round.answer();
            } else {
                round.giveUp().forEach(wanted -> wanted.request.answer(new Piece.Invalidated()));
            }
        } catch (WakeupException | InterruptException closing) {
            throw closing;
        } catch (InvalidOffsetException retentionWasFaster) {
            // The next round finds a new beginning.
            queue.addAll(round.giveUp());
        } catch (KafkaException | ExecutionException e) {
            log.warn("catching up on {} failed: {}", partition, e.toString());
            round.giveUp().forEach(wanted -> wanted.request.answer(new Piece.Unavailable()));
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
        final Map<Share, Reader> readers = new LinkedHashMap<>();
        final Map<Key, List<Reader>> byKey = new HashMap<>();
        long position = Long.MAX_VALUE;
        long end;
        long bytes;

        Round(long begin) {
            this.begin = begin;
        }

        void join(Wanted wanted) {
            PieceRequest request = wanted.request;
            if (request.from() < begin && !request.isBeginning()) {
                request.answer(new Piece.Unrecoverable(wanted.end));
                return;
            }
            Reader reader = readers.computeIfAbsent(Share.of(wanted), _ -> newReader(wanted));
            reader.all.add(wanted);
            position = Math.min(position, reader.next);
            end = Math.max(end, wanted.end);
        }

        private Reader newReader(Wanted wanted) {
            var reader = new Reader(wanted, Math.max(begin, wanted.countedTo));
            byKey.computeIfAbsent(wanted.request.feed().key, _ -> new ArrayList<>(1)).add(reader);
            return reader;
        }

        void take(ConsumerRecord<byte[], byte[]> message) {
            stats.read(message);
            bytes += message.serializedKeySize() + message.serializedValueSize();
            position = message.offset() + 1;
            Entry entry = Entry.of(message);
            if (entry != null) {
                byKey.getOrDefault(entry.key(), List.of()).forEach(reader -> reader.take(entry));
            }
        }

        /// Drops what was found; returns those it was read for.
        List<Wanted> giveUp() {
            readers.values().forEach(Reader::drop);
            return readers.values().stream().flatMap(reader -> reader.all.stream()).toList();
        }

        void answer() {
            for (Reader reader : readers.values()) {
                if (reader.next > position) {
                    // This round ended before it got to where this one stands.
                    queue.addAll(reader.all);
                } else if (reader.isCounting) {
                    reader.count(position);
                } else {
                    reader.answer(position);
                }
            }
        }
    }

    /// What requests must have in common to get one and the same piece.
    private record Share(
            ChannelFeed feed,
            long from,
            long countedTo,
            int recordsMax,
            @Nullable TagsFilter filter) {
        static Share of(Wanted wanted) {
            PieceRequest request = wanted.request;
            return new Share(
                    request.feed(),
                    request.from(),
                    wanted.countedTo,
                    request.recordsMax(),
                    request.filter());
        }
    }

    /// Those in a round who want the same.
    private final class Reader {
        final List<Wanted> all = new ArrayList<>(1);
        final boolean isCounting;
        final PieceBuilder frames;
        long next;
        int counted;
        boolean full;

        /// For `first` and others like it, from `next` on.
        Reader(Wanted first, long next) {
            this.isCounting = first.isCounting();
            this.frames = new PieceBuilder(first.request, Math.max(0, first.request.from()));
            this.next = next;
        }

        void take(Entry entry) {
            if (entry.offset() < next || full) {
                return;
            }
            next = entry.nextOffset();
            if (isCounting) {
                counted++;
            } else {
                frames.add(entry);
                full = frames.isFull();
            }
        }

        void drop() {
            frames.drop();
        }

        void answer(long position) {
            Piece.Records piece = frames.build(full ? next : position, false);
            all.forEach(wanted -> wanted.request.answer(piece.share()));
            piece.release();
        }

        /// Goes on with what the round found out about how many records there are.
        void count(long position) {
            for (Wanted wanted : all) {
                wanted.counted += counted;
                wanted.countedTo = position;
                long takenNs = System.nanoTime() - wanted.sinceNs;
                if (wanted.counted > wanted.request.recordsMax()
                        || (position < wanted.end && takenNs > COUNT_TIME_MAX.toNanos())) {
                    wanted.request.answer(new Piece.Unrecoverable(wanted.end));
                } else if (position < wanted.end) {
                    queue.add(wanted);
                } else {
                    queue.add(new Wanted(wanted.request.counted(), wanted.end));
                }
            }
        }
    }
}
