package io.grandstand.cli;

import io.grandstand.embedded.ClusterException;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.NameFilter;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.leaderboard.LeaderboardService;
import io.grandstand.leaderboard.LeaderboardTopology;
import io.grandstand.leaderboard.ServicePage;
import io.grandstand.quiz.QuizFigures;
import io.grandstand.quiz.QuizTopology;
import io.grandstand.streams.Metrics;
import io.grandstand.streams.RestoreProgress;
import io.grandstand.streams.StreamsOptions;
import io.grandstand.streams.StreamsService;
import io.grandstand.streams.TopologyDrawing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.KafkaStreams.State;

/// The game's services in this process: their topics, the quiz, the leaderboard, and one port for
/// boards and operators. The demo runs one of it, `grandstand games` any number beside each other.
///
/// | request | answer |
/// |---|---|
/// | `GET /boards/…` | boards |
/// | `GET /metrics` | figures for Prometheus |
/// | `GET /health` | 200 while both services run or get their partitions, otherwise 503 |
/// | `GET /health/ready` | 200 once boards can be read |
final class GameServices implements AutoCloseable {
    private static final String QUIZ = "grandstand-quiz";
    private static final String LEADERBOARD = "grandstand-leaderboard";

    private static final Duration CLUSTER_TIMEOUT = Duration.ofSeconds(15);

    private final StreamsService quiz;
    private final LeaderboardService leaderboard;

    /// How the services run.
    ///
    /// @param stateDir where state stores live; they are rebuilt from Kafka where it is empty
    /// @param threads stream threads of each service
    /// @param standbyReplicas how many other instances keep a copy of each store
    /// @param host where the port is, and where other instances reach this one
    /// @param port 0 for any free one
    /// @param onRestore told how the rebuilding of stores goes on, see `StreamsOptions`
    record Config(
            Path stateDir,
            int threads,
            int standbyReplicas,
            String host,
            int port,
            Consumer<RestoreProgress> onRestore) {
        /// Of one process alone on its machine.
        static Config local(Path stateDir, Consumer<RestoreProgress> onRestore) {
            return new Config(stateDir, 1, 0, "127.0.0.1", 0, onRestore);
        }
    }

    private GameServices(StreamsService quiz, LeaderboardService leaderboard) {
        this.quiz = quiz;
        this.leaderboard = leaderboard;
        leaderboard.serve("/metrics", this::metrics);
        leaderboard.serve("/health", this::health);
    }

    /// The topology of each service by its name.
    static Map<String, String> describe() {
        return Map.of(
                QUIZ, TopologyDrawing.text(QuizTopology.build()),
                LEADERBOARD, TopologyDrawing.text(LeaderboardTopology.build()));
    }

    /// Creates topics that are missing and compares the others.
    ///
    /// @throws StartException if a topic is such that the game would go wrong
    static void applyTopics(Map<String, Object> kafka, Console console) throws StartException {
        var catalogue = new ArrayList<Topic<?>>(Topics.all());
        catalogue.addAll(LeaderboardTopology.topics());
        List<TopicSetup.Difference> differences;
        try {
            differences = TopicSetup.apply(kafka, catalogue, CLUSTER_TIMEOUT);
        } catch (ClusterException e) {
            throw new StartException(e);
        }
        var fatal = new ArrayList<String>();
        for (TopicSetup.Difference difference : differences) {
            if (difference.fatal()) {
                fatal.add(difference.sentence());
            } else {
                console.line("  Note: " + difference.sentence());
            }
        }
        if (!fatal.isEmpty()) {
            throw new StartException(
                    String.join("\n", fatal)
                            + "\nThe game never alters a topic: change or delete it yourself.");
        }
        console.done("Topics", catalogue.size() + " are there");
    }

    /// Starts the services; their topics must exist.
    ///
    /// @param onFailure told one sentence when a service can go on no longer
    static GameServices start(Map<String, Object> kafka, Config config, Consumer<String> onFailure)
            throws StartException, InterruptedException {
        LeaderboardService leaderboard;
        try {
            leaderboard =
                    LeaderboardService.start(
                            kafka,
                            new LeaderboardService.Config(
                                    LEADERBOARD,
                                    config.stateDir(),
                                    config.threads(),
                                    config.standbyReplicas(),
                                    config.host(),
                                    config.port(),
                                    NameFilter.standard(),
                                    config.onRestore()),
                            onFailure);
        } catch (IOException e) {
            throw new StartException(
                    "boards cannot be served at %s:%d (%s): name another address with --host and"
                                    .formatted(config.host(), config.port(), e.getMessage())
                            + " --port, or stop what uses it",
                    e);
        }
        var quiz =
                new StreamsService(
                        QUIZ,
                        QuizTopology.build(),
                        kafka,
                        config.stateDir(),
                        new StreamsOptions(
                                config.threads(),
                                config.standbyReplicas(),
                                null,
                                config.onRestore()),
                        onFailure);
        quiz.start();
        return new GameServices(quiz, leaderboard);
    }

    /// Waits until both services run for the first time, or one can run no more; false where one
    /// does not run.
    boolean awaitRunning(Duration atMost) throws InterruptedException {
        return quiz.awaitRunning(atMost) && leaderboard.awaitRunning(atMost);
    }

    /// Whether a service can run no more.
    boolean hasFailed() {
        return hasFailed(quiz.state()) || hasFailed(leaderboard.state());
    }

    /// Where boards, figures and health are served.
    int port() {
        return leaderboard.port();
    }

    /// Stops scoring, then boards. Closing twice is harmless.
    @Override
    public void close() {
        quiz.close();
        leaderboard.close();
    }

    private static boolean hasFailed(State state) {
        return state != State.CREATED && !state.isRunningOrRebalancing();
    }

    private ServicePage metrics() {
        var metrics = new Metrics();
        quiz.collect(metrics);
        QuizFigures.collect(quiz, metrics);
        leaderboard.collect(metrics);
        return new ServicePage(200, Metrics.CONTENT_TYPE, metrics.text());
    }

    private ServicePage health() {
        boolean isWell =
                quiz.state().isRunningOrRebalancing()
                        && leaderboard.state().isRunningOrRebalancing();
        return new ServicePage(
                isWell ? 200 : 503,
                "application/json",
                "{\"quiz\":\"%s\",\"leaderboard\":\"%s\"}"
                        .formatted(word(quiz.state()), word(leaderboard.state())));
    }

    private static String word(State state) {
        return switch (state) {
            case CREATED, REBALANCING -> "getting partitions";
            case RUNNING -> "running";
            case PENDING_SHUTDOWN, NOT_RUNNING -> "stopped";
            case PENDING_ERROR, ERROR -> "failed";
        };
    }
}
