package io.grandstand.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.BoardRow;
import io.grandstand.events.Json;
import io.grandstand.events.League;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Points;
import io.grandstand.events.RankAt;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.streams.RestoreProgress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Two instances on a real broker, over HTTP and over `gettop`. The tests share them, in order.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LeaderboardServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PLAYERS = 1_200;
    private static final String BOARD = "all";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<BoardRow> expected = new ArrayList<>();
    private final ConcurrentLinkedQueue<RestoreProgress> restored = new ConcurrentLinkedQueue<>();
    private final List<Top> received = new ArrayList<>();
    private String asker = "";
    private Path folder;
    private EmbeddedBroker broker;
    private Map<String, Object> kafka;
    private KafkaProducer<byte[], byte[]> producer;
    private LeaderboardService first;
    private LeaderboardService second;

    @SuppressWarnings("NullAway.Init") // Begins with start.
    LeaderboardServiceTest() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0, sentence -> {});
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        var catalogue = new ArrayList<Topic<?>>(Topics.all());
        catalogue.addAll(LeaderboardTopology.topics());
        assertThat(TopicSetup.apply(kafka, catalogue, PATIENCE)).isEmpty();
        producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        play();
        first = service("first");
        second = service("second");
        assertThat(first.awaitRunning(PATIENCE)).isTrue();
        assertThat(second.awaitRunning(PATIENCE)).isTrue();
    }

    @AfterAll
    void stop() {
        second.close();
        first.close();
        producer.close();
        broker.close();
    }

    @Test
    @Order(1)
    void anyInstanceAnswersForAllPlayers() throws Exception {
        await(first, "/boards/all/page?offset=0&size=100", top -> isExpected(top, 0, 100));
        await(second, "/boards/all/page?offset=700&size=50", top -> isExpected(top, 700, 50));
        for (LeaderboardService instance : List.of(first, second)) {
            for (int i = 0; i < PLAYERS; i += 97) {
                BoardRow row = expected.get(i);
                Top top = get(instance, "/boards/all/players/" + row.player());
                assertThat(top.me()).isEqualTo(new Top.Me(row.rank(), row.score()));
                assertThat(top.players()).isEqualTo(PLAYERS);
                Top around = get(instance, "/boards/all/around/" + row.player() + "?k=3");
                assertThat(around.top())
                        .isEqualTo(expected.subList(Math.max(0, i - 3), Math.min(PLAYERS, i + 4)));
            }
            assertThat(get(instance, "/boards/all/top").top()).isEqualTo(expected.subList(0, 10));
        }
    }

    @Test
    @Order(2)
    void friendsAndLeaguesAreRankedAmongThemselves() throws Exception {
        List<String> friends = IntStream.range(0, 500).mapToObj(i -> "p" + (i * 2)).toList();
        var body = new HashMap<String, Object>();
        body.put("players", friends);
        Top top = Json.read(post(second, "/boards/all/friends", body).body(), Top.class);
        assertThat(top.top())
                .extracting(BoardRow::player)
                .isEqualTo(
                        expected.stream().map(BoardRow::player).filter(friends::contains).toList());
        assertThat(top.top().getFirst().rank()).isEqualTo(1);
        assertThat(top.top().getLast().boardRank()).isGreaterThan(top.top().getLast().rank());

        send(Topics.LEAGUE, "office", new League("office", List.of("p3", "p5", "nobody")));
        await(
                first,
                "/boards/all/leagues/office?player=p3",
                league -> league.players() == 2 && league.me().rank() != null);
        assertThat(raw(first, "/boards/all/leagues/no-such").statusCode()).isEqualTo(404);
    }

    @Test
    @Order(3)
    void requestsOverGettopAreAnsweredToTheirAsker() throws Exception {
        try (var tops = topsOf("p7")) {
            var request = new TopRequest(BOARD, Kind.AROUND, "r1", 2, null, null, null, null);
            send(Topics.GETTOP, "p7", request);
            int own = expected.stream().map(BoardRow::player).toList().indexOf("p7");
            Top top = next(tops);
            assertThat(top.request()).isEqualTo("r1");
            assertThat(top.kind()).isEqualTo(Kind.AROUND);
            assertThat(top.top())
                    .isEqualTo(expected.subList(Math.max(0, own - 2), Math.min(PLAYERS, own + 3)));

            send(Topics.GETTOP, "p7", new TopRequest(BOARD));
            assertThat(next(tops).kind()).isNull();

            producer.send(
                            new ProducerRecord<>(
                                    Topics.GETTOP.name(),
                                    Topic.key("p7"),
                                    "{\"board\":\"all\",\"kind\":\"around\",\"k\":51}"
                                            .getBytes(StandardCharsets.UTF_8)))
                    .get();
            assertThat(next(tops).refused()).isEqualTo(Refusals.INVALID);
        }
    }

    @Test
    @Order(3)
    void theRanksThatAPlayerWasToldAreKept() throws Exception {
        BoardRow own =
                expected.stream()
                        .filter(row -> row.player().equals("p11"))
                        .findFirst()
                        .orElseThrow();
        try (var tops = topsOf("p11")) {
            long before = System.currentTimeMillis();
            send(Topics.GETTOP, "p11", new TopRequest(BOARD));
            assertThat(next(tops).history()).isNull();
            long after = System.currentTimeMillis();

            var request = new TopRequest(BOARD, Kind.HISTORY, "r2", null, null, null, null, null);
            send(Topics.GETTOP, "p11", request);
            Top top = next(tops);
            RankAt only = history(top).getFirst();
            assertThat(only.at()).isBetween(before, after);
            assertThat(only).isEqualTo(new RankAt(only.at(), own.rank(), own.score(), PLAYERS));
            assertThat(top)
                    .isEqualTo(
                            Top.history(
                                    request,
                                    new Top.Me(own.rank(), own.score()),
                                    PLAYERS,
                                    List.of(only)));
            for (LeaderboardService instance : List.of(first, second)) {
                assertThat(history(get(instance, "/boards/all/players/p11/history")))
                        .containsExactly(only);
            }
        }
    }

    /// DOMAIN 4, races: a bot asks a thousand times a second.
    @Test
    @Order(4)
    void whoAsksTooOftenIsRefusedOnceASecond() throws Exception {
        try (var tops = topsOf("p8")) {
            for (int i = 0; i < 1_000; i++) {
                var request = new TopRequest(BOARD, Kind.PAGE, null, null, 0L, 1, null, null);
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        Topics.GETTOP.name(),
                                        Topic.key("p8"),
                                        Json.write(request)));
            }
            // The refusal is sent before the answers that were granted have been read.
            int answered = 0;
            int refused = 0;
            while (refused == 0 || answered < TopResponder.REQUESTS_PER_SECOND) {
                Top top = next(tops);
                if (top.refused() == null) {
                    answered++;
                } else if (top.refused().equals(Refusals.RATE)) {
                    refused++;
                }
            }
            assertThat(answered + refused)
                    .as("answers to a thousand requests, which may fall into several seconds")
                    .isLessThan(200);
        }
    }

    @Test
    @Order(5)
    void whatIsOutOfBoundsOrDoesNotExistIsSaid() throws Exception {
        refused(400, "size is 101: must be 1 to 100", "/boards/all/page?size=101");
        refused(400, "offset is no number", "/boards/all/page?offset=x");
        refused(400, "k is 0: must be 1 to 50", "/boards/all/around/p1?k=0");
        refused(
                400,
                "board is 'a b': must be 1 to 71 characters of A-Z a-z 0-9 . _ : ~ -",
                "/boards/a%20b/top");
        refused(404, "There is nothing here.", "/boards/all");
        refused(404, "There is nothing here.", "/boards/all/nothing");
        refused(404, "There is nothing here.", "/boards/all/players/p1/nothing");
        refused(
                400,
                "player must be 1 to 128 characters",
                "/boards/all/players/" + "p".repeat(129) + "/history");
        refused(405, "Use POST here.", "/boards/all/friends");
        assertThat(get(first, "/boards/all/players/nobody").me()).isEqualTo(Top.Me.NOBODY);
        assertThat(history(get(first, "/boards/all/players/nobody/history"))).isEmpty();
        assertThat(get(first, "/boards/no-such/top").players()).isZero();
        Top far = get(first, "/boards/all/page?offset=1000000000&size=100");
        assertThat(far.top()).isEmpty();
        assertThat(far.players()).isEqualTo(PLAYERS);
    }

    /// DOMAIN 4.2: wipe local state, restart: same board.
    @Test
    @Order(6)
    void anInstanceWithoutItsStateRebuildsTheSameBoardAndSaysSoMeanwhile() throws Exception {
        String ranks = "/boards/all/players/p11/history";
        List<RankAt> history = history(get(first, ranks));
        first.close();
        await(second, "/boards/all/page?offset=0&size=100", top -> isExpected(top, 0, 100));
        second.close();
        restored.clear();
        second = service("wiped");
        HttpResponse<byte[]> early = raw(second, "/boards/all/top");
        if (early.statusCode() != 200) {
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.headers().firstValue("Retry-After")).isPresent();
            assertThat(new String(early.body(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"error\":\"" + Refusals.RESTORING.sentence() + "\"}");
        }
        assertThat(second.awaitRunning(PATIENCE)).isTrue();
        await(second, "/boards/all/page?offset=0&size=100", top -> isExpected(top, 0, 100));
        await(second, "/boards/all/page?offset=1150&size=100", top -> isExpected(top, 1150, 100));
        assertThat(history(get(second, ranks))).hasSize(1).isEqualTo(history);
        assertThat(restored)
                .filteredOn(RestoreProgress::ended)
                .filteredOn(progress -> progress.store().equals(LeaderboardTopology.SCORES))
                .hasSize(Topics.POINTS.partitions())
                .allMatch(progress -> progress.done() > 0);
    }

    /// Many equals, some of them with names.
    private void play() throws Exception {
        var random = new SplittableRandom(5);
        var scores = new HashMap<String, Long>();
        for (int i = 0; i < PLAYERS; i++) {
            String player = "p" + i;
            for (int question = 0; question < 3; question++) {
                int delta = 10 * random.nextInt(4);
                scores.merge(player, (long) delta, Long::sum);
                var entry = new Points("m1", "q" + question, 3, delta, 1_000, "s1");
                var _ =
                        producer.send(
                                new ProducerRecord<>(
                                        Topics.POINTS.name(),
                                        Topic.key(player),
                                        Json.write(entry)));
            }
        }
        send(Topics.PLAYER, "p7", new PlayerProfile("p7", "Asha", "IN"));
        producer.flush();
        scores.entrySet().stream()
                .sorted(
                        Comparator.comparingLong(
                                        (Map.Entry<String, Long> entry) -> -entry.getValue())
                                .thenComparing(Map.Entry::getKey))
                .forEach(entry -> {
                    long rank =
                            1
                                    + scores.values().stream()
                                            .filter(other -> other > entry.getValue())
                                            .count();
                    String player = entry.getKey();
                    boolean isNamed = player.equals("p7");
                    expected.add(
                            new BoardRow(
                                    rank,
                                    player,
                                    isNamed ? "Asha" : player,
                                    entry.getValue(),
                                    isNamed ? "IN" : null,
                                    null));
                });
    }

    private boolean isExpected(Top top, int offset, int size) {
        return top.top().equals(expected.subList(offset, Math.min(offset + size, expected.size())));
    }

    private LeaderboardService service(String name) throws Exception {
        return LeaderboardService.start(
                kafka,
                new LeaderboardService.Config(
                        "boards",
                        folder.resolve(name),
                        1,
                        0,
                        "127.0.0.1",
                        0,
                        NameFilter.standard(),
                        restored::add),
                sentence -> {
                    throw new AssertionError(sentence);
                });
    }

    private void send(Topic<?> topic, String key, Object value) throws Exception {
        producer.send(new ProducerRecord<>(topic.name(), Topic.key(key), Json.write(value))).get();
    }

    private KafkaConsumer<String, byte[]> topsOf(String player) {
        var config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions =
                consumer.partitionsFor(Topics.TOP.name()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        received.clear();
        asker = player;
        return consumer;
    }

    private Top next(KafkaConsumer<String, byte[]> tops) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (received.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no answer to " + asker);
            }
            tops.poll(Duration.ofMillis(100))
                    .forEach(record -> {
                        if (record.key().equals(asker)) {
                            received.add(Json.read(record.value(), Top.class));
                        }
                    });
        }
        return received.removeFirst();
    }

    /// What an instance has not read yet comes soon.
    private void await(LeaderboardService instance, String path, Predicate<Top> condition)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        @Nullable String last = null;
        while (System.nanoTime() < deadline) {
            HttpResponse<byte[]> response = raw(instance, path);
            last = new String(response.body(), StandardCharsets.UTF_8);
            if (response.statusCode() == 200
                    && condition.test(Json.read(response.body(), Top.class))) {
                return;
            }
        }
        throw new AssertionError(path + " answered last with " + last);
    }

    private Top get(LeaderboardService instance, String path) throws Exception {
        HttpResponse<byte[]> response = raw(instance, path);
        assertThat(response.statusCode())
                .as("%s: %s", path, new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return Json.read(response.body(), Top.class);
    }

    private static List<RankAt> history(Top top) {
        return Objects.requireNonNull(top.history());
    }

    private void refused(int status, String error, String path) throws Exception {
        HttpResponse<byte[]> response = raw(first, path);
        assertThat(response.statusCode()).as(path).isEqualTo(status);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":\"" + error + "\"}");
    }

    private HttpResponse<byte[]> raw(LeaderboardService instance, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + instance.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(LeaderboardService instance, String path, Object body)
            throws Exception {
        var uri = URI.create("http://127.0.0.1:" + instance.port() + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .POST(BodyPublishers.ofByteArray(Json.write(body)))
                        .build(),
                BodyHandlers.ofByteArray());
    }
}
