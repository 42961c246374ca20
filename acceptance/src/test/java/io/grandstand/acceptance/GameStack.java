package io.grandstand.acceptance;

import io.grandstand.cli.GameChannels;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.leaderboard.LeaderboardTopology;
import io.grandstand.quiz.QuizTopology;
import io.grandstand.streams.StreamsService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.apache.kafka.streams.Topology;

/// Broker, game services and gateway, wired as the demo wires them, without a feed and bots of its
/// own.
final class GameStack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final TestCluster cluster;
    final TestGateway gateway;
    private final StreamsService quiz;
    private final StreamsService leaderboard;

    GameStack(Path data) throws Exception {
        cluster = new TestCluster(data.resolve("kafka"));
        var catalogue = new ArrayList<Topic<?>>(Topics.all());
        catalogue.addAll(LeaderboardTopology.topics());
        if (!TopicSetup.apply(cluster.client(), catalogue, PATIENCE).isEmpty()) {
            throw new AssertionError("fresh topics differ from the catalogue");
        }
        quiz = service("quiz", QuizTopology.build(), data);
        leaderboard = service("leaderboard", LeaderboardTopology.build(), data);
        if (!quiz.awaitRunning(PATIENCE) || !leaderboard.awaitRunning(PATIENCE)) {
            throw new AssertionError("the services do not run");
        }
        gateway = new TestGateway(cluster.client(), GameChannels.namespaces());
    }

    @Override
    public void close() {
        gateway.close();
        leaderboard.close();
        quiz.close();
        cluster.close();
    }

    private StreamsService service(String name, Topology topology, Path data) {
        var service =
                new StreamsService(
                        name,
                        topology,
                        cluster.client(),
                        data.resolve("state"),
                        1,
                        sentence -> {
                            throw new AssertionError(sentence);
                        });
        service.start();
        return service;
    }
}
