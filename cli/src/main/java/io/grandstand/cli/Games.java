package io.grandstand.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One instance of the game's services beside a Kafka cluster: what `grandstand games` runs.
final class Games {
    private static final Logger log = LoggerFactory.getLogger(Games.class);

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger();

    /// Runs until Ctrl-C or a fault; returns the exit code.
    ///
    /// @param data folder for state and logs
    static int run(
            Map<String, Object> kafka,
            Path data,
            GameServices.Config config,
            RestoreConsole restores,
            Console console)
            throws StartException, InterruptedException {
        console.line("Grandstand " + Version.current());
        var games = new Games();
        GameServices.applyTopics(kafka, console);
        try (var services = GameServices.start(kafka, config, games::fail)) {
            // Ctrl-C ends the program with 130 when its hooks have run.
            Runtime.getRuntime().addShutdownHook(new Thread(games::stop, "stop"));
            console.done(
                    "Boards",
                    "http://%s:%d, with /metrics and /health"
                            .formatted(config.host(), services.port()));
            games.awaitRunning(services, data);
            if (games.end.getCount() > 0) {
                console.done("State", restores.summary());
                console.done("Game", "questions, answers, points and boards are served");
                console.line("");
                console.line(
                        "Ctrl-C stops this instance; others, or its next start, go on from there.");
            }
            games.end.await();
        } finally {
            games.closed.countDown();
        }
        return games.exitCode.get();
    }

    /// Rebuilding may take as long as it takes: the console tells how far it is.
    private void awaitRunning(GameServices services, Path data)
            throws StartException, InterruptedException {
        while (end.getCount() > 0 && !services.awaitRunning(Duration.ofSeconds(1))) {
            if (services.hasFailed()) {
                throw new StartException(
                        "the game services do not start; see %s"
                                .formatted(data.resolve("logs/grandstand.log")));
            }
        }
    }

    private void stop() {
        end.countDown();
        try {
            closed.await();
        } catch (InterruptedException cutShort) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(String sentence) {
        log.error("{}", sentence);
        exitCode.set(1);
        end.countDown();
    }
}
