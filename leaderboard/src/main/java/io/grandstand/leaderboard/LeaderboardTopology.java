package io.grandstand.leaderboard;

import io.grandstand.events.NameFilter;
import io.grandstand.events.Topic;
import io.grandstand.events.Topic.Cleanup;
import io.grandstand.events.Topic.KeyedBy;
import io.grandstand.events.Topic.Timestamps;
import io.grandstand.events.Topics;
import io.grandstand.streams.EveryPartition;
import io.grandstand.streams.Wiring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.Topology;

/// Wires the leaderboard: entries become boards, requests become answers.
///
/// ```
/// points, player, gettop ─▶ standings ─▶ top (by player)
///       (by player)          ▲    │ └──▶ board-part (by board) ─▶ merger ─▶ leaderboard (by board)
///                            │    ▼
///                       board-counts (a copy in every partition)
/// ```
///
/// Every partition of players keeps its own standings, and learns from the summaries of the others
/// how many players stand at each score there. That is a few numbers per summary however many
/// players there are, but each goes to each partition, so their traffic grows with the square of
/// the number of partitions; the summary interval is what bounds it. How old the others' counts may
/// be in an answer: the summary interval of 100 ms and a commit interval of 20 ms on either side.
///
/// What is no valid record goes to `dead-letter`; each half has a sink of its own for that, as a
/// shared one would make them one sub-topology.
public final class LeaderboardTopology {
    static final String SCORES = "scores";
    static final String STANDINGS = "standings";
    static final String NAMES = "names";
    static final String APPLIED = "applied";
    static final String COUNTS = "counts";
    static final String CHANGES = "changes";
    static final String OWN = "own-parts";
    static final String DIRTY = "dirty";
    static final String OTHERS = "other-parts";
    static final String ASKED = "asked";
    static final String COUNTRIES = "countries";
    static final String STATUSES = "statuses";
    static final String CLOSES = "season-closes";
    static final String RANK_HISTORY = "rank-history";
    static final String PARTS = "parts";
    static final String UNPUBLISHED = "unpublished";
    static final String PUBLISHED = "published";

    static final String CLOSINGS = "season-closings";
    static final String SEASON_PIECES = "season-pieces";
    static final String SEASON_PROGRESS = "season-progress";
    static final String LEAGUES = "leagues";

    static final String TOP_SINK = "top-sink";
    static final String BOARD_PART_SINK = "board-part-sink";
    static final String BOARD_COUNTS_SINK = "board-counts-sink";
    static final String STANDINGS_DEAD_LETTER_SINK = "standings-dead-letter-sink";
    static final String LEADERBOARD_SINK = "leaderboard-sink";
    static final String MERGER_DEAD_LETTER_SINK = "merger-dead-letter-sink";
    static final String SEASON_LATE_SINK = "season-late-sink";
    static final String SEASON_MARK_SINK = "season-mark-sink";
    static final String SEASON_PART_SINK = "season-part-sink";
    static final String SEASON_FINAL_SINK = "season-final-sink";
    static final String DESK_DEAD_LETTER_SINK = "season-desk-dead-letter-sink";
    static final String CLERK_DEAD_LETTER_SINK = "season-clerk-dead-letter-sink";
    static final String LEAGUE_DEAD_LETTER_SINK = "league-dead-letter-sink";

    /// As long as other topics keep what a service that was away has yet to read: a summary that
    /// was never read is missing from the counts for good.
    private static final Duration RETENTION = Duration.ofDays(7);

    /// Private: each partition's part of the head of each board.
    static final Topic<BoardPart> BOARD_PART =
            new Topic<>(
                    "board-part",
                    BoardPart.class,
                    KeyedBy.MATCH,
                    Topics.LEADERBOARD.partitions(),
                    Cleanup.DELETE,
                    RETENTION,
                    Timestamps.CREATE_TIME);

    /// Private: each partition's changes for all others.
    static final Topic<BoardCounts> BOARD_COUNTS =
            new Topic<>(
                    "board-counts",
                    BoardCounts.class,
                    KeyedBy.EVERY_PARTITION,
                    Topics.POINTS.partitions(),
                    Cleanup.DELETE,
                    RETENTION,
                    Timestamps.CREATE_TIME);

    /// Private: what every partition of players must know of a season's close.
    static final Topic<SeasonMark> SEASON_MARK =
            new Topic<>(
                    "season-mark",
                    SeasonMark.class,
                    KeyedBy.EVERY_PARTITION,
                    Topics.POINTS.partitions(),
                    Cleanup.DELETE,
                    Topics.FOREVER,
                    Timestamps.CREATE_TIME);

    /// Private: the parts that final tables are merged from.
    static final Topic<SeasonPart> SEASON_PART =
            new Topic<>(
                    "season-part",
                    SeasonPart.class,
                    KeyedBy.MATCH,
                    1,
                    Cleanup.DELETE,
                    RETENTION,
                    Timestamps.CREATE_TIME);

