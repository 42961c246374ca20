package io.grandstand.cli;

import io.grandstand.events.Scoreboard;
import io.grandstand.events.Topics;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The newest scoreboard of each match, followed on a thread of its own. Reads are thread-safe.
final class Scoreboards implements AutoCloseable {
    private final Map<String, Scoreboard> newest = new ConcurrentHashMap<>();
    private final CountDownLatch any = new CountDownLatch(1);
    private final TopicFollower<Scoreboard> boards;

    /// Reads what there is before it returns, then goes on reading.
    Scoreboards(Map<String, Object> kafka) {
        boards = new TopicFollower<>(kafka, Topics.SCOREBOARD, (_, board) -> note(board));
    }

    /// All matches: those still to be played or in play first, the latest first of each.
    List<Scoreboard> list() {
        return newest.values().stream()
                .sorted(
                        Comparator.comparing((Scoreboard board) ->
                                        board.state() == Scoreboard.State.FINISHED)
                                .thenComparing(Scoreboard::asOf, Comparator.reverseOrder()))
                .toList();
    }

    /// Waits until there is a match to list; false where none came in time.
    boolean awaitAny(Duration atMost) throws InterruptedException {
        return any.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    Optional<Scoreboard> find(String match) {
        return Optional.ofNullable(newest.get(match));
    }

    @Override
    public void close() {
        boards.close();
    }

    private void note(@Nullable Scoreboard board) {
        if (board != null) {
            newest.put(board.match(), board);
            any.countDown();
        }
    }
}
