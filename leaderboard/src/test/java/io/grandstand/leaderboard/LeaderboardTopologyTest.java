package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.grandstand.events.BoardRow;
import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Points;
import io.grandstand.events.SeasonCommand;
import io.grandstand.events.SeasonFinal;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.Topic;
import io.grandstand.events.Topic.KeyedBy;
import io.grandstand.events.Topics;
import io.grandstand.streams.EveryPartition;
import io.grandstand.streams.StoreKeys;
import io.grandstand.streams.StreamsService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The leaderboard on one partition of everything; other partitions are played by the tests.
class LeaderboardTopologyTest {
    private static final String BOARD = "m1";
    private static final long START = 1_000_000;
    private static final Duration TICK = StandingsProcessor.SUMMARY_INTERVAL;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private TopologyTestDriver driver;
    private TestOutputTopic<String, Top> tops;
    private TestOutputTopic<String, Leaderboard> boards;
    private TestOutputTopic<String, BoardCounts> summaries;
    private TestOutputTopic<String, DeadLetter> deadLetters;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    LeaderboardTopologyTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        var config = new Properties();
        config.putAll(
                StreamsService.config(
                        "leaderboard", Map.of("bootstrap.servers", "unused:9092"), stateDir, 1));
        driver =
                new TopologyTestDriver(
                        LeaderboardTopology.build(
                                NameFilter.standard(),
                                new BoardStores(Stores::inMemoryKeyValueStore)),
                        config,
                        Instant.ofEpochMilli(START));
        tops = out(Topics.TOP);
        boards = out(Topics.LEADERBOARD);
        summaries = out(LeaderboardTopology.BOARD_COUNTS);
        deadLetters = out(Topics.DEAD_LETTER);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void anAnswerContainsWhatWasReadBeforeTheRequest() {
        points("asha", "q1", 3, 10);
        assertThat(top("asha"))
                .isEqualTo(new Top(BOARD, new Top.Me(1L, 10), 1, List.of(row(1, "asha", 10))));
        points("ben", "q1", 3, 20);
        assertThat(top("asha").me()).isEqualTo(new Top.Me(2L, 10));
    }

    @Test
    void whoIsNotOnTheBoardHasNoRank() {
        points("asha", "q1", 3, 10);
        Top top = top("zoe");
        assertThat(top.me()).isEqualTo(new Top.Me(null, 0));
        assertThat(top.players()).isEqualTo(1);
        assertThat(new String(Json.write(top), StandardCharsets.UTF_8))
                .contains("\"me\":{\"rank\":null,\"score\":0}");
    }

    @Test
    void anUnknownBoardIsEmpty() {
        send(Topics.GETTOP, "asha", Json.write(new TopRequest("m9")));
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        assertThat(tops.readValue()).isEqualTo(new Top("m9", new Top.Me(null, 0), 0, List.of()));
    }

    @Test
    void anEntryWithoutPointsPutsAPlayerOnTheBoard() {
        points("asha", "q1", 3, 0);
        assertThat(top("asha").me()).isEqualTo(new Top.Me(1L, 0));
    }

    @Test
    void anEntryIsAppliedOnceByItsName() {
        points("asha", "q1", 3, 10);
        points("asha", "q1", 3, 10);
        points("asha", "q2", 3, 10);
        points("asha", "q1", 4, -10);
        points("asha", "q1", 3, 10);
        assertThat(top("asha").me().score()).isEqualTo(10);
    }

    @Test
    void aCorrectionMovesAPlayerDownAndScoresMayBeNegative() {
        points("asha", "q1", 3, 10);
        points("ben", "q1", 3, 5);
        points("asha", "q1", 4, -20);
        Top top = top("asha");
        assertThat(top.me()).isEqualTo(new Top.Me(2L, -10));
        assertThat(top.top()).containsExactly(row(1, "ben", 5), row(2, "asha", -10));
    }

    @Test
    void boardsAreSeparate() {
        points("asha", "q1", 3, 10);
        send(Topics.POINTS, "ben", Json.write(new Points("m10", "q1", 3, 99, START, null)));
        assertThat(top("asha").players()).isEqualTo(1);
    }

    @Test
    void ranksCountThePlayersOfOtherPartitions() {
        points("asha", "q1", 3, 10);
        other(1, 1, Map.of(30L, 2L, 10L, 1L), new Standing("x", "Xu", 30));
        other(2, 1, Map.of(20L, 1L));
        Top top = top("asha");
        assertThat(top.me()).isEqualTo(new Top.Me(4L, 10));
        assertThat(top.players()).isEqualTo(5);
        assertThat(top.top().getFirst()).isEqualTo(new BoardRow(1, "x", "Xu", 30));
    }

