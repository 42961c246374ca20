package io.grandstand.leaderboard;

import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.LateEntry;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.League;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.PlayerStatus;
import io.grandstand.events.Points;
import io.grandstand.events.RankAt;
import io.grandstand.events.SeasonCommand;
import io.grandstand.events.SeasonFinal;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.streams.StreamsService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Several partitions of players and one of boards, with what travels between them in the hands of
/// the test: the processors and stores as in the topology, topics as queues.
final class Partitions implements AutoCloseable {
    private final List<Task> standings = new ArrayList<>();
    private final List<Queue<byte[]>> countsUnread = new ArrayList<>();
    private final List<Queue<byte[]>> marksUnread = new ArrayList<>();
    private final Queue<byte[]> partsUnread = new ArrayDeque<>();
    private final Queue<byte[]> tablesUnread = new ArrayDeque<>();
    private final Task merger;
    private final Task desk;
    private final Task clerk;
    private final Task leagues;
    private final List<Leaderboard> published = new ArrayList<>();
    private final List<SeasonFinal> finals = new ArrayList<>();
    private final List<LateEntry> late = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<Top> answers = new ArrayList<>();
    private long now = 1_000_000;

    /// Partitions that keep their state in memory.
    static Partitions inMemory(int count, Path stateDir) {
        return new Partitions(count, stateDir, new BoardStores(Stores::inMemoryKeyValueStore));
    }

    /// Partitions that keep their state on disk, as they run.
    static Partitions onDisk(int count, Path stateDir) {
        return new Partitions(count, stateDir, BoardStores.ON_DISK);
    }

