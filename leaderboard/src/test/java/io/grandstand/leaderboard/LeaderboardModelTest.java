package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.BoardRow;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.Points;
import io.grandstand.events.Top;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random entries over several partitions, with what travels between them delayed at random,
/// against a full sort. A failure prints the seed.
class LeaderboardModelTest {
    private static final int HISTORIES = 60;
    private static final int STEPS = 250;
    private static final int PARTITIONS = 3;
    private static final long AT = 1_000_000;
    private static final int[] DELTAS = {0, 10, 10, 20, 50, -10, -20, 3};

    /// Each history is another board with players of its own, so the same partitions serve them
    /// all.
    @Test
    void anyInterleavingEndsInTheRanksOfAFullSort(@TempDir Path stateDir) {
        try (var partitions = Partitions.onDisk(PARTITIONS, stateDir)) {
            for (long seed = 1; seed <= HISTORIES; seed++) {
                new History(seed).play(partitions);
            }
            assertThat(partitions.deadLetters()).isEmpty();
        }
    }

    private static final class History {
        private final long seed;
        private final String board;
        private final SplittableRandom random;
        private final List<String> players = new ArrayList<>();
        private final Map<String, Long> scores = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final List<Entry> sent = new ArrayList<>();
        private final List<Leaderboard> published = new ArrayList<>();

        private record Entry(String player, Points points) {}

        History(long seed) {
            this.seed = seed;
            board = "board" + seed;
            random = new SplittableRandom(seed);
            int count = 1 + random.nextInt(40);
            for (int i = 0; i < count; i++) {
                players.add("p" + i + "-" + seed);
            }
        }

        void play(Partitions partitions) {
            partitions.published(board);
            for (int step = 0; step < STEPS; step++) {
                step(partitions);
                partitions.advance(random.nextInt(60));
                published.addAll(partitions.published(board));
            }
            partitions.settle();
            published.addAll(partitions.published(board));
            checkPublished();
            for (String player : players) {
                checkSettled(player, partitions.top(player, board));
            }
        }

        private void step(Partitions partitions) {
            int partition = random.nextInt(partitions.count());
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> add(partitions);
                case 5 -> {
                    String player = pick(players);
                    String name = "N" + random.nextInt(5);
                    partitions.profile(player, name);
                    names.put(player, name);
                }
                case 6 -> partitions.summarize(partition);
                case 7, 8 -> partitions.deliverCounts(partition);
                case 9 -> partitions.deliverPart();
                case 10 -> partitions.publish();
                default -> checkWhileUnderWay(partitions);
            }
        }

        /// A new entry, in any order of versions, or now and then one that was read before.
        private void add(Partitions partitions) {
            if (!sent.isEmpty() && random.nextInt(5) == 0) {
                Entry again = pick(sent);
                partitions.points(again.player(), again.points());
                return;
            }
            String player = pick(players);
            String question = "q" + random.nextInt(4);
            int version = 1 + random.nextInt(1_000);
            boolean isKnown =
                    sent.stream()
                            .anyMatch(entry ->
                                    entry.player().equals(player)
                                            && entry.points().question().equals(question)
                                            && entry.points().version() == version);
            if (isKnown) {
                return;
            }
            int delta = DELTAS[random.nextInt(DELTAS.length)];
            var entry = new Entry(player, new Points(board, question, version, delta, AT, null));
            partitions.points(player, entry.points());
            sent.add(entry);
            scores.merge(player, (long) delta, Long::sum);
        }

        /// What must hold at any time: the own score is up to date, and rank and head agree.
        private void checkWhileUnderWay(Partitions partitions) {
            String player = pick(players);
            Top top = partitions.top(player, board);
            assertThat(top.me().score())
                    .as("own score of %s, seed %d", player, seed)
                    .isEqualTo(scores.getOrDefault(player, 0L));
            Long rank = top.me().rank();
            assertThat(rank != null)
                    .as("whether %s has a rank, seed %d", player, seed)
                    .isEqualTo(scores.containsKey(player));
            if (rank == null) {
                return;
            }
            List<BoardRow> own =
                    top.top().stream().filter(row -> row.player().equals(player)).toList();
            if (own.isEmpty()) {
                assertThat(rank)
                        .as("rank of %s below the head, seed %d", player, seed)
                        .isGreaterThanOrEqualTo(top.top().getLast().rank());
                assertThat(top.top()).hasSize(Leaderboard.ROWS);
            } else {
                assertThat(own.getFirst().rank())
                        .as("rank of %s in the head, seed %d", player, seed)
                        .isEqualTo(rank);
                assertThat(own.getFirst().score()).isEqualTo(top.me().score());
            }
        }

        private void checkSettled(String player, Top top) {
            Long score = scores.get(player);
            Top.Me me =
                    score == null
                            ? new Top.Me(null, 0)
                            : new Top.Me(1 + playersAbove(score), score);
            assertThat(top)
                    .as("answer to %s, seed %d", player, seed)
                    .isEqualTo(new Top(board, me, scores.size(), head()));
        }

        private void checkPublished() {
            if (scores.isEmpty()) {
                assertThat(published).isEmpty();
                return;
            }
            Leaderboard last = published.getLast();
            assertThat(last)
                    .as("last board, seed %d", seed)
                    .isEqualTo(new Leaderboard(board, last.asOf(), scores.size(), head()));
            for (int i = 1; i < published.size(); i++) {
                assertThat(published.get(i).asOf() - published.get(i - 1).asOf())
                        .as("ms between two boards, seed %d", seed)
                        .isGreaterThanOrEqualTo(1_000);
            }
        }

        private List<BoardRow> head() {
            return scores.entrySet().stream()
                    .sorted(
                            Comparator.comparingLong(
                                            (Map.Entry<String, Long> entry) -> -entry.getValue())
                                    .thenComparing(Map.Entry::getKey))
                    .limit(10)
                    .map(entry ->
                            new BoardRow(
                                    1 + playersAbove(entry.getValue()),
                                    entry.getKey(),
                                    names.getOrDefault(entry.getKey(), entry.getKey()),
                                    entry.getValue()))
                    .toList();
        }

        private long playersAbove(long score) {
            return scores.values().stream().filter(other -> other > score).count();
        }

        private <T> T pick(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }
    }
}
