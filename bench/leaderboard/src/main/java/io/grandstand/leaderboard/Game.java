package io.grandstand.leaderboard;

import io.grandstand.events.Points;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/// Players and entries, each decided by the seed and its number alone, and the board that they end
/// in by a full sort.
final class Game {
    static final String MATCH = "m1";
    static final String SEASON = "s1";

    /// 2026-11-21T12:00:00Z.
    static final long AT = 1795262400000L;

    /// Answers to a question, which name its entries apart.
    private static final int ANSWERS = 50_000;

    private static final int[] DELTAS = {0, 0, 10, 10, 10, 20, 20, 50, -10};

    final long seed;
    final int players;
    final int deltas;

    /// By player. Written by whoever adds a player's entries.
    private final long[] scores;

    private final boolean[] isPlaying;

    Game(long seed, int players, int deltas) {
        this.seed = seed;
        this.players = players;
        this.deltas = deltas;
        scores = new long[players];
        isPlaying = new boolean[players];
    }

    String id(int player) {
        return "p-" + HexFormat.of().toHexDigits(mix(seed ^ player));
    }

    int partition(int player, int partitions) {
        byte[] key = id(player).getBytes(StandardCharsets.UTF_8);
        return BuiltInPartitioner.partitionForKey(key, partitions);
    }

    int playerOf(int entry) {
        return (int) Long.remainderUnsigned(mix(seed + 31L * entry), players);
    }

    /// An entry, all different.
    Points entry(int number, @Nullable String season) {
        return new Points(
                MATCH, "q" + number / ANSWERS, 1 + number % ANSWERS, delta(number), AT, season);
    }

    /// Every hundredth entry is sent twice.
    static boolean isSentTwice(int number) {
        return number % 100 == 0;
    }

    private int delta(int number) {
        return DELTAS[(int) Long.remainderUnsigned(mix(number * 0x9e37L ^ seed), DELTAS.length)];
    }

    void count(int number) {
        add(playerOf(number), delta(number));
    }

    void add(int player, int delta) {
        scores[player] += delta;
        isPlaying[player] = true;
    }

    /// The board by a full sort.
    FullSort sorted() {
        int count = 0;
        for (boolean is : isPlaying) {
            count += is ? 1 : 0;
        }
        var order = new Integer[count];
        int next = 0;
        for (int player = 0; player < players; player++) {
            if (isPlaying[player]) {
                order[next++] = player;
            }
        }
        // Ids are hexadecimal digits of one length: their order is that of their unsigned numbers.
        Arrays.parallelSort(
                order,
                (a, b) ->
                        scores[a] != scores[b]
                                ? Long.compare(scores[b], scores[a])
                                : Long.compareUnsigned(mix(seed ^ a), mix(seed ^ b)));
        return new FullSort(order);
    }

    /// All players in the order of the board.
    final class FullSort {
        private final Integer[] order;
        private final int[] rank;
        private int distinctScores;

        private FullSort(Integer[] order) {
            this.order = order;
            rank = new int[players];
            for (int i = 0; i < order.length; i++) {
                boolean isTied = i > 0 && scores[order[i]] == scores[order[i - 1]];
                rank[order[i]] = isTied ? rank[order[i - 1]] : i + 1;
                distinctScores += isTied ? 0 : 1;
            }
        }

        int size() {
            return order.length;
        }

        int distinctScores() {
            return distinctScores;
        }

        int player(int position) {
            return order[position];
        }

        String id(int position) {
            return Game.this.id(order[position]);
        }

        long score(int position) {
            return scores[order[position]];
        }

        /// 1 + the number of players above.
        int rankAt(int position) {
            return rank[order[position]];
        }

        int rankOf(int player) {
            return rank[player];
        }

        long scoreOf(int player) {
            return scores[player];
        }

        boolean isPlaying(int player) {
            return isPlaying[player];
        }
    }

    /// Spreads a number over all 64 bits (the finalizer of SplitMix64).
    private static long mix(long number) {
        long z = number + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
