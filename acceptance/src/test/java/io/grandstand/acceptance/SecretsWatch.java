package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.cricket.MatchScript;
import io.grandstand.cricket.Step;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A raw client that asks for every channel there may be, answers every question, and writes down
/// each message with the time it came. Afterwards it looks for anything that a player could have
/// used.
final class SecretsWatch implements WebSocket.Listener, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /// The server's question whether somebody is there, and the answer.
    private static final String PING = "{}";

    private static final List<String> PRIVATE =
            List.of(
                    "question-command",
                    "ruling",
                    "points",
                    "player",
                    "dead-letter",
                    "board-part",
                    "board-counts",
                    "tally-part",
                    "answer-times",
                    "player-status",
                    "league",
                    "season-command",
                    "season-final",
                    "season-mark",
                    "season-part",
                    "season-late",
                    "answer",
                    "outcome",
                    "question-key");

    private final String player;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final Queue<Seen> messages = new ConcurrentLinkedQueue<>();

    /// The part of a frame that has come so far; a frame holds one or more messages, a line each.
    private final StringBuilder text = new StringBuilder();

    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private CompletableFuture<WebSocket> sent = opened;
    private final int refused;
    private final long bowled;
    private volatile @Nullable String closed;

    /// Channels by the id of the command that subscribes to them.
    private final Map<Integer, String> asked = new ConcurrentHashMap<>();

    private int commands;

    private record Seen(long atMs, String text) {}

    SecretsWatch(TestGateway gateway, String player, List<MatchScript> matches) {
        this.player = player;
        socket = http.newWebSocketBuilder().buildAsync(gateway.endpoint(), this).join();
        var all = new ArrayList<String>();
        all.add(command("connect", "{\"token\":\"%s\"}".formatted(gateway.token(player))));
        for (MatchScript match : matches) {
            for (String name :
                    List.of(
                            "question",
                            "ball",
                            "scoreboard",
                            "leaderboard",
                            "votes",
                            "media-clock")) {
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
        all.add(subscribe("stats:bot-0-0"));
        refused = PRIVATE.size() * matches.size() + 3;
        bowled =
                matches.stream()
                        .flatMap(match -> match.steps().stream())
                        .filter(Step.Bowled.class::isInstance)
                        .count();
        opened.complete(socket.sendText(String.join("\n", all), true).join());
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            long now = System.currentTimeMillis();
            text.toString().lines().forEach(message -> take(new Seen(now, message)));
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed = status + " " + reason;
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed = failure.toString();
    }

    private void take(Seen seen) {
        if (seen.text().equals(PING)) {
            send(PING);
            return;
        }
        messages.add(seen);
        answer(seen.text());
        tryAgain(seen.text());
    }

    /// One send at a time is all that the JDK's WebSocket takes.
    private void send(String text) {
        sent = sent.thenCompose(_ -> socket.sendText(text, true));
    }

    /// Looks through everything that was seen.
    void check() {
        assertThat(closed).describedAs("why the connection ended").isNull();
        Map<String, Long> locks = lastMomentsToAnswer();
        int errors = 0;
        int balls = 0;
        int scores = 0;
        for (Seen seen : messages) {
            JsonNode message = read(seen.text());
            boolean isRefusal =
                    asked.containsKey(message.path("id").asInt())
                            && message.has("error")
                            && !message.at("/error/temporary").asBoolean();
            errors += isRefusal ? 1 : 0;
            String channel = message.at("/push/channel").asText();
            JsonNode data = message.at("/push/pub/data");
            assertThat(PRIVATE).noneMatch(name -> channel.startsWith(name + ":"));
            assertThat(channel).isNotIn("result:bot-0-0", "top:bot-0-0", "stats:bot-0-0");
            if (channel.startsWith("question:") && isUnsettled(data)) {
                assertThat(data.has("answer"))
                        .describedAs("the answer in %s", seen.text())
                        .isFalse();
            } else if (channel.startsWith("ball:")) {
                String question = data.path("match").asText() + "." + data.path("seq").asInt();
                checkAfterLock(seen, locks.get(question));
                balls++;
            } else if (channel.startsWith("votes:")) {
                assertThat(data.has("answer")).describedAs(seen.text()).isFalse();
            } else if (data.path("kind").asText().equals("score")) {
                checkAfterLock(seen, locks.get(data.path("question").asText()));
                scores++;
            } else if (data.path("kind").asText().equals("receipt")) {
                assertThat(data.has("correct") || data.has("answer")).isFalse();
            }
        }
        assertThat(errors)
                .describedAs(() -> "refused subscriptions, of " + replies())
                .isEqualTo(refused);
        assertThat(balls).describedAs(this::course).isEqualTo(bowled);
        assertThat(scores).describedAs(this::course).isGreaterThan(100);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    /// How many publications of each kind and status came in each channel, for a failure's message.
    private String course() {
        var counts = new TreeMap<String, Integer>();
        for (Seen seen : messages) {
            JsonNode push = read(seen.text()).path("push");
            JsonNode data = push.at("/pub/data");
            counts.merge(
                    "%s %s %s"
                            .formatted(
                                    push.path("channel").asText(),
                                    data.path("kind").asText(),
                                    data.path("status").asText()),
                    1,
                    Integer::sum);
        }
        return counts.toString();
    }

    private List<String> replies() {
        return messages.stream()
                .map(Seen::text)
                .filter(message -> message.contains("\"error\""))
                .toList();
    }

    /// When each question locked at the latest, as its last version says.
    private Map<String, Long> lastMomentsToAnswer() {
        var locks = new HashMap<String, Long>();
        for (Seen seen : messages) {
            JsonNode data = read(seen.text()).at("/push/pub/data");
            if (data.has("locksAt")) {
                locks.put(data.path("id").asText(), data.path("locksAt").asLong());
            }
        }
        return locks;
    }

    private static void checkAfterLock(Seen seen, @Nullable Long locksAt) {
        assertThat(locksAt).describedAs("the lock of %s", seen.text()).isNotNull();
        assertThat(seen.atMs()).describedAs(seen.text()).isGreaterThanOrEqualTo(locksAt);
    }

    private static boolean isUnsettled(JsonNode question) {
        return !List.of("resolved", "corrected").contains(question.path("state").asText());
    }

    private void answer(String message) {
        if (message.contains("\"state\":\"open\"")) {
            JsonNode question = read(message).at("/push/pub/data");
            String answer =
                    "{\"match\":\"%s\",\"question\":\"%s\",\"option\":\"one\"}"
                            .formatted(
                                    question.path("match").asText(), question.path("id").asText());
            String publish =
                    command(
                            "publish",
                            "{\"channel\":\"answer:%s\",\"data\":%s}".formatted(player, answer));
            send(publish);
        }
    }

    /// A busy machine may put a subscription off, and says that it is a temporary error.
    private void tryAgain(String message) {
        if (message.contains("\"temporary\":true")) {
            String channel = asked.get(read(message).path("id").asInt());
            if (channel != null) {
                send(subscribe(channel));
            }
        }
    }

    private static JsonNode read(String message) {
        try {
            return JSON.readTree(message);
        } catch (JsonProcessingException e) {
            throw new AssertionError(message, e);
        }
    }

    private synchronized String subscribe(String channel) {
        String command = command("subscribe", "{\"channel\":\"%s\"}".formatted(channel));
        asked.put(commands, channel);
        return command;
    }

    private synchronized String command(String name, String body) {
        commands++;
        return "{\"id\":%d,\"%s\":%s}".formatted(commands, name, body);
    }
}
