package io.grandstand.leaderboard;

import static io.grandstand.leaderboard.Measure.percentiles;
import static io.grandstand.leaderboard.Measure.rounded;
import static io.grandstand.leaderboard.Measure.say;

import io.grandstand.events.BoardRow;
import io.grandstand.events.Json;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.NameFilter;
import io.grandstand.events.Points;
import io.grandstand.events.RankAt;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.streams.StreamsService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.metrics.Sensor.RecordingLevel;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The standings of four partitions and the merger, as they run, on their stores on disk. What
/// travels between them is carried by hand; there is no changelog and no transaction, and the small
/// stores that have a cache in the service are in memory here. What is measured includes writing
/// and reading each record's JSON.
///
/// DOMAIN 4.1, 4.3 and 4.5.
final class StoreBench {
    private static final int PARTITIONS = 4;
    private static final int THREADS = 2;
    private static final int ROUND = 200_000;
    private static final int SAMPLES = 10_000;
    private static final int PAGES = 300;
    private static final int FRIENDS = 500;
    private static final int FRIENDS_REQUESTS = 2_000;
    private static final String BOARD = Boards.ALL;
    private static final Set<String> HOT =
            Set.of(LeaderboardTopology.CHANGES, LeaderboardTopology.OWN, LeaderboardTopology.DIRTY);
    private static final BoardStores STORES =
            new BoardStores(name ->
                    HOT.contains(name)
                            ? Stores.inMemoryKeyValueStore(name)
                            : Stores.persistentKeyValueStore(name));

    private final Game game;
    private final Path folder;
    private final List<Task> standings = new ArrayList<>();
    private final Task merger;
    private final byte[] partitionOf;
    private final List<Leaderboard> published = new ArrayList<>();
    private long now = Game.AT;
    private long mismatches;