    @Test
    void aSummaryReadTwiceCountsOnce() {
        points("asha", "q1", 3, 10);
        other(1, 1, Map.of(30L, 2L));
        other(1, 1, Map.of(30L, 2L));
        other(1, 2, Map.of(30L, -1L, 5L, 1L));
        assertThat(top("asha").me().rank()).isEqualTo(2);
        assertThat(top("asha").players()).isEqualTo(3);
    }

    @Test
    void summariesTellEachChangeOnceAndOwnOnesAreNothingNew() {
        points("asha", "q1", 3, 10);
        points("ben", "q1", 3, 10);
        driver.advanceWallClockTime(TICK);
        points("asha", "q2", 3, 10);
        driver.advanceWallClockTime(TICK);
        driver.advanceWallClockTime(TICK);
        List<BoardCounts> told = told();
        assertThat(told)
                .extracting(BoardCounts::changes)
                .containsExactly(Map.of(10L, 2L), Map.of(10L, -1L, 20L, 1L));
        assertThat(told).extracting(summary -> summary.part().seq()).containsExactly(1L, 2L);
        assertThat(told.getLast().part().players()).isEqualTo(2);
        assertThat(top("asha").players()).isEqualTo(2);
    }

    @Test
    void aChangeThatIsTakenBackBeforeTheSummaryIsNoChange() {
        points("asha", "q1", 3, 0);
        driver.advanceWallClockTime(TICK);
        told();
        points("asha", "q1", 4, 10);
        points("asha", "q1", 5, -10);
        driver.advanceWallClockTime(TICK);
        assertThat(told()).extracting(BoardCounts::changes).containsExactly(Map.of());
    }

    @Test
    void aBoardIsPublishedAtMostOnceASecondAndOnlyWhenItChanged() {
        points("asha", "q1", 3, 10);
        tick(2);
        assertThat(published())
                .singleElement()
                .satisfies(board -> assertThat(board.top()).containsExactly(row(1, "asha", 10)));
        points("ben", "q1", 3, 10);
        tick(9);
        assertThat(published()).isEmpty();
        tick(1);
        Leaderboard board = published().getFirst();
        assertThat(board.top()).containsExactly(row(1, "asha", 10), row(1, "ben", 10));
        assertThat(board.players()).isEqualTo(2);
        assertThat(board.asOf()).isEqualTo(START + 1_200);
        tick(30);
        assertThat(published()).isEmpty();
    }

    @Test
    void aBoardShowsItsBestTen() {
        for (int i = 10; i < 30; i++) {
            points("p" + i, "q1", 3, i);
        }
        driver.advanceWallClockTime(SECOND);
        driver.advanceWallClockTime(SECOND);
        Leaderboard board = published().getFirst();
        assertThat(board.players()).isEqualTo(20);
        assertThat(board.top()).hasSize(10).first().isEqualTo(row(1, "p29", 29));
        assertThat(board.top()).last().isEqualTo(row(10, "p20", 20));
    }

    @Test
    void anotherPartitionsPartIsMergedIntoTheBoard() {
        points("asha", "q1", 3, 10);
        var part = new BoardPart(BOARD, 1, 1, 7, List.of(new Standing("x", "Xu", 30)));
        send(LeaderboardTopology.BOARD_PART, BOARD, Json.write(part));
        tick(12);
        Leaderboard board = published().getLast();
        assertThat(board.players()).isEqualTo(8);
        assertThat(board.top()).containsExactly(new BoardRow(1, "x", "Xu", 30), row(2, "asha", 10));
    }

    @Test
    void namesAreShownOnceKnownAndFollowTheirChange() {
        points("asha", "q1", 3, 10);
        driver.advanceWallClockTime(SECOND);
        profile("asha", "Asha");
        assertThat(top("asha").top()).containsExactly(new BoardRow(1, "asha", "Asha", 10));
        driver.advanceWallClockTime(SECOND);
        driver.advanceWallClockTime(SECOND);
        assertThat(published())
                .last()
                .satisfies(board -> assertThat(board.top().getFirst().name()).isEqualTo("Asha"));
    }

