package io.grandstand.leaderboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Top;
import io.grandstand.events.TopRequest;
import io.grandstand.events.TopRequest.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Boards over HTTP, for other services and for the other instances of this one; not for the open
/// internet. Any instance answers for all players: it fetches from their owners what it has not.
///
/// | request | answer |
/// |---|---|
/// | `GET /boards/{board}/players/{player}` | the player's own place |
/// | `GET /boards/{board}/players/{player}/history` | the player's ranks until now |
/// | `GET /boards/{board}/top` | the best ten |
/// | `GET /boards/{board}/around/{player}?k=5` | the player's neighbours |
/// | `GET /boards/{board}/page?offset=0&size=20` | rows by position |
/// | `GET /boards/{board}/leagues/{league}?offset=0&size=20` | a league's members |
/// | `POST /boards/{board}/friends` with `{"players":[…]}` | these players |
/// | `GET /health/ready` | 200 once boards can be read |
///
/// Bodies are as in topic `top`; `?player=` adds that player's own place. What is out of bounds
/// gets 400 with `{"error":"…"}`, what does not exist 404, and while partitions are rebuilt or move
/// 503 with `Retry-After`. One virtual thread serves each request.
final class BoardServer implements AutoCloseable {
    /// Requests at once; who comes beyond gets 503.
    private static final int REQUESTS_MAX = 256;

    private static final int BODY_BYTES_MAX = 4 << 20;
    private static final int STOP_SECONDS = 1;
    private static final int BACKLOG = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(BoardServer.class);

