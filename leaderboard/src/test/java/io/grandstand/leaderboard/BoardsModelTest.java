package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.BoardRow;
import io.grandstand.events.PlayerStatus.Status;
import io.grandstand.events.Points;
import io.grandstand.events.SeasonFinal;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random histories of entries, corrections in any order, repetitions, names, bans, erasures and
/// season closes, against a reference that keeps a list of what counts and sorts it. A failure
/// prints the seed of its history.
///
/// DOMAIN 4.4: points of two seasons come mixed, before and after a close.
class BoardsModelTest {
    private static final int STEPS = 900;
    private static final int CHECKS = 6;
    private static final long START = 1_000_000;
    private static final long DAY_MS = 86_400_000;
    private static final List<String> MATCHES = List.of("m1", "m2", "m3");
    private static final List<String> SEASONS = List.of("s1", "s2");

    /// One thing that happens, at a moment of the history.
    private sealed interface Event {
        record Entry(String player, Points points) implements Event {}

        record Name(String player, String name, String country) implements Event {}

        record Change(String player, Status status) implements Event {}

        record Close(String season) implements Event {}

        record Check() implements Event {}
    }

    private record Timed(long at, Event event) {}

    @ParameterizedTest(name = "seed {0} over {1} partitions, interleaved by {2}")
    @CsvSource({
        "1,1,11", "1,3,12", "1,4,13", "2,3,21", "3,3,31", "4,2,41", "5,7,51", "6,3,61", "7,5,71"
    })
    void anyHistoryEndsInWhatTheReferenceSays(
            long seed, int partitions, long interleaving, @TempDir Path stateDir) throws Exception {
        try (var all = Partitions.inMemory(partitions, stateDir)) {
            new Play(seed, interleaving, all).run();
            assertThat(all.deadLetters()).isEmpty();
        }
    }

    @Test
    void soItDoesOnDisk(@TempDir Path stateDir) throws Exception {
        try (var all = Partitions.onDisk(3, stateDir)) {
            new Play(8, 81, all).run();
            assertThat(all.deadLetters()).isEmpty();
        }
    }

    /// What happens, decided by the seed alone.
    private static List<Timed> history(long seed) {
        var random = new SplittableRandom(seed);
        List<String> players = players(seed);
        var events = new ArrayList<Timed>();
        var sent = new ArrayList<Event.Entry>();
        long at = START;
        for (int step = 0; step < STEPS; step++) {
            at += random.nextInt(200);
            String player = players.get(random.nextInt(players.size()));
            events.add(
                    new Timed(
                            at,
                            switch (random.nextInt(40)) {
                                case 0 -> new Event.Name(player, "N" + random.nextInt(9), "IN");
                                case 1 -> new Event.Change(player, Status.BANNED);
                                case 2, 3 -> new Event.Change(player, Status.ACTIVE);
                                case 4 ->
                                        random.nextInt(8) == 0
                                                ? new Event.Change(player, Status.ERASED)
                                                : new Event.Change(player, Status.ACTIVE);
                                case 5, 6 -> again(random, sent, player);
                                default -> entry(random, sent, player);
                            }));
            if (step == STEPS / 3) {
                events.add(new Timed(at, new Event.Close("s1")));
            }
            if (step % (STEPS / CHECKS) == 0) {
                events.add(new Timed(at, new Event.Check()));
            }
        }
        events.add(new Timed(at, new Event.Close("s2")));
        events.add(new Timed(at + 60_000, new Event.Check()));
        return events;
    }

