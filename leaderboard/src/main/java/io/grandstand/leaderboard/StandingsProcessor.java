package io.grandstand.leaderboard;

import io.grandstand.events.BoardRow;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Points;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.Topics;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The scores of one partition of players, and their ranks among all players.
///
/// It knows its own players as they are, and each other partition as of that one's newest summary.
/// So an answer contains all that this partition read before it, other partitions' changes follow
/// within the summary interval and a commit each way, and as heads and counts of a partition come
/// in the same summary, the ranks of an answer always agree with its head.
///
/// A player asks when a score has come, and that score's entry is in another partition's log than
/// the question: either may be read first. So a request waits a moment before it is answered, and
/// whoever asks again meanwhile has asked once.
///
/// An entry of `points` has a name (player, board, question, version), and versions of a question
/// only rise: an entry whose version is not newer than the last one applied was applied before.
final class StandingsProcessor implements Processor<byte[], byte[], @Nullable String, Object> {
    /// How long a change may wait to be told to the other partitions.
    static final Duration SUMMARY_INTERVAL = Duration.ofMillis(100);

    /// How long a request waits for what its asker has seen already.
    static final Duration REQUEST_HOLD = Duration.ofMillis(50);

    /// What a summary may hold, far below the size of the largest record. Where more scores
    /// changed, the rest follows in the next one.
    static final int CHANGES_MAX = 5_000;

    /// Boards whose ranks are kept between requests; where there are more, all are built anew.
    private static final int VIEWS_MAX = 64;

    private static final StringSerializer TEXT = new StringSerializer();

    private static final Logger LOG = LoggerFactory.getLogger(StandingsProcessor.class);

    private final Map<String, View> views = new HashMap<>();
    private ProcessorContext<@Nullable String, Object> context;
    private KeyValueStore<String, Long> scores;
    private KeyValueStore<String, String> standings;
    private KeyValueStore<String, String> names;
    private KeyValueStore<String, Integer> applied;
    private KeyValueStore<String, Long> counts;
    private KeyValueStore<String, Long> changes;
    private KeyValueStore<String, Own> own;
    private KeyValueStore<String, String> dirty;
    private KeyValueStore<String, BoardPart> others;
    private KeyValueStore<String, Long> asked;
    private Alarm summaries;
    private Alarm answers;

    /// This partition's part of a board.
    ///
    /// @param seq number of the last summary sent; 0 before the first
    record Own(long players, long seq) {
        static final Own NONE = new Own(0, 0);
    }

    /// A board as requests see it, until something on it changes.
    private record View(Ranks ranks, List<BoardRow> head) {}

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    StandingsProcessor() {}

    @Override
    public void init(ProcessorContext<@Nullable String, Object> context) {
        this.context = context;
        // After a failure the same processor starts again on the stores of the last commit.
        views.clear();
        scores = context.getStateStore(LeaderboardTopology.SCORES);
        standings = context.getStateStore(LeaderboardTopology.STANDINGS);
        names = context.getStateStore(LeaderboardTopology.NAMES);
        applied = context.getStateStore(LeaderboardTopology.APPLIED);
        counts = context.getStateStore(LeaderboardTopology.COUNTS);
        changes = context.getStateStore(LeaderboardTopology.CHANGES);
        own = context.getStateStore(LeaderboardTopology.OWN);
        dirty = context.getStateStore(LeaderboardTopology.DIRTY);
        others = context.getStateStore(LeaderboardTopology.OTHERS);
        asked = context.getStateStore(LeaderboardTopology.ASKED);
        summaries = new Alarm(context, SUMMARY_INTERVAL, this::summarize);
        answers = new Alarm(context, REQUEST_HOLD, this::answerHeld);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String topic = context.recordMetadata().orElseThrow().topic();
        try {
            if (topic.equals(Topics.POINTS.name())) {
                add(Inbox.player(record.key()), Inbox.value(record.value(), Points.class));
            } else if (topic.equals(Topics.GETTOP.name())) {
                String asker = Inbox.player(record.key());
                hold(asker, Inbox.value(record.value(), TopRequest.class));
            } else if (topic.equals(Topics.PLAYER.name())) {
                rename(Inbox.player(record.key()), record.value());
            } else {
                merge(Inbox.value(record.value(), BoardCounts.class));
            }
        } catch (InvalidRecordException | IllegalArgumentException e) {
            var where = context.recordMetadata().orElseThrow();
            context.forward(
                    new Record<>(
                            where.topic(),
                            Inbox.deadLetter(where, record, e.getMessage()),
                            record.timestamp()),
                    LeaderboardTopology.STANDINGS_DEAD_LETTER_SINK);
        }
    }