    @Test
    void aNameThatIsKnownAlreadyChangesNothing() {
        profile("asha", "Asha");
        points("asha", "q1", 3, 10);
        driver.advanceWallClockTime(TICK);
        told();
        profile("asha", "Asha");
        driver.advanceWallClockTime(TICK);
        assertThat(told()).isEmpty();
    }

    @Test
    void aNameThatIsTakenAwayLeavesTheId() {
        profile("asha", "Asha");
        points("asha", "q1", 3, 10);
        send(Topics.PLAYER, "asha", null);
        assertThat(top("asha").top()).containsExactly(row(1, "asha", 10));
    }

    @Test
    void anAnswerGoesToTheAskerAlone() {
        send(Topics.GETTOP, "asha", Json.write(new TopRequest(BOARD)));
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        assertThat(tops.readKeyValue().key).isEqualTo("asha");
    }

    @Test
    void aRequestIsAnsweredWithTheEntryThatWasReadRightAfterIt() {
        send(Topics.GETTOP, "asha", Json.write(new TopRequest(BOARD)));
        points("asha", "q1", 3, 10);
        assertThat(tops.isEmpty()).isTrue();
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        assertThat(tops.readValue().me()).isEqualTo(new Top.Me(1L, 10));
    }

    @Test
    void whoeverAsksAThousandTimesIsAnsweredOnce() {
        for (int i = 0; i < 1000; i++) {
            send(Topics.GETTOP, "asha", Json.write(new TopRequest(BOARD)));
        }
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        assertThat(tops.readValuesToList()).hasSize(1);
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        assertThat(tops.isEmpty()).isTrue();
    }

    @Test
    void anEntryThatWouldOverflowIsADeadLetterAndLeavesTheScore() {
        for (int i = 0; i < 3; i++) {
            points("asha", "q" + i, 3, 10);
        }
        other(1, 1, Map.of(Long.MAX_VALUE, 1L));
        assertThat(top("asha").me()).isEqualTo(new Top.Me(2L, 30));
        var scores = driver.<String, Long>getKeyValueStore(LeaderboardTopology.SCORES);
        scores.put(StoreKeys.of("ben", BOARD), Long.MAX_VALUE - 5);
        points("ben", "q1", 3, 10);
        assertThat(deadLetters.readValue().reason())
                .isEqualTo("score is 9223372036854775802: adding 10 would overflow");
        assertThat(scores.get(StoreKeys.of("ben", BOARD))).isEqualTo(Long.MAX_VALUE - 5);
    }

    @Test
    void whatIsNoRecordIsADeadLetterAndStopsNothing() {
        byte[] broken = "{".getBytes(StandardCharsets.UTF_8);
        List<Topic<?>> inputs =
                List.of(
                        Topics.POINTS,
                        Topics.PLAYER,
                        Topics.GETTOP,
                        Topics.PLAYER_STATUS,
                        LeaderboardTopology.BOARD_COUNTS,
                        LeaderboardTopology.SEASON_MARK,
                        LeaderboardTopology.BOARD_PART,
                        LeaderboardTopology.SEASON_PART,
                        Topics.SEASON_COMMAND,
                        Topics.LEAGUE);
        for (Topic<?> topic : inputs) {
            send(topic, "asha", broken);
        }
        assertThat(deadLetters.readKeyValuesToList())
                .extracting(letter -> letter.key, letter -> letter.value.topic())
                .containsExactlyElementsOf(
                        inputs.stream().map(topic -> tuple(topic.name(), topic.name())).toList());
        points("asha", "q1", 3, 10);
        assertThat(top("asha").players()).isEqualTo(1);
    }

