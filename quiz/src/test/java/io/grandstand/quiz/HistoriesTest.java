package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Json;
import io.grandstand.events.Points;
import io.grandstand.events.Question;
import io.grandstand.events.Result;
import io.grandstand.events.Result.Score;
import io.grandstand.events.Stats;
import io.grandstand.events.TallyPart;
import io.grandstand.events.Topics;
import io.grandstand.events.Votes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Histories of ten thousand events, with every bad input and race (`History`), through a quiz of
/// several processes: a desk, three partitions of players and a tally, each of which may be killed
/// at any time. Whatever order they work in, they end where the reference is (`Reference`), which
/// sees the whole input at once.
///
/// More of them, or one of them again:
///
/// ```
/// mvn -pl quiz test -Dtest=HistoriesTest -Dgrandstand.histories=20
/// mvn -pl quiz test -Dtest=HistoriesTest -Dgrandstand.seed=17
/// ```
class HistoriesTest {
    private static final int EVENTS = 10_000;
    private static final int PARTITIONS = 3;

    /// A player may have eight answers waiting; those to no question at all, two at the most, are
    /// among them.
    private static final int WAITING_MAX = HeldAnswers.PER_PLAYER_MAX - 2;

    /// Answers to unknown questions are forgotten after ten minutes, which is none of this test.
    private static final Duration CLOCK_MAX = Duration.ofMinutes(9);

    static List<Long> seeds() {
        Long seed = Long.getLong("grandstand.seed");
        if (seed != null) {
            return List.of(seed);
        }
        var seeds = new ArrayList<Long>();
        for (long i = 1; i <= Integer.getInteger("grandstand.histories", 2); i++) {
            seeds.add(i);
        }
        return seeds;
    }

