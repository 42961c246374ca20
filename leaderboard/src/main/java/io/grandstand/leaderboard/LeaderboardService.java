package io.grandstand.leaderboard;

import io.grandstand.events.NameFilter;
import io.grandstand.events.Topics;
import io.grandstand.streams.Metrics;
import io.grandstand.streams.RestoreProgress;
import io.grandstand.streams.StreamsOptions;
import io.grandstand.streams.StreamsService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.state.HostInfo;

/// One running instance of the leaderboard: its part of the topology, boards over HTTP, and answers
/// to its share of `gettop`. The topics must exist.
public final class LeaderboardService implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final StreamsService streams;
    private final BoardServer server;
    private final int port;

    /// How an instance runs.
    ///
    /// @param name names the consumer groups, the changelog topics and the folder below `stateDir`
    /// @param stateDir where state stores live; they are rebuilt from Kafka where it is empty
    /// @param threads stream threads
    /// @param standbyReplicas how many other instances keep a copy of each store
    /// @param host where boards are served over HTTP, and where other instances reach this one
    /// @param port 0 for any free one
    /// @param names which names boards show
    /// @param onRestore told how the rebuilding of stores goes on, see `StreamsOptions`
    public record Config(
            String name,
            Path stateDir,
            int threads,
            int standbyReplicas,
            String host,
            int port,
            NameFilter names,
            Consumer<RestoreProgress> onRestore) {
        /// One thread, no standby, any port of this machine alone, the names that come with the
        /// product.
        public static Config local(String name, Path stateDir) {
            return new Config(
                    name, stateDir, 1, 0, "127.0.0.1", 0, NameFilter.standard(), progress -> {});
        }
    }

    /// Starts an instance.
    ///
    /// @param kafka how clients reach the cluster: at least `bootstrap.servers`
    /// @param onFailure told one sentence when the instance can go on no longer
    /// @throws IOException if the port cannot be taken or the cluster does not tell its topics
    public static LeaderboardService start(
            Map<String, Object> kafka, Config config, Consumer<String> onFailure)
            throws IOException, InterruptedException {
        int partitions = partitions(kafka);
        var server = new BoardServer(config.host(), config.port());
        return new LeaderboardService(kafka, config, partitions, server, onFailure);
    }

    private LeaderboardService(
            Map<String, Object> kafka,
            Config config,
            int partitions,
            BoardServer server,
            Consumer<String> onFailure) {
        this.server = server;
        port = server.port();
        var self = new HostInfo(config.host(), port);
        streams =
                new StreamsService(
                        config.name(),
                        LeaderboardTopology.build(config.names()),
                        kafka,
                        config.stateDir(),
                        new StreamsOptions(
                                config.threads(),
                                config.standbyReplicas(),
                                self,
                                config.onRestore()),
                        onFailure);
        parts.push(streams);
        HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(1))
                        .build();
        parts.push(http::shutdownNow);
        var fleet = new StreamsFleet(streams, self, partitions, http);
        InstantSource clock = InstantSource.system();
        var reader = new BoardReader(fleet, clock);
        var responder = new TopResponder(config.name(), kafka, reader, clock, onFailure);
        parts.push(responder);
        parts.push(server);
        streams.start();
        server.start(reader, fleet, streams::isRunning);
        responder.start();
    }

    /// Waits until the instance runs for the first time, or can run no more; false where it does
    /// not run.
    public boolean awaitRunning(Duration atMost) throws InterruptedException {
        return streams.awaitRunning(atMost);
    }

    /// Whether all partitions that fall to this instance are being worked on.
    public boolean isRunning() {
        return streams.isRunning();
    }

    /// Where Kafka Streams stands.
    public State state() {
        return streams.state();
    }

    /// Adds what operators watch.
    public void collect(Metrics metrics) {
        streams.collect(metrics);
    }

    /// Puts a page of the program around the service on its port, made anew at each request.
    public void serve(String path, Supplier<ServicePage> page) {
        server.serve(path, page);
    }

    /// Where boards are served over HTTP.
    public int port() {
        return port;
    }

    /// Stops answering, then scoring. Closing twice is harmless.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception impossible) {
                throw new AssertionError("parts throw nothing checked", impossible);
            }
        }
    }

    private static int partitions(Map<String, Object> kafka)
            throws IOException, InterruptedException {
        String points = Topics.POINTS.name();
        try (Admin admin = Admin.create(kafka)) {
            TopicDescription described =
                    admin.describeTopics(List.of(points)).allTopicNames().get().get(points);
            if (described == null) {
                throw new IOException("the cluster does not tell the partitions of " + points);
            }
            return described.partitions().size();
        } catch (ExecutionException e) {
            throw new IOException(
                    "the cluster does not tell the partitions of %s: %s"
                            .formatted(points, e.getCause()),
                    e);
        }
    }
}
