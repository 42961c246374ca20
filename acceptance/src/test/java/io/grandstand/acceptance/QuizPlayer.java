package io.grandstand.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.client.Backoff;
import io.grandstand.client.ClientConfig;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Position;
import io.grandstand.client.Publication;
import io.grandstand.client.SubscriptionListener;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// A player who answers every question at once, with an option that follows from player and
/// question. Answers until the gateway has acknowledged it, over lost connections too.
final class QuizPlayer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final int number;
    private final String name;
    private final GrandstandClient client;
    private final String match;

    // Guarded by `this`, which is notified of every change.
    private final Map<String, String> choices = new HashMap<>();
    private final Map<String, String> others = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<String, Boolean> right = new HashMap<>();
    private long total;

    QuizPlayer(int number, JsonNode session, String match, EventLoopGroup loops, String port) {
        this.number = number;
        this.match = match;
        this.name = session.path("player").asText();
        String token = session.path("token").asText();
        client =
                new GrandstandClient(
                        loops,
                        new ClientConfig(
                                URI.create(
                                        "ws://127.0.0.1:%s/connection/websocket".formatted(port)),
                                () -> token,
                                new Backoff(Duration.ofMillis(100), Duration.ofMillis(500)),
                                Duration.ofSeconds(5)),
                        new SplittableRandom(number),
                        new ClientListener() {
                            @Override
                            public void connected(String id) {
                                sendUnanswered();
                            }
                        });
        client.subscribe("question:" + match, Position.BEGINNING, listener(this::question));
        client.subscribe("result:" + name, Position.BEGINNING, listener(this::result));
        client.connect();
    }

    String name() {
        return name;
    }

    synchronized long total() {
        return total;
    }

    /// What the counted answers are worth by the quiz's own key, worked out here.
    synchronized long pointsByKey() {
        long points = 0;
        for (String question : answered) {
            int n = questionNumber(question);
            boolean isRight = optionNumber(n) == n % 3;
            points += isRight ? 10 : 0;
        }
        return points;
    }

    void awaitAnswered(String question, Duration atMost) throws InterruptedException {
        await(() -> answered.contains(question), "an answer to " + question, atMost);
    }

    void awaitScored(String question, Duration atMost) throws InterruptedException {
        await(() -> right.containsKey(question), "a score for " + question, atMost);
    }

    /// Answers a question again, with another option, as somebody would who hopes to be counted
    /// twice.
    void sendAgain(String question, Duration atMost) throws InterruptedException {
        String other;
        synchronized (this) {
            answered.remove(question);
            other = others.getOrDefault(question, "");
        }
        send(question, other);
        awaitAnswered(question, atMost);
    }

    @Override
    public void close() {
        client.close();
    }

    private void question(JsonNode question) {
        String id = question.path("id").asText();
        synchronized (this) {
            if (!question.path("state").asText().equals("open") || choices.containsKey(id)) {
                return;
            }
            int option = optionNumber(questionNumber(id));
            choices.put(id, question.path("options").path(option).path("id").asText());
            others.put(id, question.path("options").path((option + 1) % 3).path("id").asText());
        }
        sendUnanswered();
    }

    private void result(JsonNode result) {
        if (result.path("kind").asText().equals("score")) {
            synchronized (this) {
                right.put(result.path("question").asText(), result.path("correct").asBoolean());
                total = result.path("total").asLong();
                notifyAll();
            }
        }
    }

    private void sendUnanswered() {
        Map<String, String> open;
        synchronized (this) {
            open = new HashMap<>(choices);
            open.keySet().removeAll(answered);
        }
        open.forEach(this::send);
    }

    private void send(String question, String option) {
        var _ =
                client.publish(
                                "answer:" + name,
                                "{\"match\":\"%s\",\"question\":\"%s\",\"option\":\"%s\"}"
                                        .formatted(match, question, option))
                        .thenRun(() -> {
                            synchronized (this) {
                                answered.add(question);
                                notifyAll();
                            }
                        });
    }

    private synchronized void await(BooleanSupplier holds, String what, Duration atMost)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!holds.getAsBoolean()) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new AssertionError("player " + number + " waited in vain for " + what);
            }
            wait(leftMs);
        }
    }

    private int optionNumber(int question) {
        return (number + question) % 3;
    }

    private static int questionNumber(String id) {
        return Integer.parseInt(id.substring(id.lastIndexOf('.') + 1));
    }

    private static SubscriptionListener listener(java.util.function.Consumer<JsonNode> consumer) {
        return new SubscriptionListener() {
            @Override
            public void publication(Publication publication) {
                try {
                    consumer.accept(JSON.readTree(publication.data()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
