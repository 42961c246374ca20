package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.BoardRow;
import io.grandstand.events.LateEntry;
import io.grandstand.events.PlayerStatus.Status;
import io.grandstand.events.Points;
import io.grandstand.events.SeasonFinal;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DOMAIN 4.4: no point lands in the wrong season, none is lost.
class SeasonCloseTest {
    private static final String SEASON = "2026";
    private static final String BOARD = "season.2026";
    private static final long NOTICE = SeasonDesk.NOTICE.toMillis();
    private static final long SETTLING = SeasonDesk.SETTLING.toMillis();

    private Partitions partitions;

    @SuppressWarnings("NullAway.Init") // Each test begins with start.
    SeasonCloseTest() {}

    @BeforeEach
    void start(@TempDir Path stateDir) {
        partitions = Partitions.inMemory(3, stateDir);
    }

    @AfterEach
    void stop() {
        partitions.close();
    }

    @Test
    void entriesUpToTheCloseCountAndLaterOnesAreToldApart() {
        long close = close();
        points("asha", "q1", 10, close);
        points("ben", "q1", 20, close + 1);
        points("asha", "q2", 5, close - 1);
        freeze();
        points("chen", "q1", 30, close);
        assertThat(table()).containsExactly(new SeasonFinal.Row(1, 15, "asha"));
        assertThat(partitions.late())
                .containsExactly(
                        new LateEntry("ben", entry("q1", 20), close + 1, close),
                        new LateEntry("chen", entry("q1", 30), close, close));
        partitions.settle();
        assertThat(partitions.top("ben", "all").me()).isEqualTo(new Top.Me(2L, 20));
        assertThat(partitions.top("ben", BOARD).me()).isEqualTo(Top.Me.NOBODY);
    }

    @Test
    void anEntryCountsForTheSeasonOfItsQuestionWhicheverIsPlayedNow() {
        long close = close();
        partitions.points("asha", new Points("m1", "q1", 3, 10, 0, SEASON), close);
        partitions.points("asha", new Points("m1", "q2", 3, 20, 0, "2027"), close);
        partitions.points("asha", new Points("m1", "q3", 3, 40, 0, null), close);
        assertThat(partitions.top("asha", BOARD).me().score()).isEqualTo(10);
        assertThat(partitions.top("asha", "season.2027").me().score()).isEqualTo(20);
        assertThat(partitions.top("asha", "all").me().score()).isEqualTo(70);
    }

    @Test
    void aScoreThatIsRemovedAfterTheCloseLeavesTheTableAsItIs() {
        points("asha", "q1", 30, partitions.now());
        points("ben", "q1", 20, partitions.now());
        close();
        freeze();
        List<SeasonFinal.Row> table = table();
        partitions.points("asha", new Points("m1", "q1", 9, -30, 0, SEASON));
        partitions.status("asha", Status.ERASED);
        partitions.settle();
        assertThat(partitions.top("ben", BOARD).top())
                .containsExactly(
                        new BoardRow(1, "asha", "asha", 30), new BoardRow(2, "ben", "ben", 20));
        assertThat(partitions.late()).hasSize(1);
        partitions.settleSeasons();
        assertThat(partitions.finals()).isEmpty();
        assertThat(table).hasSize(2);
        assertThat(partitions.top("ben", "all").top())
                .containsExactly(new BoardRow(1, "ben", "ben", 20));
    }

