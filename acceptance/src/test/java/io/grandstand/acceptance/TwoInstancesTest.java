package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.events.Answer;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.QuestionCommand;
import io.grandstand.leaderboard.LeaderboardTopology;
import io.grandstand.protocol.TrustedHeaders;
import io.grandstand.quiz.QuizTopology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two instances of `grandstand games` beside a broker, each a process of its own, that are killed
/// in the middle of a question's answers: every total, rank and result is as if nothing had
/// happened.
///
/// The input is made from a seed and two times in the past; `-Dgrandstand.games.seed` repeats one.
class TwoInstancesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PLAYERS = 1_000;
    private static final int QUESTIONS = 6;
    private static final int PARTITIONS = 4;
    private static final List<String> MATCHES = List.of("m1", "m2");
    private static final List<String> OPTIONS = List.of("a", "b", "c");
    private static final long WINDOW_MS = 10_000;
    private static final int PAGE = 100;

    private final long seed = Long.getLong("grandstand.games.seed", Instant.now().toEpochMilli());
    private final SplittableRandom random = new SplittableRandom(seed);

    /// The game was played ten minutes ago, as the gateways' receive times have it.
    private final long beganAt = Instant.now().minusSeconds(600).toEpochMilli();

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Program> programs = new ArrayList<>();

    @TempDir private Path folder;

    @AfterEach
    void stop() {
        programs.forEach(Program::close);
        http.close();
    }

    /// DOMAIN 1.2, 1.6, 2.4, 4.2: killed during the window, three times: same totals as without
    /// kills; what is void never was; answer times by delay class; local state wiped: same board.
    @Test
    void totalsRanksAndResultsAreThoseOfARunWithoutKills() throws Exception {
        System.out.println("seed " + seed);
        String bootstrap = startBroker();
        Program first = games("first", bootstrap);
        Program second = games("second", bootstrap);
        awaitPlaying(first);
        awaitPlaying(second);
        try (var cluster = new TestCluster(bootstrap);
                var results = new Results(cluster)) {
            for (int question = 1; question <= QUESTIONS; question++) {
                ask(cluster, question);
                switch (question) {
                    case 2 -> {
                        killInMidAnswers(first, cluster, results, question);
                        // At once, on the same state: before anybody noticed.
                        first = games("first", bootstrap);
                        awaitAllPartitions("killed and started again", cluster, results, question);
                        awaitPlaying(first);
                    }
                    case 4 -> {
                        killInMidAnswers(second, cluster, results, question);
                        awaitAllPartitions("taken over", cluster, results, question);
                        // Elsewhere, with nothing.
                        second = games("second-elsewhere", bootstrap);
                        awaitPlaying(second);
                    }
                    case 5 -> {
                        killInMidAnswers(first, cluster, results, question);
                        awaitAllPartitions("taken over", cluster, results, question);
                        first = games("first", bootstrap);
                        awaitPlaying(first);
                    }
                    default -> answer(cluster, question);
                }
                settle(cluster, question);
            }
            correct(cluster);
            cluster.flush();
            Reference reference = Reference.of(cluster);
            assertThat(reference.counted()).isGreaterThan(QUESTIONS * PLAYERS / 2);
            for (String match : MATCHES) {
                awaitBoard(first, match, reference);
                awaitBoard(second, match, reference);
            }
            nothingIsDoubled(cluster);
            Map<String, Long> totals = totals(cluster);
            Map<String, Long> expected = expectedTotals(reference);
            totals.entrySet()
                    .removeIf(total ->
                            total.getValue() == 0 && !expected.containsKey(total.getKey()));
            assertThat(totals).as("seed " + seed).isEqualTo(expected);
            stateIsWhereTheTopologiesSay(cluster);
            anInstanceWithoutStateHasTheSameBoards(first, second, bootstrap, reference);
        }
    }

    // --- the game
    // ---------------------------------------------------------------------------------

    private void ask(TestCluster cluster, int question) {
        List<Question.Option> options =
                OPTIONS.stream().map(id -> new Question.Option(id, "Option " + id)).toList();
        command(
                cluster,
                new QuestionCommand.Ask(
                        match(question),
                        id(question),
                        "What next?",
                        options,
                        10,
                        opensAt(question),
                        opensAt(question) + WINDOW_MS,
                        null));
    }

    /// A player answers once, twice, too early, too late, nonsense or not at all.
    private void answer(TestCluster cluster, int question) {
        for (int player = 0; player < PLAYERS; player++) {
            int times = random.nextInt(10) < 2 ? 2 : 1;
            for (int i = 0; i < times; i++) {
                long at = opensAt(question) - 500 + random.nextLong(WINDOW_MS + 1_500);
                String option = OPTIONS.get(random.nextInt(OPTIONS.size()));
                switch (random.nextInt(20)) {
                    case 0 -> send(cluster, player, "q99", option, at);
                    case 1 -> send(cluster, player, id(question), "z", at);
                    case 2 -> {}
                    default -> send(cluster, player, id(question), option, at);
                }
            }
        }
        cluster.flush();
    }

    private void send(TestCluster cluster, int player, String question, String option, long at) {
        String match = matchOf(question);
        cluster.write(
                "answer",
                "player-" + player,
                text(new Answer(match, question, option)),
                TrustedHeaders.RECEIVED_US,
                Long.toString(at * 1_000));
    }

    private void settle(TestCluster cluster, int question) {
        long at = opensAt(question) + WINDOW_MS - random.nextInt(2_000);
        command(cluster, new QuestionCommand.Lock(match(question), id(question), at));
        command(
                cluster,
                new QuestionCommand.Resolve(
                        match(question),
                        id(question),
                        OPTIONS.get(random.nextInt(OPTIONS.size())),
                        at + 5_000));
    }

    private void correct(TestCluster cluster) {
        long at = opensAt(QUESTIONS + 1);
        command(cluster, new QuestionCommand.Resolve(match(1), id(1), "a", at));
        command(cluster, new QuestionCommand.Resolve(match(1), id(1), "b", at));
        command(cluster, new QuestionCommand.Resolve(match(4), id(4), "c", at));
        command(cluster, new QuestionCommand.Withdraw(match(3), id(3), "the ball was dead"));
    }

    private static void command(TestCluster cluster, QuestionCommand command) {
        cluster.write("question-command", command.match(), text(command));
        cluster.flush();
    }

    private static String text(Object record) {
        return new String(Json.write(record), StandardCharsets.UTF_8);
    }

    private static String match(int question) {
        return MATCHES.get(question % MATCHES.size());
    }

    private static String matchOf(String question) {
        return match(Integer.parseInt(question.substring(1)));
    }

    private static String id(int question) {
        return "q" + question;
    }

    private long opensAt(int question) {
        return beganAt + question * 30_000L;
    }

    // --- the kills
    // --------------------------------------------------------------------------------

    private void killInMidAnswers(
            Program instance, TestCluster cluster, Results results, int question) throws Exception {
        answer(cluster, question);
        // Some have been answered, and many have not.
        results.await(record -> record.value().contains("\"" + id(question) + "\""), 1);
        instance.kill();
    }

    /// Waits until an answer that was sent after a kill has its receipt, in every partition.
    private void awaitAllPartitions(String what, TestCluster cluster, Results results, int question)
            throws Exception {
        long killedAt = System.nanoTime();
        String probe = "q%d-probe".formatted(question);
        long at = opensAt(question);
        command(
                cluster,
                new QuestionCommand.Ask(
                        "probe",
                        probe,
                        "Does everybody hear?",
                        List.of(new Question.Option("a", "Yes"), new Question.Option("b", "No")),
                        1,
                        at,
                        at + WINDOW_MS,
                        null));
        for (int player = 0; player < 20 * PARTITIONS; player++) {
            cluster.write(
                    "answer",
                    "player-" + player,
                    text(new Answer("probe", probe, "a")),
                    TrustedHeaders.RECEIVED_US,
                    Long.toString(at * 1_000));
        }
        cluster.flush();
        results.await(record -> record.value().contains("\"" + probe + "\""), PARTITIONS);
        System.out.printf(
                "%s: all partitions run %.1f s after the kill%n",
                what, (System.nanoTime() - killedAt) / 1e9);
    }

    /// Reads `result` as a gateway does: from now on, what is committed.
    private static final class Results implements AutoCloseable {
        private final KafkaConsumer<String, String> consumer;

        Results(TestCluster cluster) {
            var config = new HashMap<String, Object>(cluster.client());
            config.put("isolation.level", "read_committed");
            consumer =
                    new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
            List<TopicPartition> partitions =
                    Stream.iterate(0, i -> i < PARTITIONS, i -> i + 1)
                            .map(partition -> new TopicPartition("result", partition))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /// Reads on until records that fit have come in so many partitions.
        void await(Predicate<ConsumerRecord<String, String>> fits, int partitions) {
            var seen = new HashSet<Integer>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen.size() < partitions) {
                assertThat(System.nanoTime()).as("only partitions " + seen).isLessThan(deadline);
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(50))) {
                    if (fits.test(record)) {
                        seen.add(record.partition());
                    }
                }
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    // --- what must hold
    // ---------------------------------------------------------------------------

    /// One score for each player, question and version, and one entry in `points`.
    private static void nothingIsDoubled(TestCluster cluster) throws Exception {
        var doubled = new TreeSet<String>();
        var scores = new HashSet<String>();
        for (var record : cluster.readAll("result")) {
            JsonNode result = JSON.readTree(record.value());
            if (result.path("kind").asText().equals("score")) {
                String score =
                        "score %s %s v%d"
                                .formatted(
                                        record.key(),
                                        result.path("question").asText(),
                                        result.path("version").asInt());
                if (!scores.add(score)) {
                    doubled.add(score);
                }
            }
        }
        var entries = new HashSet<String>();
        for (var record : cluster.readAll("points")) {
            JsonNode entry = JSON.readTree(record.value());
            String name =
                    "entry %s %s v%d"
                            .formatted(
                                    record.key(),
                                    entry.path("question").asText(),
                                    entry.path("version").asInt());
            if (!entries.add(name)) {
                doubled.add(name);
            }
        }
        assertThat(doubled).isEmpty();
        assertThat(scores).isNotEmpty();
    }

    /// The topics that Kafka Streams made are the changelogs of the stores that were accepted, and
    /// no others: an upgrade that names one differently would begin without its state.
    private static void stateIsWhereTheTopologiesSay(TestCluster cluster) throws Exception {
        var expected = new TreeSet<String>();
        expected.addAll(changelogs("grandstand-quiz", QuizTopology.build()));
        expected.addAll(changelogs("grandstand-leaderboard", LeaderboardTopology.build()));
        try (Admin admin = Admin.create(cluster.client())) {
            assertThat(admin.listTopics().names().get())
                    .filteredOn(topic -> topic.startsWith("grandstand-"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static List<String> changelogs(String application, Topology topology) {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream())
                .map(store -> application + "-" + store + "-changelog")
                .toList();
    }

    private static Map<String, Long> totals(TestCluster cluster) throws Exception {
        var totals = new TreeMap<String, Long>();
        for (var record : cluster.readAll("points")) {
            JsonNode entry = JSON.readTree(record.value());
            if (MATCHES.contains(entry.path("board").asText())) {
                totals.merge(
                        entry.path("board").asText() + " " + record.key(),
                        entry.path("delta").asLong(),
                        Long::sum);
            }
        }
        return totals;
    }

    private static Map<String, Long> expectedTotals(Reference reference) {
        var totals = new TreeMap<String, Long>();
        for (String match : MATCHES) {
            reference
                    .points(match)
                    .forEach((player, points) -> totals.put(match + " " + player, points));
        }
        return totals;
    }

    /// The whole board page by page, as any instance shows it.
    private void awaitBoard(Program instance, String match, Reference reference) throws Exception {
        Map<String, Long> ranks = reference.ranks(match);
        var expected = new TreeMap<String, String>();
        reference
                .points(match)
                .forEach(
                        (player, points) -> expected.put(player, ranks.get(player) + " " + points));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<String, String> board = board(instance, match, expected.keySet());
        while (!board.equals(expected)) {
            if (System.nanoTime() > deadline) {
                assertThat(board).as("seed %d, board of %s", seed, match).isEqualTo(expected);
            }
            board = board(instance, match, expected.keySet());
        }
    }

    /// Whose only question was voided stays on the board without points; the reference forgets
    /// them.
    private Map<String, String> board(Program instance, String match, Set<String> players)
            throws Exception {
        var board = new TreeMap<String, String>();
        int rows = PAGE;
        for (int offset = 0; rows == PAGE; offset += PAGE) {
            HttpResponse<byte[]> response =
                    get(
                            instance,
                            "/boards/%s/page?offset=%d&size=%d".formatted(match, offset, PAGE));
            if (response.statusCode() != 200) {
                return Map.of();
            }
            JsonNode top = JSON.readTree(response.body()).path("top");
            rows = top.size();
            for (JsonNode row : top) {
                String player = row.path("player").asText();
                long score = row.path("score").asLong();
                if (score != 0 || players.contains(player)) {
                    board.put(player, row.path("rank").asLong() + " " + score);
                }
            }
        }
        return board;
    }

    private void anInstanceWithoutStateHasTheSameBoards(
            Program first, Program second, String bootstrap, Reference reference) throws Exception {
        // Of a partition from which nothing was read yet, Kafka's client knows no lag.
        assertThat(metrics(first) + metrics(second))
                .contains(
                        "grandstand_input_lag_records{service=\"grandstand-quiz\",topic=\"answer\"");
        for (Program instance : List.of(first, second)) {
            instance.terminate();
            assertThat(instance.awaitEnd(PATIENCE))
                    .as(instance.output())
                    .isEqualTo(Program.TERMINATED);
        }
        Program fresh = games("fresh", bootstrap);
        awaitPlaying(fresh);
        System.out.println(
                fresh.awaitLine(line -> line.contains("records rebuilt from Kafka in"), PATIENCE));
        for (String match : MATCHES) {
            awaitBoard(fresh, match, reference);
        }
        assertThat(metrics(fresh))
                .contains(
                        "grandstand_service_state{service=\"grandstand-quiz\",state=\"RUNNING\"} 1")
                .contains("grandstand_tasks{service=\"grandstand-leaderboard\",role=\"active\"}")
                .contains("grandstand_answer_seconds_count{delay=\"none\"");
        assertThat(get(fresh, "/health").statusCode()).isEqualTo(200);
    }

    private String metrics(Program instance) throws Exception {
        return new String(get(instance, "/metrics").body(), StandardCharsets.UTF_8);
    }

    // --- programs
    // ---------------------------------------------------------------------------------

    private String startBroker() throws Exception {
        int port = freePort();
        Program broker =
                Program.java(
                        384,
                        "io.grandstand.embedded.BrokerProcess",
                        List.of(folder.resolve("broker").toString(), Integer.toString(port)));
        programs.add(broker);
        broker.awaitLine(line -> line.startsWith("ready "), PATIENCE);
        return "127.0.0.1:" + port;
    }

    private Program games(String data, String bootstrap) throws IOException {
        Program games = Program.games(folder.resolve(data), bootstrap);
        programs.add(games);
        return games;
    }

    private static void awaitPlaying(Program games) throws Exception {
        games.awaitLine(line -> line.startsWith("  Game "), PATIENCE);
    }

    private HttpResponse<byte[]> get(Program instance, String path) throws Exception {
        String line = instance.awaitLine(each -> each.startsWith("  Boards "), PATIENCE);
        String base = line.substring(line.indexOf("http"), line.indexOf(','));
        return http.send(
                HttpRequest.newBuilder(URI.create(base + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
