package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.grandstand.events.PlayerStatus.Status;
import io.grandstand.events.Points;
import io.grandstand.events.RankAt;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which ranks are kept of a player.
class RankHistoryTest {
    private static final String BOARD = "m1";

    private Partitions partitions;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    RankHistoryTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        partitions = Partitions.inMemory(2, stateDir);
    }

    @AfterEach
    void stop() {
        partitions.close();
    }

    @Test
    void aRankIsKeptWhereItOrTheScoreHasChangedSinceTheLastOne() {
        points("asha", "q1", 10);
        long first = told("asha");
        told("asha");
        points("ben", "q1", 20);
        partitions.settle();
        long second = told("asha");
        points("asha", "q2", 5);
        long third = told("asha");
        points("chen", "q1", 1);
        partitions.settle();
        told("asha");
        assertThat(history("asha"))
                .containsExactly(
                        new RankAt(first, 1, 10, 1),
                        new RankAt(second, 2, 10, 2),
                        new RankAt(third, 2, 15, 2));
    }

    @Test
    void theNewestFiftyAreKeptOfEachPlayerAndBoard(@TempDir Path disk) {
        partitions.close();
        partitions = Partitions.onDisk(1, disk);
        points("asha", "q", 10);
        told("asha");
        points("asha2", "q", 10);
        told("asha2");
        partitions.top("asha", "all");
        var all = new ArrayList<RankAt>();
        for (int i = 0; i < RankHistory.RANKS_MAX + 7; i++) {
            points("asha", "q" + i, 1);
            Top top = partitions.top("asha", BOARD);
            all.add(new RankAt(partitions.now(), 1, top.me().score(), top.players()));
        }
        assertThat(history("asha"))
                .isEqualTo(all.subList(all.size() - RankHistory.RANKS_MAX, all.size()));
        assertThat(history("asha2")).hasSize(1);
        assertThat(history("asha", "all")).extracting(RankAt::score).containsExactly(10L);
    }

    @Test
    void aClockThatIsSetBackDoesNotChangeTheOrder() {
        points("asha", "q1", 10);
        long at = told("asha");
        partitions.advance(-60_000);
        points("asha", "q2", 10);
        told("asha");
        points("asha", "q3", 10);
        told("asha");
        assertThat(history("asha"))
                .extracting(RankAt::score, RankAt::at)
                .containsExactly(tuple(10L, at), tuple(20L, at + 1), tuple(30L, at + 2));
    }

    @Test
    void whoIsNotOnTheBoardHasNoHistory() throws Exception {
        points("ben", "q1", 10);
        partitions.settle();
        told("zoe");
        assertThat(history("zoe")).isEmpty();
        var request = new TopRequest(BOARD, Kind.HISTORY, "r1", null, null, null, null, null);
        assertThat(partitions.reader().answer("zoe", request))
                .isEqualTo(Top.history(request, Top.Me.NOBODY, 1, List.of()));
    }

    @Test
    void aBannedPlayersHistoryIsThereAgainOnceTheBanIsLifted() {
        points("asha", "q1", 10);
        long at = told("asha");
        partitions.status("asha", Status.BANNED);
        told("asha");
        assertThat(history("asha")).isEmpty();
        partitions.status("asha", Status.ACTIVE);
        assertThat(history("asha")).containsExactly(new RankAt(at, 1, 10, 1));
    }

    @Test
    void nothingIsKeptOfAnErasedPlayerNotEvenOfAFinalTable() {
        String season = "season.2026";
        points("asha", "q1", 10);
        points("ashanti", "q1", 10);
        told("asha");
        told("ashanti");
        partitions.top("asha", season);
        assertThat(history("asha", season)).hasSize(1);
        partitions.close("2026", partitions.now());
        partitions.advance(SeasonDesk.NOTICE.plus(SeasonDesk.SETTLING).toMillis());
        partitions.settleSeasons();
        partitions.status("asha", Status.ERASED);
        assertThat(partitions.top("asha", season).me().rank()).isEqualTo(1);
        assertThat(history("asha", season)).isEmpty();
        assertThat(history("asha")).isEmpty();
        assertThat(history("ashanti")).hasSize(1);
    }

    /// Asks for the board; when that was answered.
    private long told(String player) {
        partitions.top(player, BOARD);
        return partitions.now();
    }

    private List<RankAt> history(String player) {
        return history(player, BOARD);
    }

    private List<RankAt> history(String player, String board) {
        List<RankAt> ranks = partitions.view(player).history(board, player).ranks();
        assertThat(ranks).isSortedAccordingTo(Comparator.comparingLong(RankAt::at));
        return ranks;
    }

    private void points(String player, String question, int delta) {
        partitions.points(player, new Points(BOARD, question, 3, delta, 0, "2026"));
    }
}
