package io.grandstand.leaderboard;

import io.grandstand.events.BoardRow;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.RankAt;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Answers requests for any rows of a board from the stores of all partitions, without the threads
/// that score. Thread-safe; calls block for as long as reads take.
///
/// Scores are as their owners have them at that moment. Ranks come from the counts per score of one
/// partition, which knows the others' as of their last summary, and are kept for a tenth of a
/// second: a rank is off by no more than the players who crossed its score within the last half
/// second, and exact once nothing changes.
final class BoardReader {
    /// How long counts serve all who ask.
    static final long COUNTS_AGE_MAX_MS = 100;

    /// Boards whose counts are kept.
    private static final int BOARDS_MAX = 64;

    /// How far apart the marks lie by which a place among very many equals is found.
    private static final int STEP = 256;

    private final Fleet fleet;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Ranks ranks, long at) {}

    BoardReader(Fleet fleet, InstantSource clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    /// A player's own place on a board, without any rows.
    Top place(String board, String player) throws NotReadyException, InterruptedException {
        Ranks ranks = ranks(board);
        return new Top(board, me(find(board, player), ranks), ranks.players(), List.of());
    }

    /// What a player asks for.
    ///
    /// @param asker whose own place is part of the answer; null for nobody's
    Top answer(@Nullable String asker, TopRequest request)
            throws NotReadyException, InterruptedException {
        Ranks ranks = ranks(request.board());
        return switch (request.wanted()) {
            case TOP -> top(asker, request, ranks);
            case AROUND -> around(asker, request, ranks);
            case PAGE -> page(asker, request, ranks);
            case FRIENDS -> friends(asker, request, ranks);
            case LEAGUE -> league(asker, request, ranks);
            case HISTORY -> history(asker, request, ranks);
        };
    }

    private Top top(@Nullable String asker, TopRequest request, Ranks ranks)
            throws NotReadyException, InterruptedException {
        List<Standing> rows = rows(request.board(), Long.MAX_VALUE, null, Leaderboard.ROWS);
        Top.Me me = me(find(request.board(), asker), ranks);
        return Top.answer(request, me, ranks.players(), onBoard(rows, ranks), null);
    }

    private Top around(@Nullable String asker, TopRequest request, Ranks ranks)
            throws NotReadyException, InterruptedException {
        Standing own = find(request.board(), asker);
        if (asker == null || own == null) {
            return Top.answer(request, Top.Me.NOBODY, ranks.players(), List.of(), null);
        }
        int k = request.radius();
        var query = new PartQuery.Near(request.board(), own.score(), asker, k);
        var above = new ArrayList<Standing>();
        var below = new ArrayList<Standing>();
        for (PartAnswer.Near part : fleet.askAll(query, PartAnswer.Near.class)) {
            above.addAll(part.above());
            below.addAll(part.below());
        }
        above.sort(Standing.BEST_FIRST);
        below.sort(Standing.BEST_FIRST);
        var rows = new ArrayList<Standing>();
        rows.addAll(above.subList(Math.max(0, above.size() - k), above.size()));
        rows.add(own);
        rows.addAll(below.subList(0, Math.min(k, below.size())));
        return Top.answer(request, me(own, ranks), ranks.players(), onBoard(rows, ranks), null);
    }

    /// The counts tell the score at the page's first position, and how many of those who have that
    /// score stand before it.
    private Top page(@Nullable String asker, TopRequest request, Ranks ranks)
            throws NotReadyException, InterruptedException {
        String board = request.board();
        Top.Me me = me(find(board, asker), ranks);
        long offset = request.skip();
        if (offset >= ranks.players()) {
            return Top.answer(request, me, ranks.players(), List.of(), offset);
        }
        long score = ranks.scoreAt(offset);
        long equalsBefore = offset - (ranks.rank(score) - 1);
        if (equalsBefore > PartitionView.MARKED_MAX) {
            return Top.refused(board, request.kind(), request.request(), Refusals.TOO_DEEP);
        }
        String first = equalsBefore == 0 ? null : equal(board, score, (int) equalsBefore);
        List<Standing> rows = rows(board, score, first, request.rows());
        return Top.answer(request, me, ranks.players(), onBoard(rows, ranks), offset);
    }

    private Top friends(@Nullable String asker, TopRequest request, Ranks ranks)
            throws NotReadyException, InterruptedException {
        var players = new LinkedHashSet<String>();
        if (asker != null) {
            players.add(asker);
        }
        if (request.players() != null) {
            players.addAll(request.players());
        }
        List<Standing> found = new ArrayList<>(fleet.find(request.board(), players));
        found.sort(Standing.BEST_FIRST);
        return Top.answer(
                request, me(own(found, asker), ranks), found.size(), among(found, ranks), null);
    }

    private Top league(@Nullable String asker, TopRequest request, Ranks ranks)
            throws NotReadyException, InterruptedException {
        String league = request.league() == null ? "" : request.league();
        List<String> members = fleet.members(league);
        if (members.isEmpty()) {
            return Top.refused(
                    request.board(), request.kind(), request.request(), Refusals.NO_LEAGUE);
        }
        var players = new LinkedHashSet<>(members);
        boolean isMember = asker == null || !players.add(asker);
        List<Standing> found = new ArrayList<>(fleet.find(request.board(), players));
        found.sort(Standing.BEST_FIRST);
        Top.Me me = me(own(found, asker), ranks);
        if (!isMember) {
            found.removeIf(standing -> standing.player().equals(asker));
        }
        List<BoardRow> rows = among(found, ranks);
        int from = (int) Math.min(request.skip(), rows.size());
        int to = Math.min(from + request.rows(), rows.size());
        return Top.answer(request, me, rows.size(), rows.subList(from, to), request.skip());
    }

    private Top history(@Nullable String asker, TopRequest request, Ranks ranks)
            throws NotReadyException, InterruptedException {
        Top.Me me = me(find(request.board(), asker), ranks);
        List<RankAt> history = asker == null ? List.of() : fleet.history(request.board(), asker);
        return Top.history(request, me, ranks.players(), history);
    }

    private @Nullable Standing find(String board, @Nullable String player)
            throws NotReadyException, InterruptedException {
        return player == null ? null : own(fleet.find(board, List.of(player)), player);
    }

    private static @Nullable Standing own(List<Standing> standings, @Nullable String player) {
        return standings.stream()
                .filter(standing -> standing.player().equals(player))
                .findFirst()
                .orElse(null);
    }

    private static Top.Me me(@Nullable Standing own, Ranks ranks) {
        return own == null ? Top.Me.NOBODY : new Top.Me(ranks.rank(own.score()), own.score());
    }

    private static List<BoardRow> onBoard(List<Standing> standings, Ranks ranks) {
        return standings.stream()
                .map(standing -> standing.row(ranks.rank(standing.score())))
                .toList();
    }

    /// Players ranked among themselves.
    ///
    /// @param found best first
    private static List<BoardRow> among(List<Standing> found, Ranks ranks) {
        var rows = new ArrayList<BoardRow>(found.size());
        for (Standing standing : found) {
            boolean isTied = !rows.isEmpty() && rows.getLast().score() == standing.score();
            long rank = isTied ? rows.getLast().rank() : rows.size() + 1;
            rows.add(
                    new BoardRow(
                            rank,
                            standing.player(),
                            standing.name(),
                            standing.score(),
                            standing.country(),
                            ranks.rank(standing.score())));
        }
        return rows;
    }

    private List<Standing> rows(String board, long score, @Nullable String first, int size)
            throws NotReadyException, InterruptedException {
        var rows = new ArrayList<Standing>();
        var query = new PartQuery.Rows(board, score, first, size);
        for (PartAnswer.Rows part : fleet.askAll(query, PartAnswer.Rows.class)) {
            rows.addAll(part.rows());
        }
        rows.sort(Standing.BEST_FIRST);
        return rows.subList(0, Math.min(size, rows.size()));
    }

    /// The player at this place, from 0, among those of all partitions who have just this score;
    /// null, which stands for the first, where they have become fewer meanwhile.
    ///
    /// Where the place is far, marks say how many players of each partition can be left out: a
    /// player of one partition's mark has at most `step` × (marks before it in another) players of
    /// that other before it. The last mark with no more than `place` before it by this bound cannot
    /// lie behind the place, nor can in each partition what stands before that partition's own last
    /// mark before it.
    private @Nullable String equal(String board, long score, int place)
            throws NotReadyException, InterruptedException {
        Map<Integer, String> from = Map.of();
        int rest = place;
        if (place > STEP) {
            var start = new HashMap<Integer, String>();
            List<PartAnswer.Ids> marks =
                    fleet.askAll(new PartQuery.Marks(board, score, STEP), PartAnswer.Ids.class);
            rest -= leaveOut(marks, place, start);
            from = start;
        }
        var query = new PartQuery.Ids(board, score, from, rest + 1);
        var ids = new ArrayList<String>();
        for (PartAnswer.Ids part : fleet.askAll(query, PartAnswer.Ids.class)) {
            ids.addAll(part.ids());
        }
        ids.sort(Standing::compareIds);
        return rest < ids.size() ? ids.get(rest) : null;
    }

    /// Finds in each partition a mark up to which all stand before the place; how many are left out
    /// by that.
    ///
    /// @param from takes the marks, by partition
    static int leaveOut(List<PartAnswer.Ids> marks, int place, Map<Integer, String> from) {
        record Mark(String id, int partition) {}
        var all = new ArrayList<Mark>();
        marks.forEach(part -> part.ids().forEach(id -> all.add(new Mark(id, part.partition()))));
        all.sort((a, b) -> Standing.compareIds(a.id(), b.id()));
        int leftOut = 0;
        // Marks passed in total are an upper bound, in steps, of the players before the next one.
        for (int passed = 0; passed < all.size() && (long) passed * STEP <= place; passed++) {
            Mark mark = all.get(passed);
            if (from.put(mark.partition(), mark.id()) != null) {
                leftOut += STEP;
            }
        }
        return leftOut;
    }

    private Ranks ranks(String board) throws NotReadyException, InterruptedException {
        long now = clock.millis();
        Known before = known.get(board);
        if (before != null && now >= before.at() && now - before.at() < COUNTS_AGE_MAX_MS) {
            return before.ranks();
        }
        PartAnswer.Counts counts =
                fleet.askAny(new PartQuery.Counts(board), PartAnswer.Counts.class);
        var builder = new Ranks.Builder();
        counts.players().entrySet().stream()
                .sorted(Map.Entry.<Long, Long>comparingByKey().reversed())
                .forEach(entry -> builder.add(entry.getKey(), entry.getValue()));
        Ranks ranks = builder.build();
        // Requests may name any board; only real ones are worth remembering.
        if (ranks.players() > 0) {
            if (known.size() >= BOARDS_MAX) {
                known.clear();
            }
            known.put(board, new Known(ranks, now));
        }
        return ranks;
    }
}
