package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Points;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Result;
import io.grandstand.events.Result.Score;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random histories, applied in random interleavings of commands and answers, against a reference
/// that knows the whole history from the start. A failure prints the seed.
class QuizModelTest {
    private static final int HISTORIES = 250;

    private static final List<String> OPTIONS = List.of("dot", "four", "six");

    /// Under the bound of answers held for one player, beyond which answers are dropped.
    private static final int CASTS_PER_PLAYER_MAX = HeldAnswers.PER_PLAYER_MAX;

    private record Given(String player, String question, String option, long receivedAt) {}

    /// Each history is another match with players of its own, so one quiz serves them all.
    @Test
    void anyInterleavingEndsInTheTotalsOfTheReference(@TempDir Path stateDir) {
        try (var quiz = new QuizDriver(stateDir)) {
            for (long seed = 1; seed <= HISTORIES; seed++) {
                check(quiz, seed, "a" + seed);
                check(quiz, seed, "b" + seed);
            }
        }
    }

    /// The history of this seed, interleaved in a way that depends on the match's name too.
    private static void check(QuizDriver quiz, long seed, String match) {
        var random = new SplittableRandom(seed);
        List<QuestionCommand> commands = commands(match, random);
        List<Given> answers = answers(match, random);
        Map<String, Long> expected = totals(commands, answers);
        interleave(quiz, match, commands, answers, new SplittableRandom(seed ^ match.hashCode()));

        var sums = new TreeMap<String, Long>();
        var names = new HashSet<List<Object>>();
        for (TestRecord<String, Points> entry : quiz.points()) {
            Points points = entry.value();
            sums.merge(entry.key(), (long) points.delta(), Long::sum);
            assertThat(names.add(List.of(entry.key(), points.question(), points.version())))
                    .as(
                            "%s of %s is the only entry of its name, seed %d",
                            points, entry.key(), seed)
                    .isTrue();
        }
        var told = new TreeMap<String, Long>();
        for (TestRecord<String, Result> result : quiz.results()) {
            if (result.value() instanceof Score score) {
                told.put(result.key(), score.total());
            }
        }
        assertThat(withoutZeros(sums))
                .as("totals, seed %d", seed)
                .isEqualTo(withoutZeros(expected));
        assertThat(told).as("totals told to players, seed %d", seed).isEqualTo(sums);
        assertThat(sums.keySet())
                .as("players on the board, seed %d", seed)
                .containsAll(expected.keySet());
    }

    /// Commands keep their order, answers keep theirs; all else is chance.
    private static void interleave(
            QuizDriver quiz,
            String match,
            List<QuestionCommand> commands,
            List<Given> answers,
            SplittableRandom random) {
        int bias = 1 + random.nextInt(9);
        int command = 0;
        int answer = 0;
        while (command < commands.size() || answer < answers.size()) {
            boolean takesCommand =
                    answer == answers.size()
                            || (command < commands.size() && random.nextInt(10) < bias);
            if (takesCommand) {
                quiz.command(commands.get(command++));
            } else {
                Given given = answers.get(answer++);
                quiz.answer(
                        given.player(),
                        match,
                        given.question(),
                        given.option(),
                        given.receivedAt());
            }
            if (random.nextInt(20) == 0) {
                quiz.advance(Duration.ofMillis(random.nextInt(3_000)));
            }
        }
    }

    private static List<QuestionCommand> commands(String match, SplittableRandom random) {
        var lives = new ArrayList<List<QuestionCommand>>();
        int questions = 1 + random.nextInt(5);
        for (int i = 0; i < questions; i++) {
            lives.add(life(match, "q" + i, i, random));
        }
        var commands = new ArrayList<QuestionCommand>();
        while (!lives.isEmpty()) {
            int next = random.nextInt(Math.min(2, lives.size()));
            commands.add(lives.get(next).removeFirst());
            if (lives.get(next).isEmpty()) {
                lives.remove(next);
            }
            if (random.nextInt(5) == 0) {
                commands.add(commands.get(random.nextInt(commands.size())));
            }
        }
        return commands;
    }