    StoreBench(Game game, Path folder) {
        this.game = game;
        this.folder = folder;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            standings.add(
                    new Task(
                            new TaskId(0, partition),
                            folder,
                            new StandingsProcessor(NameFilter.standard()),
                            STORES.ofStandings()));
        }
        merger = new Task(new TaskId(1, 0), folder, new MergerProcessor(), STORES.ofMerger());
        partitionOf = new byte[game.players];
        for (int player = 0; player < game.players; player++) {
            partitionOf[player] = (byte) game.partition(player, PARTITIONS);
        }
    }

    Map<String, Object> run() throws Exception {
        var results = new LinkedHashMap<String, Object>();
        results.put("players", game.players);
        results.put("deltas", game.deltas);
        results.put("seed", game.seed);
        results.put("partitions", PARTITIONS);
        results.put("feedingThreads", THREADS);
        results.put("boardsAnEntryCountsOn", 3);
        results.put("feed", feed());
        results.put("stateMb", Measure.megabytes(folder));
        Game.FullSort sorted = game.sorted();
        results.put("playersOnTheBoard", sorted.size());
        results.put("distinctScores", sorted.distinctScores());
        BoardReader reader = new BoardReader(new TaskFleet(), () -> Instant.ofEpochMilli(now));
        results.put("ranks", ranks(reader, sorted));
        results.put("pages", pages(reader, sorted));
        results.put("friends", friends(reader));
        results.put("correction", correction(sorted));
        results.put("mismatches", mismatches);
        merger.close();
        standings.forEach(Task::close);
        return results;
    }

    private Map<String, Object> feed() throws Exception {
        var measure = new Measure();
        long sent = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int from = 0; from < game.deltas; from += ROUND) {
                int begin = from;
                int end = Math.min(from + ROUND, game.deltas);
                var work = new ArrayList<Future<Integer>>();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    int own = partition;
                    work.add(threads.submit(() -> feed(own, begin, end)));
                }
                for (Future<Integer> part : work) {
                    sent += part.get();
                }
                settle();
                if (end % 1_000_000 == 0) {
                    say("%d deltas in %.0f s", end, measure.seconds());
                }
            }
        }
        return measure.rate(sent);
    }

    private int feed(int partition, int begin, int end) {
        Task task = standings.get(partition);
        int sent = 0;
        for (int entry = begin; entry < end; entry++) {
            int player = game.playerOf(entry);
            if (partitionOf[player] == partition) {
                byte[] json = Json.write(game.entry(entry, null));
                task.process(Topics.POINTS, game.id(player), json, now);
                sent++;
                if (Game.isSentTwice(entry)) {
                    task.process(Topics.POINTS, game.id(player), json, now);
                    sent++;
                }
                game.count(entry);
            }
        }
        return sent;
    }

    /// What changed is told to all, and boards are published.
    private void settle() {
        now += MergerProcessor.PUBLISH_INTERVAL_MS;
        for (Task task : standings) {
            task.tick(now, StandingsProcessor.SUMMARY_INTERVAL);
            for (Object told : task.forwarded()) {
                switch (told) {
                    case BoardPart part ->
                            merger.process(
                                    LeaderboardTopology.BOARD_PART,
                                    part.board(),
                                    Json.write(part),
                                    now);
                    case BoardCounts counts -> {
                        byte[] json = Json.write(counts);
                        for (Task other : standings) {
                            other.process(LeaderboardTopology.BOARD_COUNTS, null, json, now);
                        }
                    }
                    default -> throw new AssertionError(told);
                }
            }
        }
        merger.tick(now, MergerProcessor.CHECK_INTERVAL);
        for (Object board : merger.forwarded()) {
            published.add((Leaderboard) board);
        }
    }

    private Map<String, Object> ranks(BoardReader reader, Game.FullSort sorted) throws Exception {
        var random = new SplittableRandom(game.seed);
        var ms = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            int player = random.nextInt(game.players);
            long started = System.nanoTime();
            Top.Me me = reader.place(BOARD, game.id(player)).me();
            ms[i] = (System.nanoTime() - started) / 1e6;
            Top.Me expected =
                    sorted.isPlaying(player)
                            ? new Top.Me((long) sorted.rankOf(player), sorted.scoreOf(player))
                            : Top.Me.NOBODY;
            check("place of " + game.id(player), me, expected);
        }
        Leaderboard head = last(BOARD);
        for (int i = 0; i < head.top().size(); i++) {
            check("head of the board", head.top().get(i), row(sorted, i));
        }
        return percentiles(ms);
    }

    private Leaderboard last(String board) {
        return published.stream()
                .filter(message -> message.board().equals(board))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private static BoardRow row(Game.FullSort sorted, int position) {
        String id = sorted.id(position);
        return new BoardRow(sorted.rankAt(position), id, id, sorted.score(position));
    }

    private Map<String, Object> pages(BoardReader reader, Game.FullSort sorted) throws Exception {
        var random = new SplittableRandom(game.seed);
        var ms = new double[PAGES];
        for (int i = 0; i < PAGES; i++) {
            int offset = random.nextInt(sorted.size());
            int size = Math.min(100, sorted.size() - offset);
            long started = System.nanoTime();
            List<BoardRow> rows =
                    reader.answer(
                                    null,
                                    new TopRequest(
                                            BOARD,
                                            Kind.PAGE,
                                            null,
                                            null,
                                            (long) offset,
                                            size,
                                            null,
                                            null))
                            .top();
            ms[i] = (System.nanoTime() - started) / 1e6;
            for (int j = 0; j < size; j++) {
                check("row " + (offset + j), rows.get(j), row(sorted, offset + j));
            }
        }
        return percentiles(ms);
    }

    private Map<String, Object> friends(BoardReader reader) throws Exception {
        var random = new SplittableRandom(game.seed);
        var ms = new double[FRIENDS_REQUESTS];
        for (int i = 0; i < FRIENDS_REQUESTS; i++) {
            List<String> friends =
                    random.ints(0, game.players)
                            .distinct()
                            .limit(FRIENDS)
                            .mapToObj(game::id)
                            .toList();
            var request =
                    new TopRequest(BOARD, Kind.FRIENDS, null, null, null, null, friends, null);
            long started = System.nanoTime();
            reader.answer(friends.getFirst(), request);
            ms[i] = (System.nanoTime() - started) / 1e6;
        }
        return percentiles(ms);
    }

    /// The first becomes the millionth, or the one in the middle of a smaller board.
    private Map<String, Object> correction(Game.FullSort sorted) {
        int player = sorted.player(0);
        int goal = Math.min(1_000_000, sorted.size() / 2);
        int delta = (int) (sorted.score(goal) - sorted.score(0));
        var entry = new Points(Game.MATCH, "correction", 1, delta, Game.AT, null);
        long started = System.nanoTime();
        Task task = standings.get(partitionOf[player]);
        task.process(Topics.POINTS, game.id(player), Json.write(entry), now);
        settle();
        double ms = (System.nanoTime() - started) / 1e6;
        game.add(player, delta);
        Game.FullSort after = game.sorted();
        Leaderboard head = last(BOARD);
        for (int i = 0; i < head.top().size(); i++) {
            check("head after the correction", head.top().get(i), row(after, i));
        }
        var results = new LinkedHashMap<String, Object>();
        results.put("fromRank", sorted.rankOf(player));
        results.put("toRank", after.rankOf(player));
        results.put("processingMs", rounded(ms));
        return results;
    }

    private void check(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            mismatches++;
            say("%s is %s, not %s", what, actual, expected);
        }
    }

    private final class TaskFleet implements Fleet {
        private final List<PartitionView> views =
                standings.stream()
                        .map(task -> PartitionView.of(task.partition(), task::store))
                        .toList();

        @Override
        public List<Standing> find(String board, Collection<String> players) {
            return players.stream()
                    .flatMap(player -> owner(player).find(board, List.of(player)).rows().stream())
                    .toList();
        }

        private static PartAnswer answer(PartitionView view, PartQuery query) {
            return Objects.requireNonNull(view.answer(query));
        }

        private PartitionView owner(String player) {
            return views.get(BuiltInPartitioner.partitionForKey(Topic.key(player), PARTITIONS));
        }

        @Override
        public <A extends PartAnswer> List<A> askAll(PartQuery query, Class<A> type) {
            return views.stream().map(view -> type.cast(answer(view, query))).toList();
        }

        @Override
        public <A extends PartAnswer> A askAny(PartQuery query, Class<A> type) {
            return type.cast(answer(views.getFirst(), query));
        }

        @Override
        public List<RankAt> history(String board, String player) {
            return owner(player).history(board, player).ranks();
        }

        @Override
        public List<String> members(String league) {
            return List.of();
        }
    }

    /// A processor on its stores, outside a stream thread.
    private static final class Task {
        private final MockProcessorContext<Object, Object> context;
        private final Processor<byte[], byte[], ?, ?> processor;
        private final List<KeyValueStore<String, ?>> stores = new ArrayList<>();

        Task(
                TaskId id,
                Path folder,
                Processor<byte[], byte[], ?, ?> processor,
                List<StoreBuilder<? extends KeyValueStore<String, ?>>> builders) {
            var config = new Properties();
            config.putAll(
                    StreamsService.config(
                            "bench", Map.of("bootstrap.servers", "unused:9092"), folder, 1));
            context =
                    new MockProcessorContext<>(config, id, folder.resolve(id.toString()).toFile());
            // The mock records every metric there is, which no service does.
            ((StreamsMetricsImpl) context.metrics())
                    .metricsRegistry()
                    .config()
                    .recordLevel(RecordingLevel.INFO);
            for (var builder : builders) {
                KeyValueStore<String, ?> store =
                        builder.withCachingDisabled().withLoggingDisabled().build();
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

        int partition() {
            return context.taskId().partition();
        }

        @SuppressWarnings("unchecked") // Each store holds values of its own type.
        <V> ReadOnlyKeyValueStore<String, V> store(String name) {
            return (ReadOnlyKeyValueStore<String, V>) context.getStateStore(name);
        }

        void process(Topic<?> topic, @Nullable String key, byte[] value, long now) {
            context.setCurrentSystemTimeMs(now);
            context.setRecordMetadata(topic.name(), partition(), 0);
            processor.process(new Record<>(key == null ? null : Topic.key(key), value, now));
        }

        void tick(long now, Duration interval) {
            context.setCurrentSystemTimeMs(now);
            for (var punctuator : List.copyOf(context.scheduledPunctuators())) {
                if (!punctuator.cancelled() && punctuator.getInterval().equals(interval)) {
                    punctuator.getPunctuator().punctuate(now);
                }
            }
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
