package io.grandstand.leaderboard;

import static io.grandstand.leaderboard.Measure.percentiles;
import static io.grandstand.leaderboard.Measure.rounded;
import static io.grandstand.leaderboard.Measure.say;

import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.BoardRow;
import io.grandstand.events.Json;
import io.grandstand.events.NameFilter;
import io.grandstand.events.SeasonCommand;
import io.grandstand.events.SeasonFinal;
import io.grandstand.events.Top;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.streams.RestoreProgress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The whole service on a broker in the same process: entries through the topics, exactly once,
/// with changelogs; boards over HTTP; a season's close; the rebuilding of a wiped state.
///
/// DOMAIN 4.1 in small, 4.2, 4.4 and 4.5.
final class BrokerBench {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final int THREADS = 2;
    private static final int SAMPLES = 2_000;
    private static final int FRIENDS = 500;
    private static final int FRIENDS_REQUESTS = 1_000;
    private static final String BOARD = Boards.ALL;

    private final Game game;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final LongAdder restored = new LongAdder();
    private long mismatches;

    BrokerBench(Game game, Path folder) {
        this.game = game;
        this.folder = folder;
    }

    Map<String, Object> run() throws Exception {
        var results = new LinkedHashMap<String, Object>();
        results.put("players", game.players);
        results.put("deltas", game.deltas);
        results.put("seed", game.seed);
        results.put("partitions", Topics.POINTS.partitions());
        results.put("streamThreads", THREADS);
        results.put("boardsAnEntryCountsOn", 4);
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(folder.resolve("kafka"), 0, Measure::say)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            var catalogue = new ArrayList<Topic<?>>(Topics.all());
            catalogue.addAll(LeaderboardTopology.topics());
            TopicSetup.apply(kafka, catalogue, PATIENCE);
            Path state = folder.resolve("state");
            Game.FullSort sorted;
            try (LeaderboardService service = service(kafka, state)) {
                service.awaitRunning(PATIENCE);
                results.put("feed", feed(kafka, service));
                sorted = game.sorted();
                results.put("playersOnTheBoard", sorted.size());
                results.put("distinctScores", sorted.distinctScores());
                results.put("stateMb", Measure.megabytes(state));
                results.put("places", places(service, sorted));
                results.put("friends", friends(service));
                results.put("seasonClose", seasonClose(kafka, sorted));
            }
            results.put("restore", restore(kafka, sorted));
        }
        results.put("mismatches", mismatches);
        return results;
    }

    private LeaderboardService service(Map<String, Object> kafka, Path state) throws Exception {
        return LeaderboardService.start(
                kafka,
                new LeaderboardService.Config(
                        "bench",
                        state,
                        THREADS,
                        0,
                        "127.0.0.1",
                        0,
                        NameFilter.standard(),
                        this::count),
                Measure::say);
    }

    private void count(RestoreProgress progress) {
        if (progress.ended()) {
            restored.add(progress.done());
        }
    }

    /// From the first entry that is sent to the moment at which the board shows the last.
    private Map<String, Object> feed(Map<String, Object> kafka, LeaderboardService service)
            throws Exception {
        var measure = new Measure();
        long sent = 0;
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        try (var producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int entry = 0; entry < game.deltas; entry++) {
                byte[] key = Topic.key(game.id(game.playerOf(entry)));
                byte[] json = Json.write(game.entry(entry, Game.SEASON));
                for (int copy = Game.isSentTwice(entry) ? 2 : 1; copy > 0; copy--) {
                    var _ = producer.send(new ProducerRecord<>(Topics.POINTS.name(), key, json));
                    sent++;
                }
                game.count(entry);
            }
        }
        say("%d entries sent in %.0f s", sent, measure.seconds());
        Game.FullSort sorted = game.sorted();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isAllRead(service, sorted)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the board does not become what it should be");
            }
        }
        return measure.rate(sent);
    }

    private boolean isAllRead(LeaderboardService service, Game.FullSort sorted) throws Exception {
        Top last = get(service, "/boards/all/page?size=1&offset=" + (sorted.size() - 1));
        if (last.players() != sorted.size()
                || !last.top().equals(rows(sorted, sorted.size() - 1))) {
            return false;
        }
        var random = new SplittableRandom(1);
        for (int i = 0; i < 20; i++) {
            int position = random.nextInt(sorted.size());
            Top page = get(service, "/boards/all/page?size=1&offset=" + position);
            if (!page.top().equals(rows(sorted, position))) {
                return false;
            }
        }
        return true;
    }

    private static List<BoardRow> rows(Game.FullSort sorted, int position) {
        String id = sorted.id(position);
        return List.of(new BoardRow(sorted.rankAt(position), id, id, sorted.score(position)));
    }

    private Map<String, Object> places(LeaderboardService service, Game.FullSort sorted)
            throws Exception {
        var random = new SplittableRandom(game.seed);
        var ms = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            int player = random.nextInt(game.players);
            long started = System.nanoTime();
            Top.Me me = get(service, "/boards/all/players/" + game.id(player)).me();
            ms[i] = (System.nanoTime() - started) / 1e6;
            Top.Me expected =
                    sorted.isPlaying(player)
                            ? new Top.Me((long) sorted.rankOf(player), sorted.scoreOf(player))
                            : Top.Me.NOBODY;
            check("place of " + game.id(player), me, expected);
        }
        return percentiles(ms);
    }

    private Map<String, Object> friends(LeaderboardService service) throws Exception {
        var random = new SplittableRandom(game.seed);
        var ms = new double[FRIENDS_REQUESTS];
        for (int i = 0; i < FRIENDS_REQUESTS; i++) {
            List<String> friends =
                    random.ints(0, game.players)
                            .distinct()
                            .limit(FRIENDS)
                            .mapToObj(game::id)
                            .toList();
            byte[] body = Json.write(Map.of("players", friends));
            var request =
                    HttpRequest.newBuilder(uri(service, "/boards/" + BOARD + "/friends"))
                            .POST(BodyPublishers.ofByteArray(body))
                            .build();
            long started = System.nanoTime();
            var response = http.send(request, BodyHandlers.ofByteArray());
            ms[i] = (System.nanoTime() - started) / 1e6;
            check("status", response.statusCode(), 200);
        }
        return percentiles(ms);
    }

    /// Closes the season and compares the seal with a hash over the full sort.
    private Map<String, Object> seasonClose(Map<String, Object> kafka, Game.FullSort sorted)
            throws Exception {
        var measure = new Measure();
        try (var producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            var close =
                    new SeasonCommand(
                            SeasonCommand.Kind.CLOSE, Game.SEASON, System.currentTimeMillis());
            producer.send(
                            new ProducerRecord<>(
                                    Topics.SEASON_COMMAND.name(),
                                    Topic.key(Game.SEASON),
                                    Json.write(close)))
                    .get();
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < sorted.size(); i++) {
            String line = sorted.rankAt(i) + "\t" + sorted.score(i) + "\t" + sorted.id(i) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        SeasonFinal.Seal seal = seal(kafka);
        check("hash", seal.sha256(), HexFormat.of().formatHex(digest.digest()));
        check("players of the table", seal.players(), (long) sorted.size());
        var results = new LinkedHashMap<String, Object>();
        results.put("secondsFromCommandToSeal", rounded(measure.seconds()));
        results.put("ofWhichWaiting", SeasonDesk.NOTICE.plus(SeasonDesk.SETTLING).toSeconds());
        results.put("chunks", seal.chunks());
        results.put("sha256", seal.sha256());
        return results;
    }

    private static SeasonFinal.Seal seal(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (var consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partition = new TopicPartition(Topics.SEASON_FINAL.name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (true) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    if (Json.read(record.value(), SeasonFinal.class)
                            instanceof SeasonFinal.Seal seal) {
                        return seal;
                    }
                }
            }
        }
    }

    /// On an empty folder, as if the machine were a new one.
    private Map<String, Object> restore(Map<String, Object> kafka, Game.FullSort sorted)
            throws Exception {
        restored.reset();
        var measure = new Measure();
        try (LeaderboardService service = service(kafka, folder.resolve("state-again"))) {
            service.awaitRunning(PATIENCE);
            double seconds = measure.seconds();
            var results = new LinkedHashMap<String, Object>();
            results.put("secondsToRunning", rounded(seconds));
            results.put("changelogRecords", restored.sum());
            results.put("recordsPerSecond", Math.round(restored.sum() / seconds));
            places(service, sorted);
            return results;
        }
    }

    private Top get(LeaderboardService service, String path) throws Exception {
        var request = HttpRequest.newBuilder(uri(service, path)).build();
        var response = http.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    path + " answered " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return Json.read(response.body(), Top.class);
    }

    private static URI uri(LeaderboardService service, String path) {
        return URI.create("http://127.0.0.1:" + service.port() + path);
    }

    private void check(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            mismatches++;
            say("%s is %s, not %s", what, actual, expected);
        }
    }
}