    private static final String STANDINGS_NODE = "standings-keeper";
    private static final String MERGER_NODE = "merger";
    private static final String DESK_NODE = "season-desk";
    private static final String CLERK_NODE = "season-clerk";
    private static final String LEAGUE_NODE = "league-keeper";

    private LeaderboardTopology() {}

    /// The topics it needs beside those in which feeds, the quiz and the gateway meet.
    public static List<Topic<?>> topics() {
        var topics = new ArrayList<Topic<?>>();
        topics.addAll(List.of(BOARD_PART, BOARD_COUNTS, SEASON_MARK, SEASON_PART));
        topics.addAll(Topics.ofBoards());
        return List.copyOf(topics);
    }

    /// The topology, with the names refused that come with the product.
    public static Topology build() {
        return build(NameFilter.standard());
    }

    /// The topology.
    public static Topology build(NameFilter names) {
        return build(names, BoardStores.ON_DISK);
    }

    static Topology build(NameFilter names, BoardStores stores) {
        var topology = new Topology();
        standings(topology, names, stores);
        merger(topology, stores);
        seasons(topology, stores);
        leagues(topology, stores);
        return topology;
    }

    private static void standings(Topology topology, NameFilter names, BoardStores stores) {
        Wiring.source(topology, "points-source", Topics.POINTS);
        Wiring.source(topology, "player-source", Topics.PLAYER);
        Wiring.source(topology, "gettop-source", Topics.GETTOP);
        Wiring.source(topology, "board-counts-source", BOARD_COUNTS);
        Wiring.source(topology, "player-status-source", Topics.PLAYER_STATUS);
        Wiring.source(topology, "season-mark-source", SEASON_MARK);
        topology.addProcessor(
                STANDINGS_NODE,
                () -> new StandingsProcessor(names),
                "points-source",
                "player-source",
                "gettop-source",
                "board-counts-source",
                "player-status-source",
                "season-mark-source");
        stores.ofStandings().forEach(store -> topology.addStateStore(store, STANDINGS_NODE));
        Wiring.sink(topology, TOP_SINK, Topics.TOP, STANDINGS_NODE);
        Wiring.sink(topology, BOARD_PART_SINK, BOARD_PART, STANDINGS_NODE);
        Wiring.sinkToEveryPartition(topology, BOARD_COUNTS_SINK, BOARD_COUNTS, STANDINGS_NODE);
        Wiring.sink(topology, SEASON_LATE_SINK, Topics.SEASON_LATE, STANDINGS_NODE);
        Wiring.sink(topology, SEASON_PART_SINK, SEASON_PART, STANDINGS_NODE);
        Wiring.sink(topology, STANDINGS_DEAD_LETTER_SINK, Topics.DEAD_LETTER, STANDINGS_NODE);
    }

    private static void merger(Topology topology, BoardStores stores) {
        Wiring.source(topology, "board-part-source", BOARD_PART);
        topology.addProcessor(MERGER_NODE, MergerProcessor::new, "board-part-source");
        stores.ofMerger().forEach(store -> topology.addStateStore(store, MERGER_NODE));
        Wiring.sink(topology, LEADERBOARD_SINK, Topics.LEADERBOARD, MERGER_NODE);
        Wiring.sink(topology, MERGER_DEAD_LETTER_SINK, Topics.DEAD_LETTER, MERGER_NODE);
    }

    private static void seasons(Topology topology, BoardStores stores) {
        var everyPartition = new EveryPartition<String, SeasonMark>();
        Wiring.source(topology, "season-command-source", Topics.SEASON_COMMAND);
        topology.addProcessor(
                DESK_NODE, () -> new SeasonDesk(everyPartition::count), "season-command-source");
        stores.ofSeasonDesk().forEach(store -> topology.addStateStore(store, DESK_NODE));
        Wiring.sinkToEveryPartition(
                topology, SEASON_MARK_SINK, SEASON_MARK, everyPartition, DESK_NODE);
        Wiring.sink(topology, DESK_DEAD_LETTER_SINK, Topics.DEAD_LETTER, DESK_NODE);

        Wiring.source(topology, "season-part-source", SEASON_PART);
        topology.addProcessor(CLERK_NODE, SeasonClerk::new, "season-part-source");
        stores.ofSeasonClerk().forEach(store -> topology.addStateStore(store, CLERK_NODE));
        Wiring.sink(topology, SEASON_FINAL_SINK, Topics.SEASON_FINAL, CLERK_NODE);
        Wiring.sink(topology, CLERK_DEAD_LETTER_SINK, Topics.DEAD_LETTER, CLERK_NODE);
    }

    private static void leagues(Topology topology, BoardStores stores) {
        Wiring.source(topology, "league-source", Topics.LEAGUE);
        topology.addProcessor(LEAGUE_NODE, LeagueKeeper::new, "league-source");
        stores.ofLeagues().forEach(store -> topology.addStateStore(store, LEAGUE_NODE));
        Wiring.sink(topology, LEAGUE_DEAD_LETTER_SINK, Topics.DEAD_LETTER, LEAGUE_NODE);
    }
}