    @Test
    void recordsWithoutAPlayerAndProfilesOfAnotherAreDeadLetters() {
        send(Topics.POINTS, null, Json.write(new Points(BOARD, "q1", 3, 10, START, null)));
        send(Topics.GETTOP, null, Json.write(new TopRequest(BOARD)));
        send(Topics.POINTS, "asha", null);
        send(Topics.PLAYER, "asha", Json.write(new PlayerProfile("ben", "Ben")));
        assertThat(deadLetters.readValuesToList())
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "key is missing",
                        "key is missing",
                        "value is missing",
                        "key is not the player of the profile");
        assertThat(tops.isEmpty()).isTrue();
    }

    @Test
    void readingEntriesAgainTellsNothing() {
        points("asha", "q1", 3, 10);
        tick(20);
        published();
        told();
        points("asha", "q1", 3, 10);
        tick(20);
        assertThat(published()).isEmpty();
        assertThat(told()).isEmpty();
    }

    @Test
    void whatItNeedsOfEveryPartitionIsPartitionedAsPointsAre() {
        assertThat(LeaderboardTopology.topics())
                .extracting(Topic::name, Topic::keyedBy, Topic::partitions)
                .containsExactly(
                        tuple("board-part", KeyedBy.MATCH, 4),
                        tuple("board-counts", KeyedBy.EVERY_PARTITION, 4),
                        tuple("season-mark", KeyedBy.EVERY_PARTITION, 4),
                        tuple("season-part", KeyedBy.MATCH, 1),
                        tuple("player-status", KeyedBy.PLAYER, 4),
                        tuple("league", KeyedBy.MATCH, 4),
                        tuple("season-command", KeyedBy.MATCH, 1),
                        tuple("season-final", KeyedBy.MATCH, 1),
                        tuple("season-late", KeyedBy.PLAYER, 4));
        var everyPartition = new EveryPartition<String, String>();
        assertThat(everyPartition.partitions("board-counts", "", "", 3)).contains(Set.of(0, 1, 2));
        assertThat(everyPartition.count()).isEqualTo(3);
    }

    @Test
    void aSeasonIsClosedByACommandAndEndsInASealedTable() {
        send(Topics.POINTS, "asha", Json.write(new Points(BOARD, "q1", 3, 10, START, "s1")));
        var close = new SeasonCommand(SeasonCommand.Kind.CLOSE, "s1", START);
        send(Topics.SEASON_COMMAND, "s1", Json.write(close));
        driver.advanceWallClockTime(SeasonDesk.NOTICE.plus(SeasonDesk.SETTLING));
        tick(3);
        assertThat(out(Topics.SEASON_FINAL).readValuesToList())
                .containsExactly(
                        new SeasonFinal.Rows("s1", 0, List.of(new SeasonFinal.Row(1, 10, "asha"))),
                        new SeasonFinal.Seal(
                                "s1",
                                START + SeasonDesk.NOTICE.toMillis(),
                                1,
                                1,
                                "2c2a731aa312de8f5a0f17ea5816fb95c891125e1757a2880010263f4e80bb4e"));
    }

    @Test
    void requestsForOtherRowsAreLeftToOthers() {
        points("asha", "q1", 3, 10);
        var request =
                new TopRequest(BOARD, TopRequest.Kind.AROUND, null, 3, null, null, null, null);
        send(Topics.GETTOP, "asha", Json.write(request));
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        assertThat(tops.isEmpty()).isTrue();
    }

    /// What was told of the board since the last call.
    private List<BoardCounts> told() {
        return summaries.readValuesToList().stream()
                .filter(summary -> summary.part().board().equals(BOARD))
                .toList();
    }

    /// What was published of the board since the last call.
    private List<Leaderboard> published() {
        return boards.readValuesToList().stream()
                .filter(board -> board.board().equals(BOARD))
                .toList();
    }

    private void points(String player, String question, int version, int delta) {
        send(
                Topics.POINTS,
                player,
                Json.write(new Points(BOARD, question, version, delta, START, null)));
    }

    private void profile(String player, String name) {
        send(Topics.PLAYER, player, Json.write(new PlayerProfile(player, name)));
    }

    private void other(int partition, long seq, Map<Long, Long> changes, Standing... head) {
        long players = changes.values().stream().mapToLong(Long::longValue).sum();
        var part = new BoardPart(BOARD, partition, seq, players, List.of(head));
        send(LeaderboardTopology.BOARD_COUNTS, null, Json.write(new BoardCounts(part, changes)));
        told();
    }

    private Top top(String asker) {
        send(Topics.GETTOP, asker, Json.write(new TopRequest(BOARD)));
        driver.advanceWallClockTime(StandingsProcessor.REQUEST_HOLD);
        return tops.readValue();
    }

    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            driver.advanceWallClockTime(TICK);
        }
    }

    private static BoardRow row(long rank, String player, long score) {
        return new BoardRow(rank, player, player, score);
    }

    private void send(Topic<?> topic, @Nullable String key, byte @Nullable [] value) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(
                        topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
        input.pipeInput(key == null ? null : Topic.key(key), value, START);
    }

    private <V> TestOutputTopic<String, V> out(Topic<V> topic) {
        return driver.createOutputTopic(
                topic.name(), new StringDeserializer(), topic.serde().deserializer());
    }
}
