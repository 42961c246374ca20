package io.grandstand.cli;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Scoreboard;
import io.grandstand.gateway.HttpRoute;
import io.grandstand.gateway.HttpRoute.Request;
import io.grandstand.gateway.HttpRoute.Response;
import io.grandstand.gateway.auth.TokenVerifier;
import io.grandstand.gateway.auth.Verdict;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the page asks the demo by HTTP: to be somebody, to be called something else, to be in a
/// league, which matches there are, what time it is. A refusal is `{"error":"…"}`.
final class DemoRoutes {
    private static final int BODY_BYTES_MAX = 1024;

    private static final String BEARER = "Bearer ";

    private final Players players;
    private final Leagues leagues;
    private final Scoreboards scoreboards;
    private final TokenVerifier tokens;
    private final NameFilter names;
    private final InstantSource clock;

    DemoRoutes(
            Players players,
            Leagues leagues,
            Scoreboards scoreboards,
            TokenVerifier tokens,
            NameFilter names,
            InstantSource clock) {
        this.players = players;
        this.leagues = leagues;
        this.scoreboards = scoreboards;
        this.tokens = tokens;
        this.names = names;
        this.clock = clock;
    }

    List<HttpRoute> all() {
        return List.of(
                new HttpRoute("POST", "/demo/session", this::session),
                new HttpRoute("POST", "/demo/profile", asPlayer(this::profile)),
                new HttpRoute("GET", "/demo/leagues", asPlayer((player, _) -> leaguesOf(player))),
                new HttpRoute("POST", "/demo/league", asPlayer((player, _) -> create(player))),
                new HttpRoute("POST", "/demo/league/join", asPlayer(this::join)),
                new HttpRoute("GET", "/demo/matches", _ -> matches()),
                new HttpRoute("GET", "/demo/time", _ -> time()));
    }

    /// What a client wants to be shown as.
    record Wish(String name, @Nullable String country) {
        Wish {
            if (name == null) {
                throw new IllegalArgumentException("name is missing");
            }
        }
    }

    /// Which league to join.
    record Code(String league) {
        Code {
            if (league == null) {
                throw new IllegalArgumentException("league is missing");
            }
        }
    }

    /// A match as the page lists it.
    private record Listed(String id, String title, List<String> teams, Scoreboard.State state) {}

    /// An endpoint for those who prove to be a player.
    private interface PlayerHandler {
        CompletionStage<Response> handle(String player, byte[] body);
    }

    private Function<Request, CompletionStage<Response>> asPlayer(PlayerHandler handler) {
        return request -> {
            String authorization = request.header("authorization");
            if (request.body().length > BODY_BYTES_MAX) {
                return refused(413, "The body must have at most %d bytes.", BODY_BYTES_MAX);
            }
            if (!authorization.startsWith(BEARER)) {
                return refused(401, "Say Authorization: Bearer and the token of your session.");
            }
            return tokens.connection(authorization.substring(BEARER.length()))
                    .thenCompose(verdict ->
                            verdict
                                            instanceof
                                            Verdict.Valid<?>(
                                                    io.grandstand.gateway.auth.ConnectionClaims
                                                            claims)
                                    ? answer(() -> handler.handle(claims.player(), request.body()))
                                    : refused(401, "This token is not good any more."));
        };
    }

    private CompletionStage<Response> session(Request request) {
        byte[] body = request.body();
        if (body.length > BODY_BYTES_MAX) {
            return refused(413, "The body must have at most %d bytes.", BODY_BYTES_MAX);
        }
        return answer(() -> {
            String name = shown(Json.read(body, Wish.class).name());
            return players.join(name).thenApply(session -> Response.json(200, Json.write(session)));
        });
    }

    private CompletionStage<Response> profile(String player, byte[] body) {
        Wish wish = Json.read(body, Wish.class);
        var profile = new PlayerProfile(player, shown(wish.name()), wish.country());
        return players.show(profile).thenApply(_ -> Response.json(200, Json.write(profile)));
    }

    /// The name as boards show it.
    private String shown(String name) {
        if (!names.allows(name)) {
            throw new IllegalArgumentException("this name is not shown; choose another one");
        }
        return name.strip();
    }

    private CompletionStage<Response> leaguesOf(String player) {
        return ok(Map.of("leagues", leagues.of(player)));
    }

    private CompletionStage<Response> create(String player) {
        return leagues.create(player).thenApply(DemoRoutes::changed);
    }

    private CompletionStage<Response> join(String player, byte[] body) {
        return leagues.join(Json.read(body, Code.class).league(), player)
                .thenApply(DemoRoutes::changed);
    }

    private static Response changed(Leagues.Change change) {
        return switch (change.outcome()) {
            case DONE -> Response.json(200, Json.write(Map.of("league", change.league())));
            case UNKNOWN -> error(404, "There is no such league.");
            case FULL -> error(409, "The league is full.");
            case TOO_MANY ->
                    error(409, "Nobody is in more than %d leagues.".formatted(Leagues.LEAGUES_MAX));
        };
    }

    private CompletionStage<Response> matches() {
        return ok(
                scoreboards.list().stream()
                        .map(board ->
                                new Listed(
                                        board.match(), board.title(), board.teams(), board.state()))
                        .toList());
    }

    private CompletionStage<Response> time() {
        return ok(Map.of("now", clock.millis()));
    }

    /// What an endpoint answers, or why it does not.
    private static CompletionStage<Response> answer(
            java.util.function.Supplier<CompletionStage<Response>> endpoint) {
        try {
            return endpoint.get()
                    .exceptionally(_ -> error(503, "Kafka does not answer; try again shortly."));
        } catch (InvalidRecordException e) {
            return refused(400, "The body is not what this endpoint takes.");
        } catch (IllegalArgumentException e) {
            return refused(400, "%s.", String.valueOf(e.getMessage()));
        }
    }

    private static CompletionStage<Response> ok(Object body) {
        return CompletableFuture.completedStage(Response.json(200, Json.write(body)));
    }

    private static CompletionStage<Response> refused(int status, String sentence, Object... of) {
        return CompletableFuture.completedStage(error(status, sentence.formatted(of)));
    }

    private static Response error(int status, String sentence) {
        return Response.json(status, Json.write(Map.of("error", sentence)));
    }
}
