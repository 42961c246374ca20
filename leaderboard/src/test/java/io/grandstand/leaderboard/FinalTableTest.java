package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.SeasonFinal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FinalTableTest {
    @Test
    void equalsShareARankAndStandInOrderOfTheirIds() {
        var table =
                new FinalTable(
                        List.of(
                                List.of(row(20, "b"), row(10, "a")).iterator(),
                                List.of(row(20, "a"), row(-5, "c")).iterator()));
        assertThat(table.next(10))
                .containsExactly(
                        new SeasonFinal.Row(1, 20, "a"),
                        new SeasonFinal.Row(1, 20, "b"),
                        new SeasonFinal.Row(3, 10, "a"),
                        new SeasonFinal.Row(4, -5, "c"));
        assertThat(table.next(10)).isEmpty();
        assertThat(table.players()).isEqualTo(4);
    }

    @Property(tries = 200)
    void theHashDoesNotDependOnThePartsNorTheChunks(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 300) int players,
            @ForAll @IntRange(min = 1, max = 9) int parts,
            @ForAll @IntRange(min = 1, max = 50) int chunk) {
        assertThat(sha256(seed, players, parts, chunk)).isEqualTo(sha256(seed, players, 1, 1_000));
    }

    private static String sha256(long seed, int players, int parts, int chunk) {
        var random = new SplittableRandom(seed);
        List<List<SeasonPart.Row>> rows = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            rows.add(new ArrayList<>());
        }
        for (int i = 0; i < players; i++) {
            rows.get(i * 31 % parts).add(row(random.nextInt(20), "p" + i));
        }
        rows.forEach(part ->
                part.sort(
                        Comparator.comparingLong(SeasonPart.Row::score)
                                .reversed()
                                .thenComparing(SeasonPart.Row::player)));
        var table = new FinalTable(rows.stream().map(List::iterator).toList());
        while (!table.next(chunk).isEmpty()) {}
        return table.sha256();
    }

    private static SeasonPart.Row row(long score, String player) {
        return new SeasonPart.Row(score, player);
    }
}
