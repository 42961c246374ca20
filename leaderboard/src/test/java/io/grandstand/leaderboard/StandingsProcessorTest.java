package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Points;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingsProcessorTest {
    private static final String BOARD = "m1";

    private Partitions partitions;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    StandingsProcessorTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        partitions = Partitions.inMemory(2, stateDir);
    }

    @AfterEach
    void stop() {
        partitions.close();
    }

    @Test
    void aSummaryOfVeryManyScoresComesInPieces() {
        int players = 2 * StandingsProcessor.CHANGES_MAX + 10;
        for (int i = 1; i <= players; i++) {
            partitions.points("p" + i, new Points(BOARD, "q1", 3, i, 0, null));
        }
        partitions.summarize(0);
        partitions.summarize(0);
        partitions.summarize(0);
        assertThat(partitions.summariesUnderWay(1))
                .filteredOn(summary -> summary.part().board().equals(BOARD))
                .first()
                .satisfies(summary ->
                        assertThat(summary.changes()).hasSize(StandingsProcessor.CHANGES_MAX));
        while (partitions.isTicking()) {
            partitions.settle();
        }
        assertThat(partitions.top("p1", BOARD).me().rank()).isEqualTo(players);
        assertThat(partitions.top("p2", BOARD).me().rank()).isEqualTo(players - 1);
    }

    @Test
    void noClockTicksWhileThereIsNothingToTell() {
        partitions.settle();
        assertThat(partitions.isTicking()).isFalse();
        partitions.points("asha", new Points(BOARD, "q1", 3, 10, 0, null));
        assertThat(partitions.isTicking()).isTrue();
        partitions.settle();
        assertThat(partitions.isTicking()).isFalse();
        assertThat(partitions.published(BOARD)).hasSize(1);
        partitions.points("ben", new Points(BOARD, "q1", 3, 10, 0, null));
        partitions.settle();
        assertThat(partitions.published(BOARD)).hasSize(1);
        assertThat(partitions.isTicking()).isFalse();
    }
}
