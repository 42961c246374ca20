package io.grandstand.cli;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.Scoreboard;
import io.grandstand.gateway.HttpRoute;
import io.grandstand.gateway.HttpRoute.Response;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What the page asks the demo by HTTP: to be somebody, which matches there are, what time it is.
final class DemoRoutes {
    private static final int BODY_BYTES_MAX = 1024;

    private final Players players;
    private final Scoreboards scoreboards;
    private final InstantSource clock;

    DemoRoutes(Players players, Scoreboards scoreboards, InstantSource clock) {
        this.players = players;
        this.scoreboards = scoreboards;
        this.clock = clock;
    }

    List<HttpRoute> all() {
        return List.of(
                new HttpRoute("POST", "/demo/session", this::session),
                new HttpRoute("GET", "/demo/matches", _ -> matches()),
                new HttpRoute("GET", "/demo/time", _ -> time()));
    }

    /// What the client sends to become a player.
    record Wish(String name) {
        Wish {
            if (name == null) {
                throw new IllegalArgumentException("name is missing");
            }
        }
    }

    /// A match as the page lists it.
    private record Listed(String id, String title, List<String> teams, Scoreboard.State state) {}

    private CompletionStage<Response> session(HttpRoute.Request request) {
        byte[] body = request.body();
        if (body.length > BODY_BYTES_MAX) {
            return refused(413, "A name takes at most %d bytes.".formatted(BODY_BYTES_MAX));
        }
        try {
            return players.join(Json.read(body, Wish.class).name())
                    .<Response>thenApply(player -> Response.json(200, Json.write(player)))
                    .exceptionally(
                            _ -> Response.text(503, "Kafka does not answer; try again shortly."));
        } catch (InvalidRecordException | IllegalArgumentException e) {
            return refused(
                    400,
                    "Send {\"name\":\"...\"} with 1 to 24 characters, none of them a control"
                            + " character.");
        }
    }

    private CompletionStage<Response> matches() {
        List<Listed> listed =
                scoreboards.list().stream()
                        .map(board ->
                                new Listed(
                                        board.match(), board.title(), board.teams(), board.state()))
                        .toList();
        return CompletableFuture.completedStage(Response.json(200, Json.write(listed)));
    }

    private CompletionStage<Response> time() {
        return CompletableFuture.completedStage(
                Response.json(200, Json.write(Map.of("now", clock.millis()))));
    }

    private static CompletionStage<Response> refused(int status, String sentence) {
        return CompletableFuture.completedStage(Response.text(status, sentence));
    }
}
