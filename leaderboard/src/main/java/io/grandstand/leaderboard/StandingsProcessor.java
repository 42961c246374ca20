package io.grandstand.leaderboard;

import io.grandstand.events.BoardRow;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.LateEntry;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.PlayerStatus;
import io.grandstand.events.Points;
import io.grandstand.events.RankAt;
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

/// One partition of players: takes what concerns them, tells the other partitions what changed on
/// which board, and answers its players' plain requests for a board.
///
/// It knows its own players as they are, and each other partition as of that one's newest summary.
/// So an answer contains all that this partition read before it, other partitions' changes follow
/// within the summary interval and a commit each way, and as heads and counts of a partition come
/// in the same summary, the ranks of an answer always agree with its head.
///
/// A player asks when a score has come, and that score's entry is in another partition's log than
/// the question: either may be read first. So a request waits a moment before it is answered, and
/// whoever asks again meanwhile has asked once. Requests for other rows than the best ten are read
/// here too and left to `TopResponder`.
final class StandingsProcessor implements Processor<byte[], byte[], @Nullable String, Object> {
    /// How long a change may wait to be told to the other partitions.
    static final Duration SUMMARY_INTERVAL = Duration.ofMillis(100);

    /// How long a request waits for what its asker has seen already.
    static final Duration REQUEST_HOLD = Duration.ofMillis(50);

    /// What a summary may hold, far below the size of the largest record. Where more scores
    /// changed, the rest follows in the next one.
    static final int CHANGES_MAX = 5_000;

    /// Boards a player may ask for in a second; asking for one again while it is held is free.
    static final int REQUESTS_PER_SECOND = 40;

    /// Boards whose ranks are kept between requests; where there are more, all are built anew.
    private static final int VIEWS_MAX = 64;

    private static final StringSerializer TEXT = new StringSerializer();

    private static final Logger LOG = LoggerFactory.getLogger(StandingsProcessor.class);

    private final NameFilter filter;
    private final Map<String, View> views = new HashMap<>();
    private final Allowance allowance = new Allowance(REQUESTS_PER_SECOND);
    private ProcessorContext<@Nullable String, Object> context;
    private Tally tally;
    private Seasons seasons;
    private Standings standings;
    private Faces faces;
    private RankHistory history;
    private KeyValueStore<String, BoardPart> others;
    private KeyValueStore<String, Long> asked;
    private Alarm summaries;
    private Alarm answers;
    private Alarm tables;

    /// A board as requests see it, until something on it changes.
    private record View(Ranks ranks, List<BoardRow> head) {}

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    StandingsProcessor(NameFilter filter) {
        this.filter = filter;
    }

