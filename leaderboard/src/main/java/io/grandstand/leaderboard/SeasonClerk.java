package io.grandstand.leaderboard;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.SeasonFinal;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Publishes final tables: collects the parts of all partitions of players, and once they are
/// complete, merges them into chunks and a seal, some in each interval.
///
/// How far a table is published is not stored: after a fault it is published from its first chunk
/// again, and is the same.
final class SeasonClerk implements Processor<byte[], byte[], String, Object> {
    static final Duration PUBLISH_INTERVAL = Duration.ofMillis(100);

    private static final int CHUNKS_MAX = 20;

    private final Map<String, Publishing> publishing = new HashMap<>();
    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, SeasonPart> pieces;
    private KeyValueStore<String, Progress> progress;
    private Alarm checks;

    /// How far a season's table is.
    ///
    /// @param chunks how many pieces of each complete part there are, by partition
    record Progress(
            long closedAt, int partitions, Map<Integer, Integer> chunks, boolean isPublished) {
        Progress {
            chunks = Map.copyOf(chunks);
        }

        boolean isComplete() {
            return chunks.size() == partitions;
        }
    }

    /// A table that is being published.
    private static final class Publishing {
        private final FinalTable table;
        private int chunk;

        Publishing(FinalTable table) {
            this.table = table;
        }
    }

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    SeasonClerk() {}

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        // After a failure the same processor starts again on the stores of the last commit.
        publishing.clear();
        pieces = context.getStateStore(LeaderboardTopology.SEASON_PIECES);
        progress = context.getStateStore(LeaderboardTopology.SEASON_PROGRESS);
        checks = new Alarm(context, PUBLISH_INTERVAL, this::publish);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            collect(Inbox.value(record.value(), SeasonPart.class));
        } catch (InvalidRecordException | IllegalArgumentException e) {
            var where = context.recordMetadata().orElseThrow();
            context.forward(
                    new Record<>(
                            where.topic(),
                            Inbox.deadLetter(where, record, e.getMessage()),
                            record.timestamp()),
                    LeaderboardTopology.CLERK_DEAD_LETTER_SINK);
        }
    }

    private void collect(SeasonPart part) {
        Progress known = progress.get(part.season());
        if (known != null && known.isComplete()) {
            return;
        }
        pieces.put(key(part.season(), part.partition(), part.chunk()), part);
        var chunks = new HashMap<Integer, Integer>(known == null ? Map.of() : known.chunks());
        if (part.last()) {
            chunks.put(part.partition(), part.chunk() + 1);
        }
        var now = new Progress(part.closedAt(), part.partitions(), chunks, false);
        progress.put(part.season(), now);
        if (now.isComplete()) {
            checks.set();
        }
    }

    private void publish(long now) {
        boolean isAllPublished = true;
        for (KeyValue<String, Progress> entry : due()) {
            isAllPublished &= publish(entry.key, entry.value, now);
        }
        if (isAllPublished) {
            checks.clear();
        }
    }

    private List<KeyValue<String, Progress>> due() {
        var due = new ArrayList<KeyValue<String, Progress>>();
        try (KeyValueIterator<String, Progress> all = progress.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value.isComplete() && !entry.value.isPublished()) {
                    due.add(entry);
                }
            });
        }
        return due;
    }

    /// Publishes the next chunks of a table, and the seal after the last; true then.
    private boolean publish(String season, Progress known, long now) {
        Publishing current =
                publishing.computeIfAbsent(season, s -> new Publishing(table(s, known)));
        for (int i = 0; i < CHUNKS_MAX; i++) {
            List<SeasonFinal.Row> rows = current.table.next(SeasonFinal.Rows.ROWS_MAX);
            if (rows.isEmpty()) {
                forward(
                        new SeasonFinal.Seal(
                                season,
                                known.closedAt(),
                                current.chunk,
                                current.table.players(),
                                current.table.sha256()),
                        now);
                publishing.remove(season);
                forget(season, known);
                return true;
            }
            forward(new SeasonFinal.Rows(season, current.chunk, rows), now);
            current.chunk++;
        }
        return false;
    }

    private FinalTable table(String season, Progress known) {
        return new FinalTable(
                known.chunks().entrySet().stream()
                        .map(part -> new Part(season, part.getKey(), part.getValue()))
                        .toList());
    }

    private void forget(String season, Progress known) {
        known.chunks()
                .forEach((partition, chunks) -> {
                    for (int chunk = 0; chunk < chunks; chunk++) {
                        pieces.delete(key(season, partition, chunk));
                    }
                });
        progress.put(
                season, new Progress(known.closedAt(), known.partitions(), known.chunks(), true));
    }

    private void forward(SeasonFinal message, long now) {
        context.forward(
                new Record<>(message.season(), message, now),
                LeaderboardTopology.SEASON_FINAL_SINK);
    }

    private static String key(String season, int partition, int chunk) {
        return StoreKeys.of(season, StoreKeys.partition(partition), Integer.toString(chunk));
    }

    /// The rows of a partition's part, a piece at a time.
    private final class Part implements Iterator<SeasonPart.Row> {
        private final String season;
        private final int partition;
        private final int chunks;
        private int next;
        private Iterator<SeasonPart.Row> rows = List.<SeasonPart.Row>of().iterator();

        Part(String season, int partition, int chunks) {
            this.season = season;
            this.partition = partition;
            this.chunks = chunks;
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && next < chunks) {
                SeasonPart piece = pieces.get(key(season, partition, next));
                if (piece == null) {
                    throw new IllegalStateException(
                            "piece %d of partition %d of season %s is missing"
                                    .formatted(next, partition, season));
                }
                rows = piece.rows().iterator();
                next++;
            }
            return rows.hasNext();
        }

        @Override
        public SeasonPart.Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return rows.next();
        }
    }
}
