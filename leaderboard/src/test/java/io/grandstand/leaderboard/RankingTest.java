package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.BoardRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RankingTest {
    @Test
    void equalsShareARankAndTheNextRankIsSkipped() {
        assertThat(Ranking.head(List.of(part("a", 30), part("b", 20, "c", 20), part("d", 10))))
                .extracting(BoardRow::rank)
                .containsExactly(1L, 2L, 2L, 4L);
    }

    @Test
    void equalsStandInOrderOfTheirIds() {
        assertThat(Ranking.head(List.of(part("c", 20), part("b", 20), part("a", 20))))
                .extracting(BoardRow::player)
                .containsExactly("a", "b", "c");
    }

    @Test
    void idsAreOrderedByTheirBytesAsInTheStores() {
        assertThat(Ranking.head(List.of(part("\uD83C\uDFCF", 20), part("\uFF21", 20))))
                .extracting(BoardRow::player)
                .containsExactly("\uFF21", "\uD83C\uDFCF");
    }

    @Test
    void partsGiveTheBestTenOfAll() {
        List<List<Standing>> parts = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            List<Standing> standings = new ArrayList<>();
            for (int i = 9; i >= 0; i--) {
                standings.add(new Standing("p" + part + i, "P", i * 3 + part));
            }
            parts.add(standings);
        }
        assertThat(Ranking.head(parts))
                .extracting(BoardRow::score)
                .containsExactly(29L, 28L, 27L, 26L, 25L, 24L, 23L, 22L, 21L, 20L);
    }

    @Test
    void anEmptyBoardHasAnEmptyHead() {
        assertThat(Ranking.head(List.of())).isEmpty();
    }

    @Test
    void aRankIsOneMoreThanThePlayersAbove() {
        Ranks ranks = new Ranks.Builder().add(30, 1).add(20, 2).add(10, 1).add(-5, 3).build();
        assertThat(LongStream.of(31, 30, 25, 20, 10, 0, -5, -6).map(ranks::rank))
                .containsExactly(1L, 1L, 2L, 2L, 4L, 5L, 5L, 8L);
        assertThat(ranks.players()).isEqualTo(7);
    }

    @Test
    void theRanksOfNobodyAreFirst() {
        Ranks ranks = new Ranks.Builder().build();
        assertThat(ranks.rank(0)).isEqualTo(1);
        assertThat(ranks.players()).isZero();
    }

    @Test
    void theWholeRangeOfScoresHasRanks() {
        Ranks ranks = new Ranks.Builder().add(Long.MAX_VALUE, 1).add(Long.MIN_VALUE, 1).build();
        assertThat(ranks.rank(Long.MAX_VALUE)).isEqualTo(1);
        assertThat(ranks.rank(Long.MIN_VALUE)).isEqualTo(2);
    }

    @Test
    void ranksOfManyScoresEqualThoseOfAFullSort() {
        var random = new Random(7);
        List<Long> scores = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            scores.add(10L * random.nextInt(-50, 500));
        }
        scores.sort(Collections.reverseOrder());
        var builder = new Ranks.Builder();
        scores.stream()
                .distinct()
                .forEach(score -> builder.add(score, Collections.frequency(scores, score)));
        Ranks ranks = builder.build();
        for (long score : scores) {
            assertThat(ranks.rank(score)).isEqualTo(1 + scores.indexOf(score));
        }
    }

    private static List<Standing> part(String player, long score) {
        return List.of(new Standing(player, player, score));
    }

    private static List<Standing> part(String a, long scoreA, String b, long scoreB) {
        return List.of(new Standing(a, a, scoreA), new Standing(b, b, scoreB));
    }
}
