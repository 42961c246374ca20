package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.BoardRow;
import io.grandstand.events.RankAt;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Pages of boards with very many equals, over partitions that are lists.
class BoardReaderTest {
    private static final String BOARD = "all";

    /// Whatever the offset, also deep among equals, a page is what a full sort has there.
    @Property(tries = 150)
    void aPageIsFoundAtAnyDepthAmongEquals(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 7) int partitions,
            @ForAll @IntRange(min = 1, max = 6_000) int players,
            @ForAll @IntRange(min = 1, max = 3) int scores)
            throws Exception {
        var fleet = new ListFleet(seed, partitions, players, scores);
        var reader = reader(fleet);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 10; i++) {
            int offset = random.nextInt(players);
            int size = 1 + random.nextInt(100);
            Top top = reader.answer(null, page(offset, size));
            assertThat(top.top())
                    .as("rows from %d, seed %d", offset, seed)
                    .extracting(BoardRow::player)
                    .isEqualTo(
                            fleet.all.stream()
                                    .skip(offset)
                                    .limit(size)
                                    .map(Standing::player)
                                    .toList());
            assertThat(fleet.idsFetched)
                    .as("ids that were fetched for it, seed %d", seed)
                    .isLessThanOrEqualTo(256L * partitions * (partitions + 2));
        }
    }

    @Test
    void aPageBeyondTheEndIsEmptyAndAsksNobody() throws Exception {
        var fleet = new ListFleet(1, 4, 1_000, 3);
        Top top = reader(fleet).answer(null, page(1_000_000_000L, 100));
        assertThat(top.top()).isEmpty();
        assertThat(top.players()).isEqualTo(1_000);
        assertThat(fleet.queries).isEqualTo(1);
    }

    @Test
    void aPageTooDeepAmongEqualsIsRefused() throws Exception {
        var fleet =
                new ListFleet(1, 1, 10, 1) {
                    @Override
                    public <A extends PartAnswer> A askAny(PartQuery query, Class<A> type) {
                        return type.cast(new PartAnswer.Counts(0, Map.of(10L, 5_000_000L)));
                    }
                };
        Top top = reader(fleet).answer(null, page(PartitionView.MARKED_MAX + 1, 10));
        assertThat(top.refused()).isEqualTo(Refusals.TOO_DEEP);
    }

    @Test
    void halfABoardIsNoBoard() {
        List<PartAnswer> answers =
                List.of(new PartAnswer.Rows(0, List.of()), new PartAnswer.Rows(2, List.of()));
        assertThatThrownBy(() ->
                        StreamsFleet.complete(answers, PartAnswer.Rows.class, Set.of(0, 1, 2)))
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("instead of");
        List<PartAnswer> twice = List.of(answers.getFirst(), answers.getFirst());
        assertThatThrownBy(() -> StreamsFleet.complete(twice, PartAnswer.Rows.class, Set.of(0)))
                .isInstanceOf(NotReadyException.class);
    }

    @Test
    void aLeagueThatDoesNotExistIsUnknown() throws Exception {
        var request = new TopRequest(BOARD, Kind.LEAGUE, "r1", null, null, null, null, "l9");
        Top top = reader(new ListFleet(1, 1, 10, 1)).answer("asha", request);
        assertThat(top).isEqualTo(Top.refused(BOARD, Kind.LEAGUE, "r1", Refusals.NO_LEAGUE));
    }

    private static BoardReader reader(Fleet fleet) {
        return new BoardReader(fleet, () -> Instant.EPOCH);
    }

    private static TopRequest page(long offset, int size) {
        return new TopRequest(BOARD, Kind.PAGE, null, null, offset, size, null, null);
    }

    /// Partitions as sorted lists.
    private static class ListFleet implements Fleet {
        private final List<Standing> all = new ArrayList<>();
        private final List<List<Standing>> parts = new ArrayList<>();
        private int queries;
        private long idsFetched;

        ListFleet(long seed, int partitions, int players, int scores) {
            var random = new SplittableRandom(seed);
            for (int i = 0; i < players; i++) {
                String id = "p" + i;
                all.add(new Standing(id, id, 10L * random.nextInt(scores)));
            }
            all.sort(
                    Comparator.comparingLong(Standing::score)
                            .reversed()
                            .thenComparing(Standing::player));
            for (int partition = 0; partition < partitions; partition++) {
                parts.add(new ArrayList<>());
            }
            // Unevenly, so that some partitions hardly have anybody.
            for (Standing standing : all) {
                int partition = random.nextInt(1 + random.nextInt(partitions));
                parts.get(partition).add(standing);
            }
        }

        @Override
        public List<Standing> find(String board, Collection<String> players) {
            return all.stream().filter(standing -> players.contains(standing.player())).toList();
        }

        @Override
        public List<RankAt> history(String board, String player) {
            return List.of();
        }

        @Override
        public <A extends PartAnswer> List<A> askAll(PartQuery query, Class<A> type) {
            queries++;
            idsFetched = query instanceof PartQuery.Ids ? 0 : idsFetched;
            var answers = new ArrayList<A>();
            for (int partition = 0; partition < parts.size(); partition++) {
                answers.add(type.cast(answer(partition, query)));
            }
            return answers;
        }

        @Override
        public <A extends PartAnswer> A askAny(PartQuery query, Class<A> type) {
            queries++;
            var counts = new TreeMap<Long, Long>();
            all.forEach(standing -> counts.merge(standing.score(), 1L, Long::sum));
            return type.cast(new PartAnswer.Counts(0, counts));
        }

        @Override
        public List<String> members(String league) {
            return List.of();
        }

        private PartAnswer answer(int partition, PartQuery query) {
            List<Standing> part = parts.get(partition);
            return switch (query) {
                case PartQuery.Rows(_, long score, String player, int limit) ->
                        new PartAnswer.Rows(
                                partition,
                                part.stream()
                                        .filter(row -> isFrom(row, score, player))
                                        .limit(limit)
                                        .toList());
                case PartQuery.Ids(_, long score, Map<Integer, String> from, int limit) -> {
                    List<String> ids =
                            ids(part, score).stream()
                                    .filter(id ->
                                            id.compareTo(from.getOrDefault(partition, "")) >= 0)
                                    .limit(limit)
                                    .toList();
                    idsFetched += ids.size();
                    yield new PartAnswer.Ids(partition, ids);
                }
                case PartQuery.Marks(_, long score, int step) -> {
                    List<String> ids = ids(part, score);
                    var marks = new ArrayList<String>();
                    for (int i = 0; i < ids.size(); i += step) {
                        marks.add(ids.get(i));
                    }
                    yield new PartAnswer.Ids(partition, marks);
                }
                case PartQuery.Find _,
                        PartQuery.Near _,
                        PartQuery.Counts _,
                        PartQuery.History _,
                        PartQuery.Members _ ->
                        throw new AssertionError(query);
            };
        }

        private static List<String> ids(List<Standing> part, long score) {
            return part.stream().filter(row -> row.score() == score).map(Standing::player).toList();
        }

        private static boolean isFrom(Standing row, long score, @Nullable String player) {
            return row.score() < score
                    || (row.score() == score
                            && (player == null || row.player().compareTo(player) >= 0));
        }
    }
}
