package io.grandstand.leaderboard;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.SeasonCommand;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Closes seasons: tells every partition of players at once which moment is the last that counts,
/// and some time after that moment that everything up to it has been read.
///
/// A close must be known before entries come that are too late for it, so its moment is moved to a
/// little after now where it is earlier. The first close of a season counts.
final class SeasonDesk implements Processor<byte[], byte[], @Nullable String, Object> {
    /// How long before its moment a close is known to every partition.
    static final Duration NOTICE = Duration.ofSeconds(5);

    /// How long after that moment everything up to it has been read. What is read later than that
    /// is too late.
    static final Duration SETTLING = Duration.ofSeconds(30);

    static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final IntSupplier partitions;
    private ProcessorContext<@Nullable String, Object> context;
    private KeyValueStore<String, Closing> closings;
    private Alarm checks;

    /// A season that closes at this moment, or has.
    record Closing(long at, boolean isFrozen) {}

    /// @param partitions how many partitions of players there are, once a mark has been sent
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    SeasonDesk(IntSupplier partitions) {
        this.partitions = partitions;
    }

    @Override
    public void init(ProcessorContext<@Nullable String, Object> context) {
        this.context = context;
        closings = context.getStateStore(LeaderboardTopology.CLOSINGS);
        checks = new Alarm(context, CHECK_INTERVAL, this::freeze);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            SeasonCommand command = Inbox.value(record.value(), SeasonCommand.class);
            if (!command.season().equals(Inbox.text(record.key()))) {
                throw new IllegalArgumentException("key is not the season of the command");
            }
            switch (command.kind()) {
                case CLOSE -> close(command.season(), command.at());
            }
        } catch (InvalidRecordException | IllegalArgumentException e) {
            var where = context.recordMetadata().orElseThrow();
            context.forward(
                    new Record<>(
                            where.topic(),
                            Inbox.deadLetter(where, record, e.getMessage()),
                            record.timestamp()),
                    LeaderboardTopology.DESK_DEAD_LETTER_SINK);
        }
    }

    private void close(String season, long at) {
        if (closings.get(season) != null) {
            return;
        }
        long now = context.currentSystemTimeMs();
        var closing = new Closing(Math.max(at, now + NOTICE.toMillis()), false);
        closings.put(season, closing);
        mark(new SeasonMark(season, closing.at(), false, 0), now);
        checks.set();
    }

    private void freeze(long now) {
        boolean isAllFrozen = true;
        for (KeyValue<String, Closing> entry : open()) {
            long at = entry.value.at();
            if (now < at + SETTLING.toMillis()) {
                isAllFrozen = false;
                continue;
            }
            // Said again for its number of copies, which a process that has just started does not
            // know.
            mark(new SeasonMark(entry.key, at, false, 0), now);
            mark(new SeasonMark(entry.key, at, true, partitions.getAsInt()), now);
            closings.put(entry.key, new Closing(at, true));
        }
        if (isAllFrozen) {
            checks.clear();
        }
    }

    private List<KeyValue<String, Closing>> open() {
        var open = new ArrayList<KeyValue<String, Closing>>();
        try (KeyValueIterator<String, Closing> all = closings.all()) {
            all.forEachRemaining(entry -> {
                if (!entry.value.isFrozen()) {
                    open.add(entry);
                }
            });
        }
        return open;
    }

    private void mark(SeasonMark mark, long now) {
        context.forward(new Record<>(null, mark, now), LeaderboardTopology.SEASON_MARK_SINK);
    }
}