    private void add(String player, Points entry) {
        String board = entry.board();
        String name = StoreKeys.of(player, board, entry.question());
        Integer last = applied.get(name);
        if (last != null && last >= entry.version()) {
            return;
        }
        String key = StoreKeys.of(player, board);
        Long before = scores.get(key);
        long score = sum(before, entry);
        applied.put(name, entry.version());
        if (before == null) {
            Own part = own(board);
            own.put(board, new Own(part.players() + 1, part.seq()));
        } else if (before == score) {
            return;
        } else {
            standings.delete(StoreKeys.of(board, StoreKeys.score(before), player));
            count(board, before, -1);
        }
        scores.put(key, score);
        standings.put(StoreKeys.of(board, StoreKeys.score(score), player), "");
        count(board, score, 1);
        touch(board);
    }

    private static long sum(@Nullable Long before, Points entry) {
        try {
            return Math.addExact(before == null ? 0 : before, entry.delta());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "score is %d: adding %d would overflow".formatted(before, entry.delta()), e);
        }
    }

    private void count(String board, long score, long delta) {
        String key = StoreKeys.of(board, StoreKeys.score(score));
        increase(counts, key, delta);
        increase(changes, key, delta);
    }

    /// Boards where nobody stands at a score any more have no entry for it.
    private static void increase(KeyValueStore<String, Long> store, String key, long delta) {
        Long before = store.get(key);
        long sum = (before == null ? 0 : before) + delta;
        if (sum == 0) {
            store.delete(key);
        } else {
            store.put(key, sum);
        }
    }

    private void touch(String board) {
        dirty.put(board, "");
        summaries.set();
        views.remove(board);
    }

    private void hold(String asker, TopRequest request) {
        asked.putIfAbsent(StoreKeys.of(request.board(), asker), context.currentSystemTimeMs());
        answers.set();
    }

    private void answerHeld(long now) {
        boolean isAllAnswered = true;
        try (KeyValueIterator<String, Long> requests = asked.all()) {
            while (requests.hasNext()) {
                KeyValue<String, Long> request = requests.next();
                if (now - request.value < REQUEST_HOLD.toMillis()) {
                    isAllAnswered = false;
                } else {
                    String[] parts = StoreKeys.parts(request.key);
                    answer(parts[1], parts[0], now);
                    asked.delete(request.key);
                }
            }
        }
        if (isAllAnswered) {
            answers.clear();
        }
    }

    private void answer(String asker, String board, long now) {
        View view = view(board);
        Long score = scores.get(StoreKeys.of(asker, board));
        var me = score == null ? new Top.Me(null, 0) : new Top.Me(view.ranks().rank(score), score);
        var top = new Top(board, me, view.ranks().players(), view.head());
        context.forward(new Record<>(asker, top, now), LeaderboardTopology.TOP_SINK);
    }

    private View view(String board) {
        View known = views.get(board);
        if (known != null) {
            return known;
        }
        var view = new View(ranks(board), Ranking.head(heads(board)));
        // Requests may name any board; only real ones are worth remembering.
        if (view.ranks().players() > 0) {
            if (views.size() >= VIEWS_MAX) {
                views.clear();
            }
            views.put(board, view);
        }
        return view;
    }

    private Ranks ranks(String board) {
        var ranks = new Ranks.Builder();
        String prefix = StoreKeys.prefix(board);
        try (KeyValueIterator<String, Long> entries = counts.prefixScan(prefix, TEXT)) {
            while (entries.hasNext()) {
                KeyValue<String, Long> entry = entries.next();
                ranks.add(StoreKeys.score(entry.key.substring(prefix.length())), entry.value);
            }
        }
        return ranks.build();
    }

    private List<List<Standing>> heads(String board) {
        var heads = new ArrayList<List<Standing>>();
        heads.add(ownHead(board));
        try (KeyValueIterator<String, BoardPart> parts =
                others.prefixScan(StoreKeys.prefix(board), TEXT)) {
            while (parts.hasNext()) {
                heads.add(parts.next().value.top());
            }
        }
        return heads;
    }

    private List<Standing> ownHead(String board) {
        var head = new ArrayList<Standing>();
        try (KeyValueIterator<String, String> best =
                standings.prefixScan(StoreKeys.prefix(board), TEXT)) {
            while (best.hasNext() && head.size() < Leaderboard.ROWS) {
                String[] parts = StoreKeys.parts(best.next().key);
                String player = parts[2];
                String name = names.get(player);
                head.add(
                        new Standing(
                                player, name == null ? player : name, StoreKeys.score(parts[1])));
            }
        }
        return head;
    }

    /// A profile without a value takes the name away: the board shows the player's id again.
    private void rename(String player, byte @Nullable [] value) {
        String name = value == null ? null : profile(player, value).name();
        String before = names.get(player);
        if (name == null ? before == null : name.equals(before)) {
            return;
        }
        names.put(player, name);
        String prefix = StoreKeys.prefix(player);
        try (KeyValueIterator<String, Long> boards = scores.prefixScan(prefix, TEXT)) {
            while (boards.hasNext()) {
                touch(boards.next().key.substring(prefix.length()));
            }
        }
    }

    private static PlayerProfile profile(String player, byte[] value) {
        PlayerProfile profile = Inbox.value(value, PlayerProfile.class);
        if (!profile.player().equals(player)) {
            throw new IllegalArgumentException("key is not the player of the profile");
        }
        return profile;
    }

    /// Takes in what another partition tells; its own summaries come back here too and are nothing
    /// new.
    private void merge(BoardCounts summary) {
        BoardPart part = summary.part();
        if (part.partition() == context.taskId().partition()) {
            return;
        }
        String key = StoreKeys.of(part.board(), StoreKeys.partition(part.partition()));
        BoardPart before = others.get(key);
        long seqBefore = before == null ? 0 : before.seq();
        if (part.seq() <= seqBefore) {
            return;
        }
        if (part.seq() != seqBefore + 1) {
            LOG.error(
                    "Summary {} of board {} from partition {} follows {}: ranks in partition {} are"
                            + " off by what the missing ones held.",
                    part.seq(),
                    part.board(),
                    part.partition(),
                    seqBefore,
                    context.taskId().partition());
        }
        others.put(key, part);
        summary.changes()
                .forEach((score, delta) ->
                        increase(
                                counts, StoreKeys.of(part.board(), StoreKeys.score(score)), delta));
        views.remove(part.board());
    }

    private void summarize(long now) {
        boolean isAllTold = true;
        try (KeyValueIterator<String, String> boards = dirty.all()) {
            while (boards.hasNext()) {
                isAllTold &= summarize(boards.next().key, now);
            }
        }
        if (isAllTold) {
            summaries.clear();
        }
    }

    /// Tells what changed on a board, and whether that was all of it.
    private boolean summarize(String board, long now) {
        Map<Long, Long> changed = takeChanges(board);
        boolean isAll = changed.size() < CHANGES_MAX;
        if (isAll) {
            dirty.delete(board);
        }
        Own before = own(board);
        var after = new Own(before.players(), before.seq() + 1);
        own.put(board, after);
        var part =
                new BoardPart(
                        board,
                        context.taskId().partition(),
                        after.seq(),
                        after.players(),
                        ownHead(board));
        context.forward(new Record<>(board, part, now), LeaderboardTopology.BOARD_PART_SINK);
        context.forward(
                new Record<>(null, new BoardCounts(part, changed), now),
                LeaderboardTopology.BOARD_COUNTS_SINK);
        return isAll;
    }

    private Map<Long, Long> takeChanges(String board) {
        var changed = new HashMap<Long, Long>();
        String prefix = StoreKeys.prefix(board);
        try (KeyValueIterator<String, Long> entries = changes.prefixScan(prefix, TEXT)) {
            while (entries.hasNext() && changed.size() < CHANGES_MAX) {
                KeyValue<String, Long> entry = entries.next();
                changed.put(StoreKeys.score(entry.key.substring(prefix.length())), entry.value);
                changes.delete(entry.key);
            }
        }
        return changed;
    }

    private Own own(String board) {
        Own part = own.get(board);
        return part == null ? Own.NONE : part;
    }
}
