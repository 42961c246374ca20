package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.cricket.MatchScript;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A raw client that asks for every channel there may be, answers every question, and writes down
/// each frame with the time it came. Afterwards it looks for anything that a player could have
/// used.
final class SecretsWatch implements WebSocket.Listener, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> PRIVATE =
            List.of(
                    "question-command",
                    "ruling",
                    "points",
                    "player",
                    "dead-letter",
                    "board-part",
                    "board-counts",
                    "answer",
                    "outcome",
                    "question-key");

    private final String player;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final Queue<Seen> frames = new ConcurrentLinkedQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private CompletableFuture<WebSocket> sent = opened;
    private int refused;
    private int commands;

    private record Seen(long atMs, String frame) {}

    SecretsWatch(TestGateway gateway, String player, List<MatchScript> matches) {
        this.player = player;
        socket = http.newWebSocketBuilder().buildAsync(gateway.endpoint(), this).join();
        var all = new ArrayList<String>();
        all.add(command("connect", "{\"token\":\"%s\"}".formatted(gateway.token(player))));
        for (MatchScript match : matches) {
            for (String name : List.of("question", "ball", "scoreboard", "leaderboard")) {
                all.add(subscribe(name + ":" + match.id()));
            }
            for (String name : PRIVATE) {
                all.add(subscribe(name + ":" + match.id()));
            }
        }
        all.add(subscribe("result:" + player));
        all.add(subscribe("top:" + player));
        all.add(subscribe("result:bot-0-0"));
        all.add(subscribe("top:bot-0-0"));
        refused = PRIVATE.size() * matches.size() + 2;
        opened.complete(socket.sendText(String.join("\n", all), true).join());
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            var seen = new Seen(System.currentTimeMillis(), text.toString());
            text.setLength(0);
            frames.add(seen);
            answer(seen.frame());
        }
        from.request(1);
        return null;
    }

    /// Looks through everything that was seen.
    void check() throws Exception {
        Map<String, Long> locks = lastMomentsToAnswer();
        int errors = 0;
        int balls = 0;
        int scores = 0;
        for (Seen seen : frames) {
            JsonNode frame = JSON.readTree(seen.frame());
            errors += frame.has("error") ? 1 : 0;
            String channel = frame.at("/push/channel").asText();
            JsonNode data = frame.at("/push/pub/data");
            assertThat(PRIVATE).noneMatch(name -> channel.startsWith(name + ":"));
            assertThat(channel).isNotIn("result:bot-0-0", "top:bot-0-0");
            if (channel.startsWith("question:") && isUnsettled(data)) {
                assertThat(data.has("answer"))
                        .describedAs("the answer in %s", seen.frame())
                        .isFalse();
            } else if (channel.startsWith("ball:")) {
                String question = data.path("match").asText() + "." + data.path("seq").asInt();
                checkAfterLock(seen, locks.get(question));
                balls++;
            } else if (data.path("kind").asText().equals("score")) {
                checkAfterLock(seen, locks.get(data.path("question").asText()));
                scores++;
            } else if (data.path("kind").asText().equals("receipt")) {
                assertThat(data.has("correct") || data.has("answer")).isFalse();
            }
        }
        assertThat(errors).describedAs("refused subscriptions").isEqualTo(refused);
        assertThat(balls).isGreaterThan(100);
        assertThat(scores).isGreaterThan(100);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    /// When each question locked at the latest, as its last version says.
    private Map<String, Long> lastMomentsToAnswer() throws Exception {
        var locks = new HashMap<String, Long>();
        for (Seen seen : frames) {
            JsonNode data = JSON.readTree(seen.frame()).at("/push/pub/data");
            if (data.has("locksAt")) {
                locks.put(data.path("id").asText(), data.path("locksAt").asLong());
            }
        }
        return locks;
    }

    private static void checkAfterLock(Seen seen, @Nullable Long locksAt) {
        assertThat(locksAt).describedAs("the lock of %s", seen.frame()).isNotNull();
        assertThat(seen.atMs()).describedAs(seen.frame()).isGreaterThanOrEqualTo(locksAt);
    }

    private static boolean isUnsettled(JsonNode question) {
        return !List.of("resolved", "corrected").contains(question.path("state").asText());
    }

    private void answer(String frame) {
        if (frame.contains("\"state\":\"open\"")) {
            try {
                JsonNode question = JSON.readTree(frame).at("/push/pub/data");
                String answer =
                        "{\"match\":\"%s\",\"question\":\"%s\",\"option\":\"one\"}"
                                .formatted(
                                        question.path("match").asText(),
                                        question.path("id").asText());
                String publish =
                        command(
                                "publish",
                                "{\"channel\":\"answer:%s\",\"data\":%s}"
                                        .formatted(player, answer));
                // One send at a time is all that the JDK's WebSocket takes.
                sent = sent.thenCompose(_ -> socket.sendText(publish, true));
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new AssertionError(frame, e);
            }
        }
    }

    private String subscribe(String channel) {
        return command("subscribe", "{\"channel\":\"%s\"}".formatted(channel));
    }

    private synchronized String command(String name, String body) {
        commands++;
        return "{\"id\":%d,\"%s\":%s}".formatted(commands, name, body);
    }
}