    private static List<QuestionCommand> life(
            String match, String id, int index, SplittableRandom random) {
        var life = new ArrayList<QuestionCommand>();
        long opensAt = opensAt(index);
        long locksAt = opensAt + 10_000;
        if (random.nextInt(10) == 0) {
            life.add(new Lock(match, id, opensAt + 1));
        }
        life.add(
                new Ask(match, id, "?", Samples.OPTIONS, 10 * (index + 1), opensAt, locksAt, null));
        int steps = random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            long at = opensAt - 500 + random.nextInt(12_000);
            switch (random.nextInt(8)) {
                case 0, 1 -> life.add(new Lock(match, id, at));
                case 2 -> life.add(new Resolve(match, id, "seven", at));
                case 3 -> {
                    if (random.nextInt(3) == 0) {
                        life.add(new Withdraw(match, id, "rain"));
                    }
                }
                default -> life.add(new Resolve(match, id, OPTIONS.get(random.nextInt(3)), at));
            }
        }
        return life;
    }

    private static List<Given> answers(String match, SplittableRandom random) {
        var answers = new ArrayList<Given>();
        int players = 1 + random.nextInt(15);
        for (int player = 0; player < players; player++) {
            int casts = random.nextInt(CASTS_PER_PLAYER_MAX + 1);
            for (int i = 0; i < casts; i++) {
                int index = random.nextInt(6);
                String option = random.nextInt(12) == 0 ? "seven" : OPTIONS.get(random.nextInt(3));
                long at = opensAt(index) - 1_000 + random.nextInt(13_000);
                answers.add(new Given(match + "-p" + player, "q" + index, option, at));
            }
        }
        for (int i = answers.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            answers.set(i, answers.set(other, answers.get(i)));
        }
        return answers;
    }

    private static long opensAt(int index) {
        return 10_000 + index * 20_000L;
    }

    /// The reference is one pass over the commands, then one over the answers. This is what the
    /// commands make of a question.
    private static final class Fate {
        final Ask asked;
        long locksAt;
        boolean isLocked;
        boolean isVoid;
        @Nullable String answer;

        Fate(Ask asked) {
            this.asked = asked;
            this.locksAt = asked.locksAt();
        }

        void lock(long at) {
            if (!isLocked && !isVoid) {
                isLocked = true;
                locksAt = Math.max(asked.opensAt() + 1, Math.min(locksAt, at));
            }
        }
    }

    /// Every player with a counted answer to a question that ended with a result.
    private static Map<String, Long> totals(List<QuestionCommand> commands, List<Given> answers) {
        var fates = new HashMap<String, Fate>();
        for (QuestionCommand command : commands) {
            Fate fate = fates.get(command.question());
            if (command instanceof Ask ask) {
                fates.putIfAbsent(ask.question(), new Fate(ask));
            } else if (fate != null && !fate.isVoid) {
                switch (command) {
                    case Ask _ -> {}
                    case Lock lock -> fate.lock(lock.at());
                    case Withdraw _ -> fate.isVoid = true;
                    case Resolve resolve -> {
                        if (OPTIONS.contains(resolve.answer())) {
                            fate.lock(resolve.at());
                            fate.answer = resolve.answer();
                        }
                    }
                }
            }
        }
        var counted = new HashSet<List<String>>();
        var totals = new TreeMap<String, Long>();
        for (Given given : answers) {
            Fate fate = fates.get(given.question());
            if (fate != null
                    && OPTIONS.contains(given.option())
                    && given.receivedAt() >= fate.asked.opensAt()
                    && given.receivedAt() <= fate.locksAt
                    && counted.add(List.of(given.player(), given.question()))
                    && fate.answer != null
                    && !fate.isVoid) {
                long points = given.option().equals(fate.answer) ? fate.asked.points() : 0;
                totals.merge(given.player(), points, Long::sum);
            }
        }
        return totals;
    }

    private static Map<String, Long> withoutZeros(Map<String, Long> totals) {
        var rest = new TreeMap<>(totals);
        rest.values().removeAll(Set.of(0L));
        return rest;
    }
}
