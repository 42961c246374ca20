package io.grandstand.leaderboard;

import io.grandstand.events.SeasonFinal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/// Merges the parts of a season's final table, each in the order of the board, into the table. Its
/// rows and their hash depend on scores alone, not on how players are spread over parts.
final class FinalTable {
    private static final Comparator<Head> BEST_FIRST =
            Comparator.comparingLong((Head head) -> head.row().score())
                    .reversed()
                    .thenComparing(head -> head.row().player(), Standing::compareIds);

    private final PriorityQueue<Head> heads = new PriorityQueue<>(BEST_FIRST);
    private final MessageDigest digest;
    private long players;
    private long rank;
    private long score;

    /// The next row of a part, and those after it.
    private record Head(SeasonPart.Row row, Iterator<SeasonPart.Row> rest) {}

    /// @param parts read as the table is
    FinalTable(List<? extends Iterator<SeasonPart.Row>> parts) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
        parts.forEach(this::push);
    }

    /// The next rows, at most so many; none where the table is complete.
    List<SeasonFinal.Row> next(int max) {
        var rows = new ArrayList<SeasonFinal.Row>();
        while (rows.size() < max && !heads.isEmpty()) {
            Head best = heads.poll();
            rows.add(row(best.row()));
            push(best.rest());
        }
        return rows;
    }

    /// Rows so far.
    long players() {
        return players;
    }

    /// The hash of the complete table; to be asked for once.
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void push(Iterator<SeasonPart.Row> part) {
        if (part.hasNext()) {
            heads.add(new Head(part.next(), part));
        }
    }

    private SeasonFinal.Row row(SeasonPart.Row next) {
        players++;
        if (players == 1 || next.score() != score) {
            rank = players;
            score = next.score();
        }
        var row = new SeasonFinal.Row(rank, score, next.player());
        digest.update(row.line().getBytes(StandardCharsets.UTF_8));
        return row;
    }
}
