package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole process is killed in the middle of a question window, broker, game and gateway at
/// once.
class KillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int QUESTIONS = 4;
    private static final int PLAYERS = 20;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @Test
    void aKillInMidQuestionChangesNobodysTotal(@TempDir Path folder) throws Exception {
        Path quiz = Files.writeString(folder.resolve("kill.txt"), quiz());
        Path data = folder.resolve("data");
        String match;
        String port;
        List<QuizPlayer> players = new ArrayList<>();
        try (Program first = demo(data, quiz, "0")) {
            port = DemoOutput.port(first);
            match = match(port);
            for (int i = 0; i < PLAYERS; i++) {
                players.add(new QuizPlayer(i, join(port, i), match, loops, port));
            }
            // Everyone has an acknowledged answer to the second question, which is still open.
            for (QuizPlayer player : players) {
                player.awaitAnswered(match + ".2", PATIENCE);
            }
            first.kill();
        }
        try (Program second = demo(data, quiz, port)) {
            assertThat(DemoOutput.port(second)).isEqualTo(port);
            for (QuizPlayer player : players) {
                // Whoever is not sure that an answer arrived sends it again.
                player.sendAgain(match + ".2", PATIENCE);
            }
            for (QuizPlayer player : players) {
                player.awaitAnswered(match + "." + QUESTIONS, PATIENCE);
                player.awaitScored(match + "." + QUESTIONS, PATIENCE);
            }
            second.terminate();
            assertThat(second.awaitEnd(Duration.ofSeconds(15))).isEqualTo(Program.TERMINATED);
        } finally {
            players.forEach(QuizPlayer::close);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        var withoutAKill = new TreeMap<String, Long>();
        players.forEach(player -> withoutAKill.put(player.name(), player.pointsByKey()));
        var totals = new TreeMap<String, Long>();
        players.forEach(player -> totals.put(player.name(), player.total()));
        assertThat(totals).isEqualTo(withoutAKill);
        try (var cluster = new TestCluster(data.resolve("kafka"))) {
            Reference reference = Reference.of(cluster);
            assertThat(reference.points(match)).isEqualTo(withoutAKill);
        }
    }

    private static Program demo(Path data, Path quiz, String port) throws Exception {
        return Program.grandstand(
                data, "--port", port, "--quiz", quiz.toString(), "--bots", "0", "--speed", "2.5");
    }

    /// The right answer of question n has number n mod 3.
    private static String quiz() {
        var text = new StringBuilder();
        for (int question = 1; question <= QUESTIONS; question++) {
            text.append("Question ").append(question).append("?\n");
            for (int option = 0; option < 3; option++) {
                text.append(option == question % 3 ? "* " : "").append("Option ");
                text.append(option).append('\n');
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String match(String port) throws Exception {
        return get(HttpRequest.newBuilder(URI.create(base(port) + "/demo/matches")))
                .path(0)
                .path("id")
                .asText();
    }

    private static JsonNode join(String port, int number) throws Exception {
        return get(
                HttpRequest.newBuilder(URI.create(base(port) + "/demo/session"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"name\":\"Player %d\"}".formatted(number), UTF_8)));
    }

    private static String base(String port) {
        return "http://127.0.0.1:" + port;
    }

    private static JsonNode get(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return new JsonMapper()
                    .readTree(
                            http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                                    .body());
        }
    }
}
