package io.grandstand.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.embedded.TopicSetup;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenIssuer;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.leaderboard.LeaderboardTopology;
import io.grandstand.quiz.QuizTopology;
import io.grandstand.streams.StreamsService;
import io.grandstand.trivia.QuizFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo's HTTP endpoints as they are served: real broker, quiz, gateway and sockets.
class DemoDoorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OPERATOR = "correct horse battery";
    private static final byte[] SECRET = "a secret for tests of 32 or more bytes".getBytes(UTF_8);
    private static final InstantSource CLOCK = InstantSource.system();
    private static final TokenIssuer TOKENS = new TokenIssuer(SECRET, CLOCK);

    private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final BlockingQueue<PlayerProfile> PROFILES = new LinkedBlockingQueue<>();
    private static final BlockingQueue<String> STATES = new LinkedBlockingQueue<>();
    private static final Path GUIDE = Path.of("..", "docs", "guides", "own-quiz-or-feed.md");
    private static String bootstrapServers = "";
    private static int port;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        var broker = add(EmbeddedBroker.start(data.resolve("kafka"), 0, DemoDoorTest::unexpected));
        bootstrapServers = broker.bootstrapServers();
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        var catalogue = new ArrayList<Topic<?>>(Topics.all());
        catalogue.addAll(LeaderboardTopology.topics());
        assertThat(TopicSetup.apply(kafka, catalogue, PATIENCE)).isEmpty();
        var quiz =
                add(
                        new StreamsService(
                                "quiz",
                                QuizTopology.build(),
                                kafka,
                                data.resolve("state"),
                                1,
                                DemoDoorTest::unexpected));
        quiz.start();
        assertThat(quiz.awaitRunning(PATIENCE)).isTrue();

        var tokens = add(new TokenVerifier(TokenConfig.ofSecrets(SECRET), CLOCK));
        var records = add(new RecordWriter(kafka));
        var scoreboards = add(new Scoreboards(kafka));
        var book = add(new QuestionBook(kafka));
        add(
                new TopicFollower<>(
                        kafka,
                        Topics.RULING,
                        (_, question) -> {
                            if (question != null && question.id().equals("q1")) {
                                STATES.add(question.state().toString());
                            }
                        }));
        add(
                new TopicFollower<>(
                        kafka,
                        Topics.PLAYER,
                        (_, profile) -> {
                            if (profile != null) {
                                PROFILES.add(profile);
                            }
                        }));
        var routes =
                new ArrayList<>(
                        new DemoRoutes(
                                        new Players(records, TOKENS, CLOCK),
                                        add(new Leagues(kafka, records)),
                                        scoreboards,
                                        tokens,
                                        NameFilter.standard(),
                                        CLOCK)
                                .all());
        routes.addAll(
                new HostApi(
                                OPERATOR,
                                book,
                                add(new AnswerFigures(kafka)),
                                scoreboards::find,
                                records::write,
                                QuestionIds::next,
                                CLOCK)
                        .routes());
        var config =
                GatewayConfig.of(
                                new GatewayConfig.Listen("127.0.0.1", 0, Set.of()),
                                GameChannels.namespaces())
                        .with(GatewayConfig.Timing.DEFAULT.withDrain(Duration.ZERO));
        port =
                add(Gateway.start(
                                config,
                                new Gateway.Surroundings(
                                        kafka,
                                        tokens,
                                        routes,
                                        null,
                                        CLOCK,
                                        new SplittableRandom(1),
                                        "test")))
                        .port();
    }

    @AfterAll
    static void stop() throws Exception {
        HTTP.close();
        while (!PARTS.isEmpty()) {
            PARTS.pop().close();
        }
    }

    @Test
    void aHostOpensAMatchAndRunsAQuestionInIt() throws Exception {
        String match = "{\"match\":\"final\",\"title\":\"The final\"}";
        assertThat(post("/host/match", "a wrong token, all the same", match).statusCode())
                .isEqualTo(401);
        assertThat(post("/host/match", OPERATOR, match).statusCode()).isEqualTo(202);
        awaitTrue(
                () -> get("/demo/matches", ""),
                matches -> matches.toString().contains("\"title\":\"The final\""));
        var asked =
                post(
                        "/host/ask",
                        OPERATOR,
                        """
                        {"match":"final","question":"q1","prompt":"Rain?","options":["Yes","No"],
                        "windowMs":60000}\
                        """);
        assertThat(asked.statusCode()).isEqualTo(202);
        String question = "{\"match\":\"final\",\"question\":\"q1\",\"answer\":\"a\"}";
        for (String[] step :
                List.of(
                        new String[] {"OPEN", "lock"},
                        new String[] {"LOCKED", "resolve"},
                        new String[] {"RESOLVED", "correct"},
                        new String[] {"CORRECTED", "void"},
                        new String[] {"VOID", "void"})) {
            assertThat(STATES.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(step[0]);
            awaitTrue(
                    () -> get("/host/questions", OPERATOR),
                    all -> all.at("/questions/0/state").asText().equalsIgnoreCase(step[0]));
            String body =
                    step[1].equals("correct")
                            ? question.replace("\"answer\":\"a\"", "\"answer\":\"b\"")
                            : question;
            assertThat(post("/host/" + step[1], OPERATOR, body).statusCode())
                    .isEqualTo(step[0].equals("VOID") ? 409 : 202);
        }
        assertThat(get("/host/answers", OPERATOR).has("answerTimes")).isTrue();
    }

    @Test
    void aPlayerIsCalledWhatTheListAllowsAndMayChangeIt() throws Exception {
        JsonNode session = read(post("/demo/session", "", "{\"name\":\" Asha \"}"));
        String player = session.path("player").asText();
        String token = session.path("token").asText();
        awaitProfile(new PlayerProfile(player, "Asha"));
        var changed = post("/demo/profile", token, "{\"name\":\"Asha B\",\"country\":\"IN\"}");
        assertThat(changed.statusCode()).isEqualTo(200);
        awaitProfile(new PlayerProfile(player, "Asha B", "IN"));

        assertThat(post("/demo/profile", token, "{\"name\":\"a d m i n\"}").body())
                .isEqualTo("{\"error\":\"this name is not shown; choose another one.\"}");
        assertThat(post("/demo/session", "", "{\"name\":\"Admin\"}").statusCode()).isEqualTo(400);
        assertThat(post("/demo/profile", token, "{\"name\":\"A\",\"country\":\"XX\"}").body())
                .contains("must be a country's two letters");
        assertThat(post("/demo/profile", token, "{\"name\":\"\"}").statusCode()).isEqualTo(400);
        assertThat(post("/demo/profile", token, "{}").statusCode()).isEqualTo(400);
        assertThat(post("/demo/profile", token, "x".repeat(2000)).statusCode()).isEqualTo(413);
        assertThat(post("/demo/profile", "", "{\"name\":\"A\"}").statusCode()).isEqualTo(401);
        assertThat(post("/demo/profile", "a.b.c", "{\"name\":\"A\"}").statusCode()).isEqualTo(401);
        var expired = new TokenIssuer(SECRET, CLOCK).connection(player, Instant.EPOCH);
        assertThat(post("/demo/profile", expired, "{\"name\":\"A\"}").statusCode()).isEqualTo(401);
        assertThat(PROFILES).isEmpty();
    }

    @Test
    void playersMakeALeagueAndJoinItByItsCode() throws Exception {
        String asha = token("asha");
        String ben = token("ben");
        String league = read(post("/demo/league", asha, "")).path("league").asText();
        assertThat(league).hasSize(10);
        String join = "{\"league\":\"%s\"}".formatted(league);
        assertThat(post("/demo/league/join", ben, join).statusCode()).isEqualTo(200);
        assertThat(post("/demo/league/join", ben, join).statusCode()).isEqualTo(200);
        assertThat(get("/demo/leagues", ben).toString())
                .isEqualTo("{\"leagues\":[\"%s\"]}".formatted(league));
        assertThat(post("/demo/league/join", ben, "{\"league\":\"none\"}").body())
                .isEqualTo("{\"error\":\"There is no such league.\"}");
        for (int more = 1; more < Leagues.LEAGUES_MAX; more++) {
            assertThat(post("/demo/league", ben, "").statusCode()).isEqualTo(200);
        }
        assertThat(post("/demo/league", ben, "").body())
                .isEqualTo("{\"error\":\"Nobody is in more than 20 leagues.\"}");
    }

    @Test
    void theCommandsOfTheGuideAreTakenAsWritten(@TempDir Path folder) throws Exception {
        String guide = Files.readString(GUIDE).replaceAll(" \\\\\\n *", " ");
        int commands = 0;
        for (String line : guide.lines().toList()) {
            if (line.startsWith("./grandstand question ")
                    || line.startsWith("./grandstand season ")) {
                List<String> words =
                        words(line.replace("localhost:9092", bootstrapServers)).stream()
                                .skip(1)
                                .toList();
                assertThat(Main.commandLine().execute(words.toArray(String[]::new)))
                        .describedAs(line)
                        .isZero();
                commands++;
            } else if (line.startsWith("curl ")) {
                List<String> words = words(line);
                String path = words.get(3).replaceFirst("^[^/]*", "");
                assertThat(post(path, OPERATOR, words.getLast()).statusCode())
                        .describedAs(line)
                        .isEqualTo(202);
                commands++;
            }
        }
        assertThat(commands).isEqualTo(8);
        var yaml = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(guide);
        assertThat(yaml.find()).isTrue();
        Path quiz = Files.writeString(folder.resolve("my.yaml"), yaml.group(1));
        assertThat(QuizFile.read(quiz).items()).hasSize(1);
    }

    /// A line's words as a shell parts them, quotes taken away.
    private static List<String> words(String line) {
        return Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)")
                .matcher(line)
                .results()
                .map(word ->
                        word.group(1) != null
                                ? word.group(1)
                                : word.group(2) != null ? word.group(2) : word.group(3))
                .toList();
    }

    private static String token(String player) {
        return TOKENS.connection(player, CLOCK.instant().plusSeconds(600));
    }

    private static void awaitProfile(PlayerProfile profile) throws InterruptedException {
        assertThat(PROFILES.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(profile);
    }

    /// Asks again until what another thread reads from Kafka is there.
    private static void awaitTrue(Asking asking, Predicate<JsonNode> holds) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode is = asking.ask();
        while (!holds.test(is)) {
            assertThat(System.nanoTime()).describedAs("%s", is).isLessThan(deadline);
            is = asking.ask();
        }
    }

    /// A request that is repeated.
    private interface Asking {
        JsonNode ask() throws Exception;
    }

    private static JsonNode get(String path, String token) throws Exception {
        return read(send(request(path, token).GET()));
    }

    private static HttpResponse<String> post(String path, String token, String body)
            throws Exception {
        return send(request(path, token).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String path, String token) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                        .timeout(PATIENCE);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode read(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(200);
        return new JsonMapper().readTree(response.body());
    }

    private static <P extends AutoCloseable> P add(P part) {
        PARTS.push(part);
        return part;
    }

    private static void unexpected(String sentence) {
        throw new AssertionError(sentence);
    }
}