    private static List<String> players(long seed) {
        var players = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            players.add("p" + i + "/" + seed);
        }
        players.add("\uD83C\uDFCF");
        players.add("\uFF21");
        return players;
    }

    private static Event.Entry entry(
            SplittableRandom random, List<Event.Entry> sent, String player) {
        String match = MATCHES.get(random.nextInt(MATCHES.size()));
        int question = random.nextInt(20);
        long at = (question % 3) * DAY_MS + question;
        // A question has one season for all its versions.
        String season = question % 5 == 0 ? null : SEASONS.get(question % 2);
        // No two entries alike, in no order: 10,007 is prime.
        int version = 1 + sent.size() * 7_919 % 10_007;
        int delta = List.of(0, 10, 10, 20, -10, 5).get(random.nextInt(6));
        var points = new Points(match, "q" + question, version, delta, at, season);
        var entry = new Event.Entry(player, points);
        sent.add(entry);
        return entry;
    }

    private static Event.Entry again(
            SplittableRandom random, List<Event.Entry> sent, String player) {
        return sent.isEmpty() ? entry(random, sent, player) : sent.get(random.nextInt(sent.size()));
    }

    /// The reference: what counts, added up and sorted whenever somebody asks.
    private static final class Reference {
        private final Map<String, Map<String, Long>> scores = new HashMap<>();
        private final Map<String, Status> statuses = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final Set<Event.Entry> applied = new HashSet<>();
        private final Map<String, Long> closes = new HashMap<>();
        private final Map<String, Map<String, Long>> frozen = new HashMap<>();
        private final List<Event.Entry> late = new ArrayList<>();

        void add(Event.Entry entry, long timestamp) {
            String player = entry.player();
            Points points = entry.points();
            if (statuses.get(player) == Status.ERASED || !applied.add(entry)) {
                return;
            }
            var boards = new ArrayList<String>();
            boards.add(points.board());
            boards.add("day." + LocalDate.ofEpochDay(points.at() / DAY_MS));
            boards.add("all");
            if (points.season() != null) {
                Long close = closes.get(points.season());
                if (close != null && timestamp > close) {
                    late.add(entry);
                } else {
                    boards.add("season." + points.season());
                }
            }
            for (String board : boards) {
                scores.computeIfAbsent(board, _ -> new HashMap<>())
                        .merge(player, (long) points.delta(), Long::sum);
            }
        }

        void change(String player, Status status) {
            if (statuses.get(player) == Status.ERASED) {
                return;
            }
            statuses.put(player, status);
            if (status == Status.ERASED) {
                names.remove(player);
                scores.values().forEach(board -> board.remove(player));
            }
        }

        void name(String player, String name) {
            if (statuses.get(player) != Status.ERASED) {
                names.put(player, name);
            }
        }

        void freeze(String season) {
            frozen.put("season." + season, shown("season." + season));
        }

        Set<String> boards() {
            var boards = new TreeSet<>(scores.keySet());
            boards.addAll(frozen.keySet());
            return boards;
        }

        Map<String, Long> shown(String board) {
            Map<String, Long> known = frozen.get(board);
            if (known != null) {
                return known;
            }
            var shown = new TreeMap<String, Long>();
            scores.getOrDefault(board, Map.of())
                    .forEach((player, score) -> {
                        if (statuses.getOrDefault(player, Status.ACTIVE) == Status.ACTIVE) {
                            shown.put(player, score);
                        }
                    });
            return shown;
        }

        /// All lines of a board, or of some of its players ranked among themselves.
        List<BoardRow> rows(String board, @Nullable Set<String> among) {
            Map<String, Long> all = shown(board);
            Map<String, Long> some =
                    all.entrySet().stream()
                            .filter(entry -> among == null || among.contains(entry.getKey()))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            return some.entrySet().stream()
                    .sorted(
                            Comparator.comparingLong(
                                            (Map.Entry<String, Long> entry) -> -entry.getValue())
                                    .thenComparing(entry ->
                                            HexFormat.of()
                                                    .formatHex(
                                                            entry.getKey()
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8))))
                    .map(entry ->
                            new BoardRow(
                                    rank(some, entry.getValue()),
                                    entry.getKey(),
                                    names.getOrDefault(entry.getKey(), entry.getKey()),
                                    entry.getValue(),
                                    names.containsKey(entry.getKey()) ? "IN" : null,
                                    among == null ? null : rank(all, entry.getValue())))
                    .toList();
        }

        Top.Me me(String board, String player) {
            Map<String, Long> all = shown(board);
            Long score = all.get(player);
            return score == null ? new Top.Me(null, 0) : new Top.Me(rank(all, score), score);
        }

        private static long rank(Map<String, Long> scores, long score) {
            return 1 + scores.values().stream().filter(other -> other > score).count();
        }
    }

    /// A history, played on partitions in an order of arrivals that another seed decides.
    private static final class Play {
        private final long seed;
        private final List<String> players;
        private final SplittableRandom random;
        private final Partitions partitions;
        private final BoardReader reader;
        private final Reference reference = new Reference();
        private final Map<String, List<SeasonFinal>> finals = new HashMap<>();

        Play(long seed, long interleaving, Partitions partitions) {
            this.seed = seed;
            this.partitions = partitions;
            players = players(seed);
            random = new SplittableRandom(interleaving);
            reader = partitions.reader();
        }

        void run() throws Exception {
            partitions.league("l1", players.subList(5, 25));
            for (Timed timed : history(seed)) {
                freezeWhatIsDue(timed.at());
                partitions.advance(timed.at() - partitions.now());
                happen(timed.event());
                deliverSome();
            }
            assertThat(partitions.late())
                    .as("late entries, seed %d", seed)
                    .extracting(late -> new Event.Entry(late.player(), late.entry()))
                    .containsExactlyInAnyOrderElementsOf(reference.late);
            checkFinals();
        }

        private void happen(Event event) throws Exception {
            switch (event) {
                case Event.Entry entry -> {
                    partitions.points(entry.player(), entry.points(), partitions.now());
                    reference.add(entry, partitions.now());
                }
                case Event.Name(String player, String name, String country) -> {
                    partitions.profile(player, name, country);
                    reference.name(player, name);
                }
                case Event.Change(String player, Status status) -> {
                    partitions.status(player, status);
                    reference.change(player, status);
                }
                case Event.Close(String season) -> {
                    partitions.close(season, partitions.now());
                    reference.closes.put(season, partitions.now() + SeasonDesk.NOTICE.toMillis());
                    for (int i = 0; i < partitions.count(); i++) {
                        while (partitions.deliverMark(i)) {}
                    }
                }
                case Event.Check _ -> check();
            }
        }

        /// The tables are told while other things happen; what they hold is fixed here.
        private void freezeWhatIsDue(long at) {
            for (var close : Map.copyOf(reference.closes).entrySet()) {
                long due = close.getValue() + SeasonDesk.SETTLING.toMillis();
                if (at >= due && !reference.frozen.containsKey("season." + close.getKey())) {
                    partitions.advance(Math.max(0, due - partitions.now()));
                    partitions.checkSeasons();
                    for (int i = 0; i < partitions.count(); i++) {
                        while (partitions.deliverMark(i)) {}
                    }
                    reference.freeze(close.getKey());
                }
            }
        }

        private void deliverSome() {
            for (int i = random.nextInt(4); i > 0; i--) {
                int partition = random.nextInt(partitions.count());
                switch (random.nextInt(6)) {
                    case 0 -> partitions.summarize(partition);
                    case 1, 2 -> partitions.deliverCounts(partition);
                    case 3 -> partitions.deliverPart();
                    case 4 -> partitions.deliverTable();
                    default -> partitions.publishTables();
                }
            }
        }

        private void check() throws Exception {
            partitions.settle();
            partitions.settleSeasons();
            for (SeasonFinal message : partitions.finals()) {
                finals.computeIfAbsent(message.season(), _ -> new ArrayList<>()).add(message);
            }
            for (String board : reference.boards()) {
                List<BoardRow> rows = reference.rows(board, null);
                checkPages(board, rows);
                for (int i = 0; i < 6; i++) {
                    String player = players.get(random.nextInt(players.size()));
                    checkPlain(board, player, rows);
                    checkAround(board, player, rows);
                    checkFriends(board, player);
                    checkLeague(board, player);
                }
            }
        }

        private void checkPlain(String board, String player, List<BoardRow> rows) throws Exception {
            Top.Me me = reference.me(board, player);
            List<BoardRow> best = rows.subList(0, Math.min(10, rows.size()));
            assertThat(partitions.top(player, board))
                    .as("best ten of %s for %s, seed %d", board, player, seed)
                    .isEqualTo(new Top(board, me, rows.size(), best));
            assertThat(answer(player, request(board, Kind.TOP, null, null, null)).top())
                    .as("best ten of %s as read, seed %d", board, seed)
                    .isEqualTo(best);
            assertThat(reader.place(board, player).me()).isEqualTo(me);
        }

        private void checkPages(String board, List<BoardRow> rows) throws Exception {
            for (int i = 0; i < 5; i++) {
                long offset = random.nextInt(rows.size() + 3);
                int size = 1 + random.nextInt(12);
                Top top = answer(players.getFirst(), request(board, Kind.PAGE, null, offset, size));
                int from = (int) Math.min(offset, rows.size());
                assertThat(top.top())
                        .as("rows %d to %d of %s, seed %d", offset, offset + size, board, seed)
                        .isEqualTo(rows.subList(from, Math.min(from + size, rows.size())));
                assertThat(top.players()).isEqualTo(rows.size());
            }
            assertThat(
                            answer(
                                            players.getFirst(),
                                            request(board, Kind.PAGE, null, 1_000_000_000L, 20))
                                    .top())
                    .isEmpty();
        }

        private void checkAround(String board, String player, List<BoardRow> rows)
                throws Exception {
            int k = 1 + random.nextInt(6);
            int own = rows.stream().map(BoardRow::player).toList().indexOf(player);
            List<BoardRow> expected =
                    own < 0
                            ? List.of()
                            : rows.subList(
                                    Math.max(0, own - k), Math.min(rows.size(), own + k + 1));
            Top top = answer(player, request(board, Kind.AROUND, k, null, null));
            assertThat(top.top())
                    .as("%d around %s on %s, seed %d", k, player, board, seed)
                    .isEqualTo(expected);
            assertThat(top.me()).isEqualTo(reference.me(board, player));
        }

        private void checkFriends(String board, String player) throws Exception {
            Set<String> friends = new TreeSet<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                friends.add(players.get(random.nextInt(players.size())));
            }
            var request =
                    new TopRequest(
                            board,
                            Kind.FRIENDS,
                            null,
                            null,
                            null,
                            null,
                            List.copyOf(friends),
                            null);
            friends.add(player);
            assertThat(answer(player, request).top())
                    .as("friends %s on %s, seed %d", friends, board, seed)
                    .isEqualTo(reference.rows(board, friends));
        }

        private void checkLeague(String board, String player) throws Exception {
            Set<String> members = Set.copyOf(players.subList(5, 25));
            var request = new TopRequest(board, Kind.LEAGUE, null, null, 3L, 7, null, "l1");
            List<BoardRow> rows = reference.rows(board, members);
            Top top = answer(player, request);
            assertThat(top.top())
                    .as("league on %s, seed %d", board, seed)
                    .isEqualTo(rows.subList(Math.min(3, rows.size()), Math.min(10, rows.size())));
            assertThat(top.players()).isEqualTo(rows.size());
            assertThat(top.me()).isEqualTo(reference.me(board, player));
        }

        private Top answer(String player, TopRequest request) throws Exception {
            partitions.advance(BoardReader.COUNTS_AGE_MAX_MS);
            return reader.answer(player, request);
        }

        private static TopRequest request(
                String board,
                Kind kind,
                @Nullable Integer k,
                @Nullable Long offset,
                @Nullable Integer size) {
            return new TopRequest(board, kind, null, k, offset, size, null, null);
        }

        /// A table is the board as it stood when it was frozen, whatever the partitions.
        private void checkFinals() throws Exception {
            assertThat(finals.keySet()).containsExactlyInAnyOrderElementsOf(SEASONS);
            for (String season : SEASONS) {
                List<SeasonFinal> published = finals.getOrDefault(season, List.of());
                var text = new StringBuilder();
                for (BoardRow row : reference.rows("season." + season, null)) {
                    text.append(row.rank())
                            .append('\t')
                            .append(row.score())
                            .append('\t')
                            .append(row.player())
                            .append('\n');
                }
                var told = new StringBuilder();
                published.stream()
                        .filter(SeasonFinal.Rows.class::isInstance)
                        .map(SeasonFinal.Rows.class::cast)
                        .flatMap(chunk -> chunk.rows().stream())
                        .forEach(row -> told.append(row.line()));
                assertThat(told.toString())
                        .as("final table of %s, seed %d", season, seed)
                        .isEqualTo(text.toString());
                byte[] hash =
                        MessageDigest.getInstance("SHA-256")
                                .digest(text.toString().getBytes(StandardCharsets.UTF_8));
                assertThat(published.getLast())
                        .as("seal of %s, seed %d", season, seed)
                        .isEqualTo(
                                new SeasonFinal.Seal(
                                        season,
                                        reference.closes.getOrDefault(season, 0L),
                                        published.size() - 1,
                                        text.chars().filter(c -> c == '\n').count(),
                                        HexFormat.of().formatHex(hash)));
            }
        }
    }
}
