package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.BoardRow;
import io.grandstand.events.DeadLetter;
import io.grandstand.events.PlayerStatus.Status;
import io.grandstand.events.Points;
import io.grandstand.events.Top;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DOMAIN 4, bad inputs and races: what entries and statuses do to boards.
class StandingsTest {
    private static final String BOARD = "m1";

    private Partitions partitions;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    StandingsTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        partitions = Partitions.inMemory(2, stateDir);
    }

    @AfterEach
    void stop() {
        partitions.close();
    }

    @Test
    void anEntryCountsOnItsMatchItsDayItsSeasonAndForAllTime() {
        long lastMs = Instant.parse("2026-11-21T23:59:59.999Z").toEpochMilli();
        partitions.points("asha", new Points("m1", "q1", 3, 10, lastMs, "s1"));
        partitions.points("asha", new Points("m2", "q1", 3, 20, lastMs + 1, "s1"));
        assertThat(score("asha", "m1")).isEqualTo(10);
        assertThat(score("asha", "m2")).isEqualTo(20);
        assertThat(score("asha", "day.2026-11-21")).isEqualTo(10);
        assertThat(score("asha", "day.2026-11-22")).isEqualTo(20);
        assertThat(score("asha", "season.s1")).isEqualTo(30);
        assertThat(score("asha", "all")).isEqualTo(30);
    }

    @Test
    void correctionsMayComeInAnyOrder() {
        points("asha", "q1", 3, 10);
        points("asha", "q1", 5, 10);
        points("asha", "q1", 4, -10);
        points("asha", "q1", 5, 10);
        assertThat(score("asha", BOARD)).isEqualTo(10);
    }

    @Test
    void aMatchMayNotBeCalledLikeABoard() {
        for (String board : List.of("all", "day.2026-11-21", "season.s1")) {
            partitions.points("asha", new Points(board, "q1", 3, 10, 0, null));
        }
        partitions.points("asha", new Points(BOARD, "q1", 3, 10, Long.MAX_VALUE, null));
        assertThat(partitions.deadLetters())
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "board is 'all': must be a match, whose id is not all, day.… or season.…",
                        "board is 'day.2026-11-21': must be a match, whose id is not all, day.… or"
                                + " season.…",
                        "board is 'season.s1': must be a match, whose id is not all, day.… or"
                                + " season.…",
                        "at is 9223372036854775807: must not be after the year 9999");
        assertThat(partitions.top("asha", "all").players()).isZero();
    }

    @Test
    void totalsGoBeyondWhatADeltaCanSay() {
        for (int i = 0; i < 3; i++) {
            points("asha", "q" + i, 3, Integer.MAX_VALUE);
            points("ben", "q" + i, 3, Integer.MIN_VALUE);
        }
        partitions.settle();
        assertThat(partitions.top("asha", BOARD).me()).isEqualTo(new Top.Me(1L, 6_442_450_941L));
        assertThat(partitions.top("ben", BOARD).me()).isEqualTo(new Top.Me(2L, -6_442_450_944L));
    }

    @Test
    void aBannedPlayerIsOnNoBoardAndComesBackWithEverything() {
        points("asha", "q1", 3, 30);
        points("ben", "q1", 3, 20);
        partitions.status("asha", Status.BANNED);
        points("asha", "q2", 3, 5);
        partitions.settle();
        assertThat(partitions.top("ben", BOARD))
                .isEqualTo(
                        new Top(
                                BOARD,
                                new Top.Me(1L, 20),
                                1,
                                List.of(new BoardRow(1, "ben", "ben", 20))));
        assertThat(partitions.top("asha", BOARD).me()).isEqualTo(Top.Me.NOBODY);
        partitions.status("asha", Status.ACTIVE);
        partitions.settle();
        assertThat(partitions.top("ben", BOARD).top())
                .containsExactly(
                        new BoardRow(1, "asha", "asha", 35), new BoardRow(2, "ben", "ben", 20));
    }

    @Test
    void anErasedPlayerIsForgottenAndDeltasAreIgnoredFromThenOn() {
        points("asha", "q1", 3, 30);
        partitions.profile("asha", "Asha");
        partitions.status("asha", Status.ERASED);
        points("asha", "q2", 3, 5);
        points("asha", "q1", 3, 30);
        partitions.profile("asha", "Asha again");
        partitions.status("asha", Status.ACTIVE);
        points("asha", "q3", 3, 5);
        partitions.settle();
        Top top = partitions.top("asha", BOARD);
        assertThat(top).isEqualTo(new Top(BOARD, Top.Me.NOBODY, 0, List.of()));
        assertThat(partitions.view("asha").find(BOARD, List.of("asha")).rows()).isEmpty();
        assertThat(partitions.deadLetters()).isEmpty();
    }

    @Test
    void twoPlayersMayHaveOneName() {
        points("p1", "q1", 3, 30);
        points("p2", "q1", 3, 20);
        partitions.profile("p1", "Asha", "IN");
        partitions.profile("p2", "Asha", "AU");
        partitions.settle();
        assertThat(partitions.top("p1", BOARD).top())
                .containsExactly(
                        new BoardRow(1, "p1", "Asha", 30, "IN", null),
                        new BoardRow(2, "p2", "Asha", 20, "AU", null));
    }

    @Test
    void aRefusedNameShowsTheIdUntilItIsChanged() {
        points("p1", "q1", 3, 30);
        partitions.profile("p1", "Official Grandstand", "IN");
        partitions.settle();
        assertThat(partitions.top("p1", BOARD).top())
                .containsExactly(new BoardRow(1, "p1", "p1", 30, "IN", null));
        partitions.profile("p1", "Asha", "IN");
        assertThat(partitions.top("p1", BOARD).top().getFirst().name()).isEqualTo("Asha");
    }

    @Test
    void whoAsksForTooManyBoardsASecondHearsItOnce() {
        for (int i = 0; i < 1_000; i++) {
            partitions.ask("asha", "board" + i);
        }
        partitions.ask("ben", BOARD);
        assertThat(partitions.answers())
                .singleElement()
                .satisfies(top -> assertThat(top.refused()).isEqualTo(Refusals.RATE));
        partitions.advance(1_000);
        partitions.settle();
        assertThat(partitions.answers()).hasSize(StandingsProcessor.REQUESTS_PER_SECOND + 1);
        assertThat(partitions.top("asha", BOARD).refused()).isNull();
    }

    /// Some moves are no proof, but a place that is given up too early shows within a few.
    @Test
    void aPlayerWhoseScoreChangesIsOnTheBoardAtEveryMomentForOtherThreads(@TempDir Path disk)
            throws Exception {
        partitions.close();
        partitions = Partitions.onDisk(1, disk);
        points("asha", "q0", 1, 10);
        PartitionView view = partitions.view("asha");
        var started = new CountDownLatch(1);
        var seen = new AtomicReference<String>("");
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                if (view.find(BOARD, List.of("asha")).rows().size() != 1
                                        || view.rows(BOARD, Long.MAX_VALUE, null, 10).rows().size()
                                                != 1) {
                                    seen.set("a board without its player");
                                }
                                started.countDown();
                            }
                        });
        started.await();
        for (int i = 1; i <= 2_000; i++) {
            points("asha", "q" + i, 1, i % 2 == 0 ? 10 : -10);
        }
        reader.interrupt();
        reader.join();
        assertThat(seen.get()).isEmpty();
    }

    private long score(String player, String board) {
        return partitions.top(player, board).me().score();
    }

    private void points(String player, String question, int version, int delta) {
        partitions.points(player, new Points(BOARD, question, version, delta, 0, null));
    }
}
