package io.grandstand.leaderboard;

import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Points;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.streams.StreamsService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// Several partitions of players and one of boards, with what travels between them in the hands of
/// the test: the processors and stores as in the topology, topics as queues.
final class Partitions implements AutoCloseable {
    private final List<Task> standings = new ArrayList<>();
    private final List<Queue<byte[]>> countsUnread = new ArrayList<>();
    private final Queue<byte[]> partsUnread = new ArrayDeque<>();
    private final Task merger;
    private final List<Leaderboard> published = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private @Nullable Top answer;
    private long now = 1_000_000;

    Partitions(int count, Path stateDir) {
        for (int partition = 0; partition < count; partition++) {
            standings.add(
                    new Task(
                            new TaskId(0, partition),
                            stateDir,
                            new StandingsProcessor(),
                            LeaderboardTopology.standingsStores()));
            countsUnread.add(new ArrayDeque<>());
        }
        merger =
                new Task(
                        new TaskId(1, 0),
                        stateDir,
                        new MergerProcessor(),
                        LeaderboardTopology.mergerStores());
    }

    int count() {
        return standings.size();
    }

    void points(String player, Points entry) {
        send(of(player), Topics.POINTS, player, Json.write(entry));
    }

    void profile(String player, String name) {
        send(of(player), Topics.PLAYER, player, Json.write(new PlayerProfile(player, name)));
    }

    Top top(String player, String board) {
        answer = null;
        send(of(player), Topics.GETTOP, player, Json.write(new TopRequest(board)));
        advance(StandingsProcessor.REQUEST_HOLD.toMillis());
        tick(of(player), StandingsProcessor.REQUEST_HOLD);
        if (answer == null) {
            throw new AssertionError("no answer");
        }
        return answer;
    }

    /// Lets one summary arrive in this partition, if one is on its way.
    boolean deliverCounts(int partition) {
        byte[] summary = countsUnread.get(partition).poll();
        if (summary != null) {
            send(standings.get(partition), LeaderboardTopology.BOARD_COUNTS, null, summary);
        }
        return summary != null;
    }

    /// Lets one part arrive at the merger, if one is on its way.
    boolean deliverPart() {
        byte[] part = partsUnread.poll();
        if (part != null) {
            send(merger, LeaderboardTopology.BOARD_PART, null, part);
        }
        return part != null;
    }

    /// The summaries that have yet to arrive in this partition.
    List<BoardCounts> summariesUnderWay(int partition) {
        return countsUnread.get(partition).stream()
                .map(summary -> Json.read(summary, BoardCounts.class))
                .toList();
    }

    /// Whether any processor waits for its clock.
    boolean isTicking() {
        return merger.isTicking() || standings.stream().anyMatch(Task::isTicking);
    }

    void summarize(int partition) {
        tick(standings.get(partition), StandingsProcessor.SUMMARY_INTERVAL);
    }

    void publish() {
        tick(merger, MergerProcessor.CHECK_INTERVAL);
    }

    void advance(long ms) {
        now += ms;
    }

    /// All that is on its way arrives, and all that waits for its time is told.
    void settle() {
        for (int partition = 0; partition < count(); partition++) {
            summarize(partition);
        }
        for (int partition = 0; partition < count(); partition++) {
            while (deliverCounts(partition)) {}
        }
        while (deliverPart()) {}
        advance(MergerProcessor.PUBLISH_INTERVAL_MS);
        publish();
        standings.forEach(task -> tick(task, StandingsProcessor.REQUEST_HOLD));
    }

    /// What was published since the last call.
    List<Leaderboard> published() {
        List<Leaderboard> all = List.copyOf(published);
        published.clear();
        return all;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public void close() {
        standings.forEach(Task::close);
        merger.close();
    }

    private Task of(String player) {
        return standings.get(Math.floorMod(player.hashCode(), count()));
    }

    private void send(Task task, Topic<?> topic, @Nullable String key, byte[] value) {
        task.process(topic, key, value, now);
        carry(task);
    }

    private void tick(Task task, Duration interval) {
        task.tick(now, interval);
        carry(task);
    }

    private void carry(Task task) {
        for (Object value : task.forwarded()) {
            switch (value) {
                case BoardPart part -> partsUnread.add(Json.write(part));
                case BoardCounts counts ->
                        countsUnread.forEach(unread -> unread.add(Json.write(counts)));
                case Leaderboard board -> published.add(board);
                case Top top -> answer = top;
                case DeadLetter letter -> deadLetters.add(letter);
                default -> throw new AssertionError(value);
            }
        }
    }

    /// A processor with its stores, outside a stream thread.
    private static final class Task {
        private final MockProcessorContext<Object, Object> context;
        private final Processor<byte[], byte[], ?, ?> processor;
        private final List<KeyValueStore<String, ?>> stores = new ArrayList<>();

        Task(
                TaskId id,
                Path stateDir,
                Processor<byte[], byte[], ?, ?> processor,
                List<StoreBuilder<? extends KeyValueStore<String, ?>>> builders) {
            var config = new Properties();
            config.putAll(
                    StreamsService.config(
                            "leaderboard",
                            Map.of("bootstrap.servers", "unused:9092"),
                            stateDir,
                            1));
            context =
                    new MockProcessorContext<>(
                            config, id, stateDir.resolve(id.toString()).toFile());
            for (var builder : builders) {
                KeyValueStore<String, ?> store = builder.withLoggingDisabled().build();
                store.init(context.getStateStoreContext(), store);
                context.addStateStore(store);
                stores.add(store);
            }
            this.processor = processor;
            init(processor, context);
        }

        @SuppressWarnings("unchecked") // The context only collects what is forwarded.
        private static <K, V> void init(
                Processor<byte[], byte[], K, V> processor, MockProcessorContext<?, ?> context) {
            processor.init((MockProcessorContext<K, V>) context);
        }

        void process(Topic<?> topic, @Nullable String key, byte[] value, long now) {
            context.setCurrentSystemTimeMs(now);
            context.setRecordMetadata(topic.name(), context.taskId().partition(), 0);
            byte[] keyBytes = key == null ? null : Topic.key(key);
            processor.process(new Record<>(keyBytes, value, now, new RecordHeaders()));
        }

        /// Lets the clock of this interval tick, and no other.
        void tick(long now, Duration interval) {
            context.setCurrentSystemTimeMs(now);
            for (var punctuator : List.copyOf(context.scheduledPunctuators())) {
                if (!punctuator.cancelled() && punctuator.getInterval().equals(interval)) {
                    punctuator.getPunctuator().punctuate(now);
                }
            }
        }

        boolean isTicking() {
            return context.scheduledPunctuators().stream()
                    .anyMatch(punctuator -> !punctuator.cancelled());
        }

        List<Object> forwarded() {
            List<Object> values = new ArrayList<>();
            context.forwarded().forEach(forward -> values.add(forward.record().value()));
            context.resetForwards();
            return values;
        }

        void close() {
            stores.forEach(KeyValueStore::close);
        }
    }
}
