package io.grandstand.events;

import io.grandstand.events.Topic.Cleanup;
import io.grandstand.events.Topic.KeyedBy;
import io.grandstand.events.Topic.Timestamps;
import java.time.Duration;
import java.util.List;

/// The topic catalogue of the game. What players may read of it is the gateway's configuration;
/// what they must never read is marked private here.
public final class Topics {
    /// A retention without end.
    public static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    /// Partitions of a topic where it is created. A match-day cluster creates them beforehand, with
    /// more.
    private static final int PARTITIONS = 4;

    private static final Duration WEEK = Duration.ofDays(7);

    /// Private: what feeds and hosts say about questions, right options included.
    public static final Topic<QuestionCommand> QUESTION_COMMAND =
            byMatch("question-command", QuestionCommand.class, Cleanup.DELETE);

    public static final Topic<Question> QUESTION =
            byMatch("question", Question.class, Cleanup.COMPACT);

    /// Private: each version of each question, once for every partition of answers.
    public static final Topic<Question> RULING =
            new Topic<>(
                    "ruling",
                    Question.class,
                    KeyedBy.EVERY_PARTITION,
                    PARTITIONS,
                    Cleanup.DELETE,
                    WEEK,
                    Timestamps.CREATE_TIME);

    public static final Topic<Answer> ANSWER =
            new Topic<>(
                    "answer",
                    Answer.class,
                    KeyedBy.PLAYER,
                    PARTITIONS,
                    Cleanup.DELETE,
                    WEEK,
                    Timestamps.LOG_APPEND_TIME);

    public static final Topic<Result> RESULT = byPlayer("result", Result.class, WEEK);

    /// Private: the entries that every board is the sum of.
    public static final Topic<Points> POINTS = byPlayer("points", Points.class, FOREVER);

    public static final Topic<TopRequest> GETTOP =
            byPlayer("gettop", TopRequest.class, Duration.ofHours(1));

    public static final Topic<Top> TOP = byPlayer("top", Top.class, Duration.ofHours(1));

    public static final Topic<Leaderboard> LEADERBOARD =
            byMatch("leaderboard", Leaderboard.class, Cleanup.COMPACT);

    /// Private: display names.
    public static final Topic<PlayerProfile> PLAYER =
            new Topic<>(
                    "player",
                    PlayerProfile.class,
                    KeyedBy.PLAYER,
                    PARTITIONS,
                    Cleanup.COMPACT,
                    FOREVER,
                    Timestamps.CREATE_TIME);

    public static final Topic<Ball> BALL = byMatch("ball", Ball.class, Cleanup.DELETE);

    public static final Topic<Scoreboard> SCOREBOARD =
            byMatch("scoreboard", Scoreboard.class, Cleanup.COMPACT);

    /// Private: records that could not be understood.
    public static final Topic<DeadLetter> DEAD_LETTER =
            new Topic<>(
                    "dead-letter",
                    DeadLetter.class,
                    KeyedBy.SOURCE_TOPIC,
                    1,
                    Cleanup.DELETE,
                    WEEK,
                    Timestamps.CREATE_TIME);

    public static final Topic<Votes> VOTES = byMatch("votes", Votes.class, Cleanup.COMPACT);

    /// Private: answer times by delay class, for operators.
    public static final Topic<AnswerTimes> ANSWER_TIMES =
            byMatch("answer-times", AnswerTimes.class, Cleanup.COMPACT);

    /// Private: what each partition of players adds to `votes` and `answer-times`.
    public static final Topic<TallyPart> TALLY_PART =
            byMatch("tally-part", TallyPart.class, Cleanup.DELETE);

    public static final Topic<MediaClock> MEDIA_CLOCK =
            byMatch("media-clock", MediaClock.class, Cleanup.COMPACT);

    public static final Topic<Stats> STATS =
            new Topic<>(
                    "stats",
                    Stats.class,
                    KeyedBy.PLAYER,
                    PARTITIONS,
                    Cleanup.COMPACT,
                    FOREVER,
                    Timestamps.CREATE_TIME);

    /// Private: whom boards may not show.
    public static final Topic<PlayerStatus> PLAYER_STATUS =
            new Topic<>(
                    "player-status",
                    PlayerStatus.class,
                    KeyedBy.PLAYER,
                    PARTITIONS,
                    Cleanup.COMPACT,
                    FOREVER,
                    Timestamps.CREATE_TIME);

    /// Private: sets of players that compare themselves.
    public static final Topic<League> LEAGUE = byMatch("league", League.class, Cleanup.COMPACT);

    /// Private: what operators say about seasons.
    public static final Topic<SeasonCommand> SEASON_COMMAND =
            bySeason("season-command", SeasonCommand.class);

    /// Final tables, kept for ever.
    public static final Topic<SeasonFinal> SEASON_FINAL =
            bySeason("season-final", SeasonFinal.class);

    /// Private: entries that missed their season's final table.
    public static final Topic<LateEntry> SEASON_LATE =
            byPlayer("season-late", LateEntry.class, FOREVER);

    private Topics() {}

    /// The topics that feeds, the quiz and the gateway meet in. A service with topics of its own
    /// names them itself.
    public static List<Topic<?>> all() {
        return List.of(
                QUESTION_COMMAND,
                QUESTION,
                RULING,
                ANSWER,
                RESULT,
                POINTS,
                GETTOP,
                TOP,
                LEADERBOARD,
                PLAYER,
                BALL,
                SCOREBOARD,
                DEAD_LETTER,
                VOTES,
                ANSWER_TIMES,
                TALLY_PART,
                MEDIA_CLOCK,
                STATS);
    }

    /// What the leaderboard reads and writes beside those: statuses, leagues and seasons.
    public static List<Topic<?>> ofBoards() {
        return List.of(PLAYER_STATUS, LEAGUE, SEASON_COMMAND, SEASON_FINAL, SEASON_LATE);
    }

    private static <V> Topic<V> byMatch(String name, Class<V> type, Cleanup cleanup) {
        return new Topic<>(
                name,
                type,
                KeyedBy.MATCH,
                PARTITIONS,
                cleanup,
                cleanup == Cleanup.COMPACT ? FOREVER : WEEK,
                Timestamps.CREATE_TIME);
    }

    private static <V> Topic<V> byPlayer(String name, Class<V> type, Duration retention) {
        return new Topic<>(
                name,
                type,
                KeyedBy.PLAYER,
                PARTITIONS,
                Cleanup.DELETE,
                retention,
                Timestamps.CREATE_TIME);
    }

    /// Seasons are few, and what is said about them is little.
    private static <V> Topic<V> bySeason(String name, Class<V> type) {
        return new Topic<>(
                name, type, KeyedBy.MATCH, 1, Cleanup.DELETE, FOREVER, Timestamps.CREATE_TIME);
    }
}