    @Override
    public void init(ProcessorContext<@Nullable String, Object> context) {
        this.context = context;
        // After a failure the same processor starts again on the stores of the last commit.
        views.clear();
        tally = new Tally(context);
        seasons = new Seasons(context);
        standings = new Standings(context, tally, seasons, this::changed);
        faces = new Faces(context, filter);
        history = new RankHistory(context);
        others = context.getStateStore(LeaderboardTopology.OTHERS);
        asked = context.getStateStore(LeaderboardTopology.ASKED);
        summaries = new Alarm(context, SUMMARY_INTERVAL, this::summarize);
        answers = new Alarm(context, REQUEST_HOLD, this::answerHeld);
        tables = new Alarm(context, Seasons.TELL_INTERVAL, this::tellTables);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String topic = context.recordMetadata().orElseThrow().topic();
        try {
            if (topic.equals(Topics.POINTS.name())) {
                add(
                        Inbox.player(record.key()),
                        Inbox.value(record.value(), Points.class),
                        record.timestamp());
            } else if (topic.equals(Topics.GETTOP.name())) {
                String asker = Inbox.player(record.key());
                hold(asker, Inbox.value(record.value(), TopRequest.class));
            } else if (topic.equals(Topics.PLAYER.name())) {
                rename(Inbox.player(record.key()), record.value());
            } else if (topic.equals(Topics.PLAYER_STATUS.name())) {
                changeStatus(Inbox.player(record.key()), record.value());
            } else if (topic.equals(LeaderboardTopology.SEASON_MARK.name())) {
                mark(Inbox.value(record.value(), SeasonMark.class));
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

    private void add(String player, Points entry, long timestamp) {
        LateEntry late = standings.add(player, entry, timestamp);
        if (late != null) {
            context.forward(
                    new Record<>(player, late, timestamp), LeaderboardTopology.SEASON_LATE_SINK);
        }
    }

    private void changed(String board) {
        summaries.set();
        views.remove(board);
    }

    private void hold(String asker, TopRequest request) {
        if (request.kind() != null || request.request() != null) {
            return;
        }
        String key = StoreKeys.of(request.board(), asker);
        if (asked.get(key) != null) {
            return;
        }
        long now = context.currentSystemTimeMs();
        switch (allowance.ask(asker, now)) {
            case GRANTED -> {
                asked.put(key, now);
                answers.set();
            }
            case REFUSED ->
                    context.forward(
                            new Record<>(
                                    asker,
                                    Top.refused(request.board(), null, null, Refusals.RATE),
                                    now),
                            LeaderboardTopology.TOP_SINK);
            case IGNORED -> {}
        }
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
        Long score = standings.shown(asker, board);
        var me = score == null ? Top.Me.NOBODY : new Top.Me(view.ranks().rank(score), score);
        var top = new Top(board, me, view.ranks().players(), view.head());
        context.forward(new Record<>(asker, top, now), LeaderboardTopology.TOP_SINK);
        keep(asker, top, now);
    }

    /// An erased player stays on final tables, but nothing more is kept.
    private void keep(String asker, Top told, long now) {
        Long rank = told.me().rank();
        if (rank != null && !standings.isErased(asker)) {
            var place = new RankAt(now, rank, told.me().score(), told.players());
            history.add(asker, told.board(), place);
        }
    }

    private View view(String board) {
        View known = views.get(board);
        if (known != null) {
            return known;
        }
        var view = new View(tally.ranks(board), Ranking.head(heads(board)));
        // Requests may name any board; only real ones are worth remembering.
        if (view.ranks().players() > 0) {
            if (views.size() >= VIEWS_MAX) {
                views.clear();
            }
            views.put(board, view);
        }
        return view;
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
        return standings.head(board, Leaderboard.ROWS).stream()
                .map(place -> faces.of(place.player(), place.score()))
                .toList();
    }

    /// A profile without a value takes the name away: the board shows the player's id again.
    private void rename(String player, byte @Nullable [] value) {
        PlayerProfile profile = value == null ? null : profile(player, value);
        if (profile == null || !standings.isErased(player)) {
            reface(player, profile);
        }
    }

    /// Boards are told of a new face only where it is among the best ten of this partition: nowhere
    /// else do others keep it.
    private void reface(String player, @Nullable PlayerProfile profile) {
        if (!faces.change(player, profile)) {
            return;
        }
        for (String board : standings.boards(player).keySet()) {
            boolean isInHead =
                    standings.head(board, Leaderboard.ROWS).stream()
                            .anyMatch(place -> place.player().equals(player));
            if (isInHead) {
                tally.touch(board);
                changed(board);
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

    /// Without a value, nothing is held against the player.
    private void changeStatus(String player, byte @Nullable [] value) {
        var status = value == null ? PlayerStatus.Status.ACTIVE : status(player, value).status();
        standings.change(player, status);
        if (status == PlayerStatus.Status.ERASED) {
            reface(player, null);
            history.forget(player);
        }
    }

    private static PlayerStatus status(String player, byte[] value) {
        PlayerStatus status = Inbox.value(value, PlayerStatus.class);
        if (!status.player().equals(player)) {
            throw new IllegalArgumentException("key is not the player of the status");
        }
        return status;
    }

    private void mark(SeasonMark mark) {
        if (seasons.mark(mark)) {
            tables.set();
        }
    }

    private void tellTables(long now) {
        boolean isMore =
                seasons.tell(part ->
                        context.forward(
                                new Record<>(part.season(), part, now),
                                LeaderboardTopology.SEASON_PART_SINK));
        if (!isMore) {
            tables.clear();
        }
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
        tally.merge(part.board(), summary.changes());
        views.remove(part.board());
    }

    private void summarize(long now) {
        boolean isAllTold = true;
        for (String board : tally.dirty()) {
            isAllTold &= summarize(board, now);
        }
        if (isAllTold) {
            summaries.clear();
        }
    }

    /// Tells what changed on a board, and whether that was all of it.
    private boolean summarize(String board, long now) {
        Map<Long, Long> changed = tally.take(board, CHANGES_MAX);
        Tally.Own own = tally.next(board);
        var part =
                new BoardPart(
                        board,
                        context.taskId().partition(),
                        own.seq(),
                        own.players(),
                        ownHead(board));
        context.forward(new Record<>(board, part, now), LeaderboardTopology.BOARD_PART_SINK);
        context.forward(
                new Record<>(null, new BoardCounts(part, changed), now),
                LeaderboardTopology.BOARD_COUNTS_SINK);
        return changed.size() < CHANGES_MAX;
    }
}
