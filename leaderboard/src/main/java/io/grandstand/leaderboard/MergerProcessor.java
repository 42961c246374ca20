package io.grandstand.leaderboard;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Leaderboard;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Publishes the heads of its boards: each at most once a second, and only what changed.
///
/// The first change after a quiet second is published at the next check, not a second later.
final class MergerProcessor implements Processor<byte[], byte[], String, Object> {
    static final Duration CHECK_INTERVAL = Duration.ofMillis(100);
    static final long PUBLISH_INTERVAL_MS = 1_000;

    private static final StringSerializer TEXT = new StringSerializer();

    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, BoardPart> parts;
    private KeyValueStore<String, String> unpublished;
    private KeyValueStore<String, Leaderboard> published;
    private Alarm checks;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    MergerProcessor() {}

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        parts = context.getStateStore(LeaderboardTopology.PARTS);
        unpublished = context.getStateStore(LeaderboardTopology.UNPUBLISHED);
        published = context.getStateStore(LeaderboardTopology.PUBLISHED);
        checks = new Alarm(context, CHECK_INTERVAL, this::publish);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        BoardPart part;
        try {
            part = Inbox.value(record.value(), BoardPart.class);
        } catch (InvalidRecordException | IllegalArgumentException e) {
            var where = context.recordMetadata().orElseThrow();
            context.forward(
                    new Record<>(
                            where.topic(),
                            Inbox.deadLetter(where, record, e.getMessage()),
                            record.timestamp()),
                    LeaderboardTopology.MERGER_DEAD_LETTER_SINK);
            return;
        }
        String key = StoreKeys.of(part.board(), StoreKeys.partition(part.partition()));
        BoardPart before = parts.get(key);
        if (before == null || before.seq() < part.seq()) {
            parts.put(key, part);
            unpublished.put(part.board(), "");
            checks.set();
        }
    }

    private void publish(long now) {
        boolean isAllPublished = true;
        try (KeyValueIterator<String, String> boards = unpublished.all()) {
            while (boards.hasNext()) {
                String board = boards.next().key;
                Leaderboard before = published.get(board);
                if (before == null || isDue(before, now)) {
                    unpublished.delete(board);
                    publish(before, merged(board, now));
                } else {
                    isAllPublished = false;
                }
            }
        }
        if (isAllPublished) {
            checks.clear();
        }
    }

    /// A clock that was set back must not silence a board until it has caught up.
    private static boolean isDue(Leaderboard before, long now) {
        return now >= before.asOf() + PUBLISH_INTERVAL_MS || now < before.asOf();
    }

    private void publish(@Nullable Leaderboard before, Leaderboard merged) {
        if (before != null
                && before.players() == merged.players()
                && before.top().equals(merged.top())) {
            return;
        }
        published.put(merged.board(), merged);
        context.forward(
                new Record<>(merged.board(), merged, merged.asOf()),
                LeaderboardTopology.LEADERBOARD_SINK);
    }

    private Leaderboard merged(String board, long now) {
        var all = new ArrayList<BoardPart>();
        try (KeyValueIterator<String, BoardPart> entries =
                parts.prefixScan(StoreKeys.prefix(board), TEXT)) {
            while (entries.hasNext()) {
                all.add(entries.next().value);
            }
        }
        long players = all.stream().mapToLong(BoardPart::players).sum();
        return new Leaderboard(
                board, now, players, Ranking.head(all.stream().map(BoardPart::top).toList()));
    }
}
