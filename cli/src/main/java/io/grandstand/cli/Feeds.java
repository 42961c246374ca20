package io.grandstand.cli;

import io.grandstand.cricket.Asking;
import io.grandstand.cricket.Conductor;
import io.grandstand.cricket.MatchFile;
import io.grandstand.cricket.MatchFileException;
import io.grandstand.cricket.MatchScript;
import io.grandstand.cricket.Pacing;
import io.grandstand.cricket.SimulatedMatch;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Waiting;
import io.grandstand.trivia.QuizFile;
import io.grandstand.trivia.QuizFileException;
import io.grandstand.trivia.QuizPacing;
import io.grandstand.trivia.QuizRunner;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is played in the demo: one file, one quiz, both, or simulated matches without end. Each on
/// a thread of its own, continuing where it stood before a restart.
final class Feeds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Feeds.class);

    /// The pause between two simulated matches, at speed 1.
    private static final Duration BETWEEN_MATCHES = Duration.ofMinutes(1);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final List<Play> plays;
    private final List<Thread> threads = new ArrayList<>();

    /// What the feeds work with.
    ///
    /// @param pacing how fast a match goes
    /// @param asking how a match's questions count
    /// @param boards tells which matches are over
    /// @param onMatch told the id of each match when it begins or goes on
    /// @param clock the server's clock
    record Surroundings(
            Map<String, Object> kafka,
            Pacing pacing,
            Asking asking,
            Scoreboards boards,
            Consumer<String> onMatch,
            InstantSource clock) {}

    /// One thing to play.
    @FunctionalInterface
    private interface Play {
        void run(Surroundings surroundings) throws InterruptedException;
    }

    private Feeds(List<Play> plays) {
        this.plays = List.copyOf(plays);
    }

    /// Reads what is to be played, so that a broken file is told before anything runs.
    static Feeds read(DemoConfig config) throws StartException {
        var plays = new ArrayList<Play>();
        if (config.match().isPresent()) {
            MatchScript script;
            try {
                script = MatchFile.read(config.match().get());
            } catch (MatchFileException e) {
                throw new StartException(e);
            }
            plays.add(surroundings -> conduct(script, surroundings));
        }
        if (config.quiz().isPresent()) {
            QuizFile quiz;
            try {
                quiz = QuizFile.read(config.quiz().get());
            } catch (QuizFileException e) {
                throw new StartException(e);
            }
            plays.add(surroundings -> ask(quiz, surroundings));
        }
        if (plays.isEmpty()) {
            plays.add(surroundings -> simulate(config.seed(), surroundings));
        }
        return new Feeds(plays);
    }

    /// Starts to play, each on a thread of its own.
    void start(Surroundings surroundings) {
        for (Play play : plays) {
            threads.add(Thread.ofPlatform().name("feed").start(() -> run(play, surroundings)));
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(CLOSE_MAX);
            } catch (InterruptedException cutShort) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void run(Play play, Surroundings surroundings) {
        try {
            play.run(surroundings);
        } catch (InterruptedException stopped) {
            // That is how a feed is stopped.
        } catch (RuntimeException e) {
            log.error("A feed stopped; start again to go on from here.", e);
        }
    }

    private static void conduct(MatchScript script, Surroundings surroundings)
            throws InterruptedException {
        surroundings.onMatch().accept(script.id());
        try (MatchFeed feed =
                MatchFeed.onKafka(surroundings.kafka(), script.id(), surroundings.clock())) {
            new Conductor(
                            script,
                            feed,
                            surroundings.pacing(),
                            surroundings.asking(),
                            surroundings.clock(),
                            Waiting.on(surroundings.clock()))
                    .run();
        }
    }

    private static void ask(QuizFile quiz, Surroundings surroundings) throws InterruptedException {
        surroundings.onMatch().accept(quiz.match());
        try (MatchFeed feed =
                MatchFeed.onKafka(surroundings.kafka(), quiz.match(), surroundings.clock())) {
            new QuizRunner(
                            quiz,
                            feed,
                            QuizPacing.DEFAULT.atSpeed(surroundings.pacing().speed()),
                            surroundings.clock(),
                            Waiting.on(surroundings.clock()))
                    .run();
        }
    }

    /// Plays match after match; which they are follows from the seed alone.
    private static void simulate(long seed, Surroundings surroundings) throws InterruptedException {
        Waiting waiting = Waiting.on(surroundings.clock());
        for (int number = 1; ; number++) {
            String id = "sim-" + seed + "-" + number;
            boolean isOver =
                    surroundings
                            .boards()
                            .find(id)
                            .filter(board -> board.state() == Scoreboard.State.FINISHED)
                            .isPresent();
            if (!isOver) {
                conduct(SimulatedMatch.of(id, seed * 1_000_003 + number), surroundings);
                Instant now = surroundings.clock().instant();
                long pauseMs = (long) (BETWEEN_MATCHES.toMillis() / surroundings.pacing().speed());
                waiting.until(now.plusMillis(pauseMs));
            }
        }
    }
}