    private Partitions(int count, Path stateDir, BoardStores stores) {
        for (int partition = 0; partition < count; partition++) {
            standings.add(
                    new Task(
                            new TaskId(0, partition),
                            stateDir,
                            new StandingsProcessor(NameFilter.standard()),
                            stores.ofStandings()));
            countsUnread.add(new ArrayDeque<>());
            marksUnread.add(new ArrayDeque<>());
        }
        merger = new Task(new TaskId(1, 0), stateDir, new MergerProcessor(), stores.ofMerger());
        desk =
                new Task(
                        new TaskId(2, 0),
                        stateDir,
                        new SeasonDesk(() -> count),
                        stores.ofSeasonDesk());
        clerk = new Task(new TaskId(3, 0), stateDir, new SeasonClerk(), stores.ofSeasonClerk());
        leagues = new Task(new TaskId(4, 0), stateDir, new LeagueKeeper(), stores.ofLeagues());
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

    /// An entry whose record has this timestamp.
    void points(String player, Points entry, long timestamp) {
        Task task = of(player);
        task.process(Topics.POINTS, player, Json.write(entry), now, timestamp);
        carry(task);
    }

    void profile(String player, String name, String country) {
        var profile = new PlayerProfile(player, name, country);
        send(of(player), Topics.PLAYER, player, Json.write(profile));
    }

    void status(String player, PlayerStatus.Status status) {
        var record = new PlayerStatus(player, status);
        send(of(player), Topics.PLAYER_STATUS, player, Json.write(record));
    }

    void league(String league, List<String> members) {
        send(leagues, Topics.LEAGUE, league, Json.write(new League(league, members)));
    }

    void close(String season, long at) {
        var command = new SeasonCommand(SeasonCommand.Kind.CLOSE, season, at);
        send(desk, Topics.SEASON_COMMAND, season, Json.write(command));
    }

    /// Asks for a board and does not wait.
    void ask(String player, String board) {
        send(of(player), Topics.GETTOP, player, Json.write(new TopRequest(board)));
    }

    /// All answers since the last call.
    List<Top> answers() {
        List<Top> all = List.copyOf(answers);
        answers.clear();
        return all;
    }

    Top top(String player, String board) {
        answers.clear();
        ask(player, board);
        advance(StandingsProcessor.REQUEST_HOLD.toMillis());
        tick(of(player), StandingsProcessor.REQUEST_HOLD);
        if (answers.isEmpty()) {
            throw new AssertionError("no answer");
        }
        return answers.getLast();
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

    /// Lets one mark arrive in this partition, if one is on its way.
    boolean deliverMark(int partition) {
        byte[] mark = marksUnread.get(partition).poll();
        if (mark != null) {
            send(standings.get(partition), LeaderboardTopology.SEASON_MARK, null, mark);
        }
        return mark != null;
    }

    /// Lets one piece of a final table arrive, if one is on its way.
    boolean deliverTable() {
        byte[] part = tablesUnread.poll();
        if (part != null) {
            send(clerk, LeaderboardTopology.SEASON_PART, "season", part);
        }
        return part != null;
    }

    void checkSeasons() {
        tick(desk, SeasonDesk.CHECK_INTERVAL);
    }

    void tellTable(int partition) {
        tick(standings.get(partition), Seasons.TELL_INTERVAL);
    }

    void publishTables() {
        tick(clerk, SeasonClerk.PUBLISH_INTERVAL);
    }

    /// Lets the publisher of final tables start again on its stores.
    void restartClerk() {
        clerk.restart();
    }

    /// All that is on its way to final tables arrives.
    void settleSeasons() {
        checkSeasons();
        for (int partition = 0; partition < count(); partition++) {
            while (deliverMark(partition)) {}
        }
        do {
            for (int partition = 0; partition < count(); partition++) {
                tellTable(partition);
            }
        } while (deliverTable());
        while (deliverTable()) {}
        int before;
        do {
            before = finals.size();
            publishTables();
        } while (finals.size() > before);
    }

    /// What readers see, without anything between them and the stores.
    BoardReader reader() {
        return new BoardReader(new LocalFleet(), () -> Instant.ofEpochMilli(now));
    }

    PartitionView view(String player) {
        return view(of(player));
    }

    private static PartitionView view(Task task) {
        return PartitionView.of(task.context.taskId().partition(), task::store);
    }

    /// All partitions in this process.
    private final class LocalFleet implements Fleet {
        @Override
        public List<Standing> find(String board, Collection<String> players) {
            return players.stream()
                    .flatMap(player -> view(player).find(board, List.of(player)).rows().stream())
                    .toList();
        }

        @Override
        public List<RankAt> history(String board, String player) {
            PartitionView view = view(player);
            var query = new PartQuery.History(board, player, view.partition());
            return ((PartAnswer.History) written(view.answer(query))).ranks();
        }

        @Override
        public <A extends PartAnswer> List<A> askAll(PartQuery query, Class<A> type)
                throws NotReadyException {
            List<PartAnswer> answers =
                    standings.stream().map(task -> written(view(task).answer(query))).toList();
            Set<Integer> all = IntStream.range(0, count()).boxed().collect(Collectors.toSet());
            return StreamsFleet.complete(answers, type, all);
        }

        @Override
        public <A extends PartAnswer> A askAny(PartQuery query, Class<A> type) {
            return type.cast(written(view(standings.getLast()).answer(query)));
        }

        @Override
        public List<String> members(String league) {
            League found = leagues.<League>store(LeaderboardTopology.LEAGUES).get(league);
            return found == null ? List.of() : found.members();
        }

        /// Answers survive the way between instances.
        private static PartAnswer written(@Nullable PartAnswer answer) {
            PartAnswers answers = new PartAnswers(List.of(Objects.requireNonNull(answer)));
            return Json.read(Json.write(answers), PartAnswers.class).parts().getFirst();
        }
    }

    /// What was published of seasons since the last call.
    List<SeasonFinal> finals() {
        List<SeasonFinal> all = List.copyOf(finals);
        finals.clear();
        return all;
    }

    List<LateEntry> late() {
        return late;
    }

    long now() {
        return now;
    }

    /// The summaries that have yet to arrive in this partition.
    List<BoardCounts> summariesUnderWay(int partition) {
        return countsUnread.get(partition).stream()
                .map(summary -> Json.read(summary, BoardCounts.class))
                .toList();
    }

    /// Whether any processor of scores and boards waits for its clock.
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

    /// What was published of a board since the last call for any.
    List<Leaderboard> published(String board) {
        List<Leaderboard> all =
                published.stream().filter(message -> message.board().equals(board)).toList();
        published.clear();
        return all;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public void close() {
        standings.forEach(Task::close);
        List.of(merger, desk, clerk, leagues).forEach(Task::close);
    }

    private Task of(String player) {
        return standings.get(Math.floorMod(player.hashCode(), count()));
    }

    private void send(Task task, Topic<?> topic, @Nullable String key, byte[] value) {
        task.process(topic, key, value, now, now);
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
                case SeasonMark mark -> marksUnread.forEach(unread -> unread.add(Json.write(mark)));
                case SeasonPart part -> tablesUnread.add(Json.write(part));
                case SeasonFinal table -> finals.add(table);
                case LateEntry entry -> late.add(entry);
                case Top top -> answers.add(top);
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

        void process(Topic<?> topic, @Nullable String key, byte[] value, long now, long timestamp) {
            context.setCurrentSystemTimeMs(now);
            context.setRecordMetadata(topic.name(), context.taskId().partition(), 0);
            byte[] keyBytes = key == null ? null : Topic.key(key);
            processor.process(new Record<>(keyBytes, value, timestamp, new RecordHeaders()));
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

        @SuppressWarnings("unchecked") // Each store holds values of its own type.
        <V> ReadOnlyKeyValueStore<String, V> store(String name) {
            return (ReadOnlyKeyValueStore<String, V>) context.getStateStore(name);
        }

        void restart() {
            context.scheduledPunctuators().forEach(CapturedPunctuator::cancel);
            init(processor, context);
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