    /// DOMAIN 1.1, 1.2, 1.6: points equal a reference computed in one thread from the recorded
    /// input, exactly, whatever is killed; and what is void never was.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyHistoryInAnyOrderEndsWhereTheReferenceIs(long seed, @TempDir Path folder) {
        System.out.println("HistoriesTest: seed " + seed);
        try (var quiz = new Cluster(seed, folder)) {
            quiz.run();
            quiz.check();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed %d; repeat it by mvn -pl quiz test -Dtest=HistoriesTest -Dgrandstand.seed=%d"
                            .formatted(seed, seed),
                    e);
        }
    }

    /// The processes, the topics between them, and where each has read to.
    private static final class Cluster implements AutoCloseable {
        private final long seed;
        private final SplittableRandom random;
        private final History history;
        private final Desk desk;
        private final List<Scorer> scorers = new ArrayList<>();
        private final Tally tally;

        Cluster(long seed, Path folder) {
            this.seed = seed;
            this.random = new SplittableRandom(seed * 7_919);
            this.history = History.of(seed, EVENTS);
            var settings = new QuizSettings(Duration.ofHours(24), 1 + random.nextInt(40));
            desk = new Desk(new Node(folder.resolve("desk"), settings), history.commands);
            for (int i = 0; i < PARTITIONS; i++) {
                scorers.add(new Scorer(i, new Node(folder.resolve("scorer-" + i), settings)));
            }
            tally = new Tally(new Node(folder.resolve("tally"), settings));
            for (Raw answer : history.answers) {
                int partition =
                        answer.key() == null
                                ? random.nextInt(PARTITIONS)
                                : Utils.toPositive(Utils.murmur2(answer.key())) % PARTITIONS;
                scorers.get(partition).answers.add(answer);
            }
        }

        void run() {
            // Some histories are worked off command by command, some answer by answer.
            int bias = 1 + random.nextInt(20);
            for (int i = 0; i < 6 * EVENTS && hasInput(); i++) {
                int what = random.nextInt(1_000);
                if (random.nextInt(2_000) == 0) {
                    kill();
                } else if (what < 60) {
                    commit();
                } else if (what < 90) {
                    advance();
                } else if (what < 90 + bias) {
                    desk.readOne();
                } else {
                    scorers.get(random.nextInt(PARTITIONS)).readOne(random);
                }
            }
            finish();
        }

        private boolean hasInput() {
            return desk.hasInput() || scorers.stream().anyMatch(Scorer::hasAnswers);
        }

        private void kill() {
            switch (random.nextInt(PARTITIONS + 2)) {
                case 0 -> desk.kill();
                case 1 -> tally.kill();
                default -> scorers.get(random.nextInt(PARTITIONS)).kill();
            }
        }

        private void commit() {
            desk.commit(scorers);
            for (Scorer scorer : scorers) {
                if (random.nextBoolean()) {
                    scorer.commit(tally);
                }
            }
            tally.readAll();
            tally.commit();
        }

        private void advance() {
            var time = Duration.ofMillis(1 + random.nextInt(2_000));
            switch (random.nextInt(PARTITIONS + 2)) {
                case 0 -> desk.advance(time);
                case 1 -> tally.node.advance(time);
                default -> advance(scorers.get(random.nextInt(PARTITIONS)).node, time);
            }
        }

        private static void advance(Node node, Duration time) {
            if (node.clock().plus(time).compareTo(CLOCK_MAX) < 0) {
                node.advance(time);
            }
        }

        /// All that is scheduled comes, and all work is done.
        private void finish() {
            while (desk.hasInput()) {
                desk.readOne();
            }
            for (int i = 0; i < 60; i++) {
                desk.advance(Duration.ofSeconds(10));
            }
            desk.commit(scorers);
            for (Scorer scorer : scorers) {
                scorer.readRest();
                for (int i = 0; i < 1_000; i++) {
                    scorer.node.advance(Duration.ofMillis(5));
                }
                scorer.node.advance(Duration.ofSeconds(1));
                scorer.commit(tally);
            }
            tally.readAll();
            tally.node.advance(Duration.ofSeconds(1));
            tally.commit();
        }

        void check() {
            Reference reference = Reference.of(desk.read, history.answers);
            assertThat(history.events()).isBetween(EVENTS * 8 / 10, EVENTS * 13 / 10);
            assertThat(reference.points()).hasSizeGreaterThan(100);
            checkQuestions(reference);
            checkPoints(reference);
            checkFigures(reference);
            Map<String, Map<String, Long>> votes = tally.votes;
            // Of a void question they are as they happened to be.
            votes.entrySet()
                    .removeIf(of -> of.getValue().isEmpty() || reference.isVoid(of.getKey()));
            assertThat(votes).as("votes, seed %d", seed).isEqualTo(reference.votes);
        }

        private void checkQuestions(Reference reference) {
            var known = new TreeMap<String, Question>();
            for (Raw raw : scorers.getFirst().rulings) {
                Question question = Json.read(Objects.requireNonNull(raw.value()), Question.class);
                known.put(question.match() + " " + question.id(), question);
            }
            var expected = new TreeMap<String, String>();
            reference.questions.forEach((id, asked) ->
                    expected.put(
                            id,
                            "%s@%d %d-%d %s"
                                    .formatted(
                                            asked.state,
                                            asked.version,
                                            asked.locksAt,
                                            asked.endsAt,
                                            asked.answer)));
            var actual = new TreeMap<String, String>();
            known.forEach((id, question) ->
                    actual.put(
                            id,
                            "%s@%d %d-%d %s"
                                    .formatted(
                                            question.state().name().toLowerCase(Locale.ROOT),
                                            question.version(),
                                            question.locksAt(),
                                            question.lastMoment(),
                                            question.answer())));
            assertThat(actual).as("questions, seed %d", seed).isEqualTo(expected);
        }

        private void checkPoints(Reference reference) {
            var sums = new TreeMap<String, Long>();
            var last = new HashMap<String, Integer>();
            var told = new TreeMap<String, Long>();
            int receipts = 0;
            for (Scorer scorer : scorers) {
                for (Raw raw : scorer.points) {
                    String player = text(Objects.requireNonNull(raw.key()));
                    Points entry = Json.read(Objects.requireNonNull(raw.value()), Points.class);
                    String id = entry.board() + " " + entry.question();
                    Integer before = last.put(player + " " + id, entry.version());
                    assertThat(entry.version())
                            .as("number of %s of %s", entry, player)
                            .isGreaterThan(before == null ? 0 : before);
                    Reference.Asked asked = Objects.requireNonNull(reference.questions.get(id));
                    assertThat(entry.at()).isEqualTo(asked.opensAt());
                    assertThat(entry.season()).isEqualTo(asked.season());
                    sums.merge(entry.board() + " " + player, (long) entry.delta(), Long::sum);
                }
                for (Raw raw : scorer.results) {
                    Result result = Json.read(Objects.requireNonNull(raw.value()), Result.class);
                    if (result instanceof Score score) {
                        told.put(
                                score.match() + " " + text(Objects.requireNonNull(raw.key())),
                                score.total());
                    } else {
                        receipts++;
                    }
                }
            }
            assertThat(told).as("totals told to players, seed %d", seed).isEqualTo(sums);
            sums.values().removeIf(sum -> sum == 0);
            assertThat(sums).as("points, seed %d", seed).isEqualTo(reference.points());
            long heard = history.answers.stream().filter(answer -> answer.key() != null).count();
            assertThat((long) receipts)
                    .as("every answer hears something, seed %d", seed)
                    .isGreaterThanOrEqualTo(heard);
        }

        private void checkFigures(Reference reference) {
            var told = new TreeMap<String, Stats.Figures>();
            for (Scorer scorer : scorers) {
                for (Raw raw : scorer.stats) {
                    Stats stats = Json.read(Objects.requireNonNull(raw.value()), Stats.class);
                    stats.matches()
                            .forEach(of ->
                                    told.put(of.match() + " " + stats.player(), of.figures()));
                }
            }
            told.values().removeIf(figures -> figures.answered() == 0);
            var expected = new TreeMap<String, Stats.Figures>();
            reference.figures.forEach((of, figures) ->
                    expected.put(
                            of,
                            Stats.Figures.of(
                                    figures.points(),
                                    figures.answered(),
                                    figures.correct(),
                                    figures.streak(),
                                    figures.longest(),
                                    figures.answerMs())));
            assertThat(told).as("figures, seed %d", seed).isEqualTo(expected);
        }

        @Override
        public void close() {
            desk.node.close();
            scorers.forEach(scorer -> scorer.node.close());
            tally.node.close();
        }
    }

    private static final class Desk {
        final Node node;
        final List<Raw> read = new ArrayList<>();
        private final List<Raw> commands;
        private final List<Raw> unsaid = new ArrayList<>();
        private int next;
        private int committedNext;
        private int committedRead;

        Desk(Node node, List<Raw> commands) {
            this.node = node;
            this.commands = commands;
        }

        boolean hasInput() {
            return next < commands.size();
        }

        void readOne() {
            if (hasInput()) {
                Raw command = commands.get(next++);
                read.add(command);
                node.pipe(Topics.QUESTION_COMMAND, command);
                readOwn();
            }
        }

        void advance(Duration time) {
            node.advance(time);
            readOwn();
        }

        /// What the desk's clock says comes back to it at once.
        private void readOwn() {
            read.addAll(node.take(Topics.QUESTION_COMMAND));
            unsaid.addAll(node.take(Topics.RULING));
        }

        void commit(List<Scorer> scorers) {
            node.commit();
            committedNext = next;
            committedRead = read.size();
            for (Raw ruling : unsaid) {
                scorers.forEach(scorer -> scorer.rulings.add(ruling));
            }
            unsaid.clear();
        }

        void kill() {
            node.kill();
            next = committedNext;
            read.subList(committedRead, read.size()).clear();
            unsaid.clear();
        }
    }

    private static final class Scorer {
        final Node node;
        final List<Raw> answers = new ArrayList<>();
        final List<Raw> rulings = new ArrayList<>();
        final List<Raw> points = new ArrayList<>();
        final List<Raw> results = new ArrayList<>();
        final List<Raw> stats = new ArrayList<>();
        private final int partition;
        private final Set<String> known = new HashSet<>();
        private final Map<String, List<String>> waitingOf = new HashMap<>();
        private int nextAnswer;
        private int nextRuling;
        private int committedAnswer;
        private int committedRuling;

        Scorer(int partition, Node node) {
            this.partition = partition;
            this.node = node;
        }

        boolean hasAnswers() {
            return nextAnswer < answers.size();
        }

        void readOne(SplittableRandom random) {
            boolean hasRulings = nextRuling < rulings.size();
            if (hasRulings && random.nextInt(50) == 0) {
                // Once more what was read before: it is known already.
                node.pipe(Topics.RULING, rulings.get(random.nextInt(nextRuling + 1)));
                return;
            }
            if (hasAnswers() && (!hasRulings || random.nextInt(3) > 0) && mayRead()) {
                readAnswer();
            } else if (hasRulings) {
                readRuling();
            }
        }

        /// Whether the next answer's player has room for one more to wait for its question.
        private boolean mayRead() {
            byte[] key = answers.get(nextAnswer).key();
            if (key == null) {
                return true;
            }
            List<String> waiting = waitingOf.getOrDefault(text(key), List.of());
            return waiting.stream().filter(id -> !known.contains(id)).count() < WAITING_MAX;
        }

        private void readAnswer() {
            Raw answer = answers.get(nextAnswer++);
            note(answer);
            node.pipe(Topics.ANSWER, answer);
        }

        private void readRuling() {
            Raw ruling = rulings.get(nextRuling++);
            known(ruling);
            node.pipe(Topics.RULING, ruling);
        }

        private void note(Raw answer) {
            String id = History.questionOf(answer);
            if (answer.key() != null && id != null && !known.contains(id)) {
                waitingOf.computeIfAbsent(text(answer.key()), _ -> new ArrayList<>()).add(id);
            }
        }

        private void known(Raw ruling) {
            Question question = Json.read(Objects.requireNonNull(ruling.value()), Question.class);
            if (question.state().compareTo(Question.State.OPEN) >= 0) {
                known.add(question.match() + " " + question.id());
            }
        }

        void readRest() {
            while (nextRuling < rulings.size()) {
                readRuling();
            }
            while (hasAnswers()) {
                readAnswer();
            }
        }

        void commit(Tally tally) {
            node.commit();
            committedAnswer = nextAnswer;
            committedRuling = nextRuling;
            points.addAll(node.take(Topics.POINTS));
            results.addAll(node.take(Topics.RESULT));
            stats.addAll(node.take(Topics.STATS));
            for (Raw raw : node.take(Topics.TALLY_PART)) {
                TallyPart part = Json.read(Objects.requireNonNull(raw.value()), TallyPart.class);
                // The test driver knows one partition only.
                var own =
                        new TallyPart(
                                part.match(),
                                part.question(),
                                part.opensAt(),
                                partition,
                                part.votes(),
                                part.times(),
                                part.last());
                tally.parts.add(new Raw(raw.key(), Json.write(own), null, raw.timestamp()));
            }
        }

        void kill() {
            node.kill();
            nextAnswer = committedAnswer;
            nextRuling = committedRuling;
            known.clear();
            waitingOf.clear();
            rulings.subList(0, nextRuling).forEach(this::known);
            answers.subList(0, nextAnswer).forEach(this::note);
        }
    }

    private static final class Tally {
        final Node node;
        final List<Raw> parts = new ArrayList<>();
        final Map<String, Map<String, Long>> votes = new TreeMap<>();
        private int next;
        private int committedNext;

        Tally(Node node) {
            this.node = node;
        }

        void readAll() {
            while (next < parts.size()) {
                node.pipe(Topics.TALLY_PART, parts.get(next++));
            }
        }

        void commit() {
            node.commit();
            committedNext = next;
            for (Raw raw : node.take(Topics.VOTES)) {
                Votes each = Json.read(Objects.requireNonNull(raw.value()), Votes.class);
                votes.put(each.match() + " " + each.question(), each.counts());
            }
        }

        void kill() {
            node.kill();
            next = committedNext;
        }
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }
}