    @Test
    void aCloseInThePastIsMovedToWhereEverybodyKnowsOfIt() {
        partitions.close(SEASON, 1);
        partitions.advance(NOTICE + SETTLING);
        partitions.settleSeasons();
        assertThat(partitions.finals())
                .containsExactly(
                        new SeasonFinal.Seal(
                                SEASON,
                                1_000_000 + NOTICE,
                                0,
                                0,
                                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }

    @Test
    void theFirstCloseCounts() {
        long close = close();
        partitions.close(SEASON, close + 60_000);
        points("asha", "q1", 10, close + 1);
        freeze();
        assertThat(table()).isEmpty();
        partitions.close(SEASON, close + 120_000);
        partitions.advance(200_000);
        partitions.settleSeasons();
        assertThat(partitions.finals()).isEmpty();
    }

    @Test
    void aTableComesInChunksAndIsTheSameAfterAFault() {
        for (int i = 0; i < 1_201; i++) {
            points("p" + i, "q1", 10 * (i % 50), partitions.now());
        }
        close();
        partitions.advance(NOTICE + SETTLING);
        partitions.settleSeasons();
        List<SeasonFinal> published = partitions.finals();
        assertThat(published).hasSize(4);
        assertThat(rows(published)).hasSize(1_201);
        assertThat(published.getLast()).isInstanceOf(SeasonFinal.Seal.class);
    }

    @Test
    void aFaultWhileATableIsPublishedStartsItAnew() {
        // More than one interval's chunks.
        for (int i = 0; i < 12_000; i++) {
            points("p" + i, "q1", 10 * (i % 50), partitions.now());
        }
        close();
        partitions.advance(NOTICE + SETTLING);
        partitions.checkSeasons();
        for (int i = 0; i < partitions.count(); i++) {
            while (partitions.deliverMark(i)) {}
            partitions.tellTable(i);
            partitions.tellTable(i);
        }
        while (partitions.deliverTable()) {}
        partitions.publishTables();
        List<SeasonFinal> first = partitions.finals();
        assertThat(first).hasSize(20);
        partitions.restartClerk();
        partitions.settleSeasons();
        List<SeasonFinal> again = partitions.finals();
        assertThat(again).hasSize(25);
        assertThat(again.subList(0, 20)).isEqualTo(first);
    }

    @Test
    void theTableDoesNotDependOnHowPlayersArePartitioned(@TempDir Path stateDir) {
        Set<SeasonFinal> seals = new HashSet<>();
        for (int count : List.of(1, 2, 5)) {
            try (var others = Partitions.inMemory(count, stateDir.resolve("of-" + count))) {
                for (int i = 0; i < 600; i++) {
                    String player = "p" + i * 7 % 600;
                    others.points(player, entry("q" + i % 3, 10 * (i * 7 % 600 % 9)));
                }
                others.close(SEASON, others.now());
                others.advance(NOTICE + SETTLING);
                others.settleSeasons();
                seals.add(others.finals().getLast());
            }
        }
        assertThat(seals).singleElement().isInstanceOf(SeasonFinal.Seal.class);
    }

    @Test
    void aFrozenBoardCanStillBeRead() throws Exception {
        points("asha", "q1", 10, partitions.now());
        close();
        freeze();
        partitions.settle();
        var request = new TopRequest(BOARD, Kind.PAGE, null, null, 0L, 10, null, null);
        assertThat(partitions.reader().answer("asha", request).top())
                .containsExactly(new BoardRow(1, "asha", "asha", 10));
    }

    /// Closes the season as soon as possible, and lets all know.
    private long close() {
        long at = partitions.now() + NOTICE;
        partitions.close(SEASON, partitions.now());
        for (int i = 0; i < partitions.count(); i++) {
            while (partitions.deliverMark(i)) {}
        }
        return at;
    }

    private void freeze() {
        partitions.advance(NOTICE + SETTLING);
        partitions.checkSeasons();
        for (int i = 0; i < partitions.count(); i++) {
            while (partitions.deliverMark(i)) {}
        }
    }

    private List<SeasonFinal.Row> table() {
        partitions.settleSeasons();
        return rows(partitions.finals());
    }

    private static List<SeasonFinal.Row> rows(List<SeasonFinal> messages) {
        var rows = new ArrayList<SeasonFinal.Row>();
        for (SeasonFinal message : messages) {
            if (message instanceof SeasonFinal.Rows chunk) {
                assertThat(chunk.rows()).hasSizeLessThanOrEqualTo(SeasonFinal.Rows.ROWS_MAX);
                rows.addAll(chunk.rows());
            }
        }
        return rows;
    }

    private void points(String player, String question, int delta, long timestamp) {
        partitions.points(player, entry(question, delta), timestamp);
    }

    private static Points entry(String question, int delta) {
        return new Points("m1", question, 3, delta, 0, SEASON);
    }
}