    static {
        // Otherwise the last packet of an answer waits for the client to acknowledge the one
        // before, which clients put off for 40 ms. The JDK's server has no other way to say so.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("board-request-", 0).factory());
    private final Semaphore requests = new Semaphore(REQUESTS_MAX);

    /// Takes the port; nothing is answered before `start`.
    ///
    /// @param port 0 for any free one
    BoardServer(String host, int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        server.setExecutor(threads);
    }

    private record Failure(String error) {}

    private record Friends(@Nullable String player, List<String> players) {}

    /// What an exchange ends with.
    private record Reply(int status, Object body, int retryAfterSeconds) {
        static Reply ok(Object body) {
            return new Reply(200, body, 0);
        }

        static Reply failure(int status, String sentence) {
            return new Reply(status, new Failure(sentence), 0);
        }

        static Reply later(String sentence) {
            return new Reply(503, new Failure(sentence), 2);
        }
    }

    /// A handler of one route.
    private interface Route {
        Reply reply(HttpExchange exchange)
                throws IOException, NotReadyException, InterruptedException;
    }

    int port() {
        return server.getAddress().getPort();
    }

    void start(BoardReader reader, StreamsFleet fleet, BooleanSupplier isReady) {
        route("/boards/", exchange -> board(reader, exchange));
        route(StreamsFleet.PARTS_PATH, exchange -> parts(fleet, exchange));
        route(
                "/health/ready",
                _ ->
                        isReady.getAsBoolean()
                                ? Reply.ok(Map.of("ready", true))
                                : Reply.later(Refusals.RESTORING.sentence()));
        server.start();
    }

    /// Serves one more page, made anew at each request.
    void serve(String path, Supplier<ServicePage> page) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        ServicePage made = page.get();
                        byte[] body = made.body().getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", made.contentType());
                        exchange.sendResponseHeaders(made.status(), body.length);
                        exchange.getResponseBody().write(body);
                    } catch (RuntimeException e) {
                        LOG.error("{} failed", exchange.getRequestURI(), e);
                    }
                });
    }

    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        threads.shutdownNow();
    }

    private void route(String path, Route route) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        send(exchange, reply(route, exchange));
                    }
                });
    }

    private Reply reply(Route route, HttpExchange exchange) throws IOException {
        if (!requests.tryAcquire()) {
            return Reply.later(Refusals.BUSY.sentence());
        }
        try {
            return route.reply(exchange);
        } catch (InvalidRecordException | IllegalArgumentException e) {
            return Reply.failure(400, String.valueOf(e.getMessage()));
        } catch (NotReadyException e) {
            LOG.debug("A request came too early: {}", e.getMessage());
            return Reply.later(Refusals.RESTORING.sentence());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.later(Refusals.RESTORING.sentence());
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
            return Reply.failure(500, "This request failed; the log says why.");
        } finally {
            requests.release();
        }
    }

    private static Reply board(BoardReader reader, HttpExchange exchange)
            throws IOException, NotReadyException, InterruptedException {
        List<String> path =
                Arrays.stream(exchange.getRequestURI().getRawPath().substring(1).split("/", -1))
                        .map(BoardServer::decoded)
                        .toList();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String what = path.size() < 3 ? "" : path.get(2);
        String of = path.size() == 4 ? path.get(3) : null;
        String asker = query.get("player");
        boolean isPost = what.equals("friends");
        if (!exchange.getRequestMethod().equals(isPost ? "POST" : "GET")) {
            return Reply.failure(405, "Use %s here.".formatted(isPost ? "POST" : "GET"));
        }
        if (of == null && path.size() == 3) {
            String board = path.get(1);
            return switch (what) {
                case "top" -> answer(reader, asker, request(board, Kind.TOP, query, null));
                case "page" -> answer(reader, asker, request(board, Kind.PAGE, query, null));
                case "friends" -> {
                    Friends friends = Json.read(body(exchange), Friends.class);
                    var request =
                            new TopRequest(
                                    board,
                                    Kind.FRIENDS,
                                    null,
                                    null,
                                    null,
                                    null,
                                    friends.players(),
                                    null);
                    yield answer(reader, friends.player(), request);
                }
                default -> notFound();
            };
        }
        if (of != null) {
            String board = path.get(1);
            return switch (what) {
                case "players" -> Reply.ok(reader.place(new TopRequest(board).board(), player(of)));
                case "around" ->
                        answer(reader, player(of), request(board, Kind.AROUND, query, null));
                case "leagues" -> answer(reader, asker, request(board, Kind.LEAGUE, query, of));
                default -> notFound();
            };
        }
        if (path.size() == 5 && what.equals("players") && path.get(4).equals("history")) {
            TopRequest request = request(path.get(1), Kind.HISTORY, query, null);
            return answer(reader, player(path.get(3)), request);
        }
        return notFound();
    }

    private static Reply notFound() {
        return Reply.failure(404, "There is nothing here.");
    }

    private static TopRequest request(
            String board, Kind kind, Map<String, String> query, @Nullable String league) {
        Long k = number(query, "k");
        Long size = number(query, "size");
        return new TopRequest(
                board,
                kind,
                null,
                k == null ? null : Math.toIntExact(k),
                number(query, "offset"),
                size == null ? null : Math.toIntExact(size),
                null,
                league);
    }

    private static @Nullable Long number(Map<String, String> query, String name) {
        String value = query.get(name);
        try {
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s is no number".formatted(name), e);
        }
    }

    private static Reply answer(BoardReader reader, @Nullable String asker, TopRequest request)
            throws NotReadyException, InterruptedException {
        Top top = reader.answer(asker == null ? null : player(asker), request);
        if (top.refused() == null) {
            return Reply.ok(top);
        }
        boolean isUnknown = top.refused().code() == Top.Code.UNKNOWN;
        return Reply.failure(isUnknown ? 404 : 400, top.refused().sentence());
    }

    private static String player(String id) {
        if (!PlayerProfile.isPlayer(id)) {
            throw new IllegalArgumentException("player must be 1 to 128 characters");
        }
        return id;
    }

    private static Reply parts(StreamsFleet fleet, HttpExchange exchange)
            throws IOException, NotReadyException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return Reply.failure(405, "Use POST here.");
        }
        return Reply.ok(new PartAnswers(fleet.local(Json.read(body(exchange), PartQuery.class))));
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the body has more than %d bytes".formatted(BODY_BYTES_MAX));
        }
        return body;
    }

    private static Map<String, String> query(@Nullable String raw) {
        var query = new HashMap<String, String>();
        if (raw != null) {
            for (String part : raw.split("&", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    query.put(
                            decoded(part.substring(0, equals)),
                            decoded(part.substring(equals + 1)));
                }
            }
        }
        return query;
    }

    /// A plus is a plus: ids may hold one.
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = Json.write(reply.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (reply.retryAfterSeconds() > 0) {
            exchange.getResponseHeaders()
                    .set("Retry-After", String.valueOf(reply.retryAfterSeconds()));
        }
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
