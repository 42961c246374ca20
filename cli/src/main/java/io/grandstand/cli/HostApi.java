package io.grandstand.cli;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import io.grandstand.events.Question.State;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.SeasonCommand;
import io.grandstand.events.Terms;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.events.Votes;
import io.grandstand.gateway.HttpRoute;
import io.grandstand.gateway.HttpRoute.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a host does by HTTP: asks, locks, resolves, corrects and takes back questions, opens
/// matches of its own for them, and closes seasons.
///
/// ```
/// POST /host/match    {"match","title","state"}             GET /host/questions
/// POST /host/ask      {"match","prompt","options",…}        GET /host/answers
/// POST /host/lock     {"match","question"}                  POST /host/season/close {"season","at"}
/// POST /host/resolve  {"match","question","answer"}
/// POST /host/correct  {"match","question","answer"}
/// POST /host/void     {"match","question","reason"}
/// ```
///
/// Every request says `Authorization: Bearer <operator token>`. A command is checked against the
/// questions as they are known here, written, and answered with 202 once Kafka has it; what becomes
/// of it shows in the list. Between the check and the desk another host may have been faster: then
/// the desk's word counts, and the command is a dead letter.
///
/// Pure but for what it is given; thread-safe if that is. Never blocks.
final class HostApi {
    /// Longest body, in bytes.
    static final int BODY_BYTES_MAX = 16 << 10;

    /// Shortest operator token, in characters.
    static final int TOKEN_LENGTH_MIN = 16;

    private static final int LISTED_MAX = 200;
    private static final int POINTS = 10;
    private static final long WINDOW_MS = 10_000;

    /// What a message about a body begins with: a host does not know our types.
    private static final Pattern TYPE = Pattern.compile("^no valid \\w+");

    private static final Logger log = LoggerFactory.getLogger(HostApi.class);

    private final byte[] tokenHash;
    private final Questions questions;
    private final Figures figures;
    private final Function<String, Optional<Scoreboard>> matches;
    private final Records records;
    private final Supplier<String> ids;
    private final InstantSource clock;

    /// The questions as they stand.
    interface Questions {
        /// A question's newest version; null where there is none.
        @Nullable Question find(String match, String question);

        /// The questions that changed last, at most so many.
        List<Question> latestFirst(int max);
    }

    /// How questions are being answered.
    interface Figures {
        /// Votes of the questions that changed last.
        List<Votes> votes();

        /// Answer times of the matches that changed last.
        List<AnswerTimes> answerTimes();
    }

    /// Where a host's words go.
    interface Records {
        /// Done once the record is durable.
        <V> CompletionStage<Void> write(Topic<V> topic, String key, V value);
    }

    /// @param token who knows it is an operator; at least 16 characters
    /// @param matches a match's scoreboard
    /// @param ids makes ids for questions that are asked without one
    /// @param clock the server's clock
    HostApi(
            String token,
            Questions questions,
            Figures figures,
            Function<String, Optional<Scoreboard>> matches,
            Records records,
            Supplier<String> ids,
            InstantSource clock) {
        if (token.length() < TOKEN_LENGTH_MIN) {
            throw new IllegalArgumentException(
                    "operator token has %d characters: must have at least %d"
                            .formatted(token.length(), TOKEN_LENGTH_MIN));
        }
        this.tokenHash = hash(token);
        this.questions = questions;
        this.figures = figures;
        this.matches = matches;
        this.records = records;
        this.ids = ids;
        this.clock = clock;
    }

    /// What `POST /host/ask` takes. Options are texts, which get the ids `a`, `b`, `c`, …, or have
    /// ids of their own.
    ///
    /// @param question the question's id; absent: a new one
    /// @param points absent: 10
    /// @param opensAt absent: `opensInMs` from now
    /// @param opensInMs absent: 0; for hosts whose clock nobody knows
    /// @param locksAt absent: `windowMs` after `opensAt`
    /// @param windowMs absent: 10,000
    record AskBody(
            String match,
            @Nullable String question,
            String prompt,
            List<Object> options,
            @Nullable Integer points,
            @Nullable Long opensAt,
            @Nullable Long opensInMs,
            @Nullable Long locksAt,
            @Nullable Long windowMs,
            @Nullable String rule,
            @Nullable Long cueAt,
            @Nullable Terms terms,
            @Nullable Opening opens) {}

    /// What the other commands take, each what it needs of it.
    record ChangeBody(
            String match, String question, @Nullable String answer, @Nullable String reason) {}

    /// What `POST /host/match` takes.
    ///
    /// @param title what is played, for people
    /// @param state absent: live
    record MatchBody(String match, String title, Scoreboard.@Nullable State state) {}

    /// What `POST /host/season/close` takes.
    ///
    /// @param at the last moment that counts; absent: now
    record SeasonBody(String season, @Nullable Long at) {}

    private record Said(String match, String question) {}

    private record AnswerFiguresBody(List<Votes> votes, List<AnswerTimes> answerTimes) {}

    /// A request that is not followed.
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;

        Refusal(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    /// What the gateway is to serve.
    List<HttpRoute> routes() {
        return Stream.concat(
                        Stream.of("/host/questions", "/host/answers")
                                .map(path -> route("GET", path)),
                        Stream.of(
                                        "/host/match",
                                        "/host/ask",
                                        "/host/lock",
                                        "/host/resolve",
                                        "/host/correct",
                                        "/host/void",
                                        "/host/season/close")
                                .map(path -> route("POST", path)))
                .toList();
    }

    private HttpRoute route(String method, String path) {
        return new HttpRoute(
                method, path, request -> handle(method, path, request.headers(), request.body()));
    }

    /// Answers a request.
    ///
    /// @param headers by lower-case name
    CompletionStage<Response> handle(
            String method, String path, Map<String, String> headers, byte[] body) {
        try {
            requireOperator(headers.get("authorization"));
            if (body.length > BODY_BYTES_MAX) {
                throw new Refusal(
                        413, "The body must have at most %d bytes.".formatted(BODY_BYTES_MAX));
            }
            return switch (path) {
                case "/host/questions" -> {
                    requireMethod(method, "GET");
                    yield done(json(200, Map.of("questions", questions.latestFirst(LISTED_MAX))));
                }
                case "/host/answers" -> {
                    requireMethod(method, "GET");
                    yield done(
                            json(
                                    200,
                                    new AnswerFiguresBody(figures.votes(), figures.answerTimes())));
                }
                case "/host/match" -> {
                    requireMethod(method, "POST");
                    yield show(board(Json.read(body, MatchBody.class)));
                }
                case "/host/season/close" -> {
                    requireMethod(method, "POST");
                    yield close(Json.read(body, SeasonBody.class));
                }
                default -> say(command(method, path, body));
            };
        } catch (Refusal refusal) {
            return done(error(refusal.status, refusal.getMessage()));
        } catch (InvalidRecordException e) {
            return done(error(400, TYPE.matcher(e.getMessage()).replaceFirst("the body is wrong")));
        } catch (IllegalArgumentException e) {
            return done(error(400, e.getMessage()));
        }
    }

    /// A match of the host's own: a match that a feed plays has its own scoreboard.
    private Scoreboard board(MatchBody body) {
        requireMatch(body.match());
        boolean isPlayed =
                matches.apply(body.match()).filter(board -> !board.teams().isEmpty()).isPresent();
        if (isPlayed) {
            throw new Refusal(409, "Match '%s' is a feed's.".formatted(body.match()));
        }
        return new Scoreboard(
                body.match(),
                body.title(),
                List.of(),
                body.state() == null ? Scoreboard.State.LIVE : body.state(),
                List.of(),
                List.of(),
                null,
                List.of(),
                null,
                clock.millis());
    }

    /// Boards of days, seasons and all time have ids too, which no match may take.
    private static void requireMatch(@Nullable String match) {
        if (match != null
                && (match.equals("all")
                        || match.startsWith("day.")
                        || match.startsWith("season."))) {
            throw new IllegalArgumentException(
                    "match is '%s': that is a board's name".formatted(match));
        }
    }

    private QuestionCommand command(String method, String path, byte[] body) {
        return switch (path) {
            case "/host/ask" -> {
                requireMethod(method, "POST");
                yield ask(Json.read(body, AskBody.class));
            }
            case "/host/lock", "/host/resolve", "/host/correct", "/host/void" -> {
                requireMethod(method, "POST");
                yield change(path, Json.read(body, ChangeBody.class));
            }
            default -> throw new Refusal(404, "There is nothing here.");
        };
    }

    private Ask ask(AskBody body) {
        requireMatch(body.match());
        long opensAt = orElse(body.opensAt(), clock.millis() + orElse(body.opensInMs(), 0));
        long locksAt = orElse(body.locksAt(), opensAt + orElse(body.windowMs(), WINDOW_MS));
        String id = body.question() == null ? ids.get() : body.question();
        var ask =
                new Ask(
                        body.match(),
                        id,
                        body.prompt(),
                        options(body.options()),
                        body.points() == null ? POINTS : body.points(),
                        opensAt,
                        locksAt,
                        body.rule(),
                        body.cueAt(),
                        body.terms(),
                        body.opens());
        Question known = questions.find(ask.match(), id);
        if (known != null && known.state().compareTo(State.OPEN) >= 0) {
            throw new Refusal(
                    409,
                    "Question '%s' is %s: it can be asked no more."
                            .formatted(id, word(known.state())));
        }
        return ask;
    }

    private static List<Option> options(@Nullable List<Object> given) {
        if (given == null) {
            throw new IllegalArgumentException("options are missing");
        }
        if (given.size() > 16) {
            throw new IllegalArgumentException(
                    "number of options is %d: must be 2 to 16".formatted(given.size()));
        }
        return java.util.stream.IntStream.range(0, given.size())
                .mapToObj(i -> option(given.get(i), i))
                .toList();
    }

    private static Option option(@Nullable Object given, int index) {
        return switch (given) {
            case String label -> new Option(String.valueOf((char) ('a' + index)), label);
            case Map<?, ?> own
                    when own.get("id") instanceof String id
                            && own.get("label") instanceof String label ->
                    new Option(id, label);
            case null, default ->
                    throw new IllegalArgumentException(
                            "option %d must be a text, or have the texts id and label"
                                    .formatted(index + 1));
        };
    }

    private QuestionCommand change(String path, ChangeBody body) {
        long now = clock.millis();
        String reason = body.reason() == null ? "Taken back by the host" : body.reason();
        return switch (path) {
            case "/host/lock" -> {
                var lock = new Lock(body.match(), body.question(), now);
                require(known(body), "lock", List.of(State.OPEN));
                yield lock;
            }
            case "/host/resolve" -> {
                var resolve = resolve(body, now);
                require(known(body), "resolve", List.of(State.OPEN, State.LOCKED));
                yield resolve;
            }
            case "/host/correct" -> {
                var correct = resolve(body, now);
                require(known(body), "correct", List.of(State.RESOLVED, State.CORRECTED));
                yield correct;
            }
            default -> {
                var withdraw = new Withdraw(body.match(), body.question(), reason);
                requireNotVoid(known(body));
                yield withdraw;
            }
        };
    }

    private Resolve resolve(ChangeBody body, long now) {
        if (body.answer() == null) {
            throw new IllegalArgumentException("answer is missing");
        }
        var resolve = new Resolve(body.match(), body.question(), body.answer(), now);
        if (!known(body).hasOption(body.answer())) {
            throw new IllegalArgumentException(
                    "answer is '%s': must be one of %s"
                            .formatted(
                                    body.answer(),
                                    known(body).options().stream().map(Option::id).toList()));
        }
        return resolve;
    }

    private Question known(ChangeBody body) {
        Question known = questions.find(body.match(), body.question());
        if (known == null) {
            throw new Refusal(
                    404,
                    "There is no question '%s' in match '%s'."
                            .formatted(body.question(), body.match()));
        }
        return known;
    }

    private static void require(Question known, String what, List<State> states) {
        if (!states.contains(known.state())) {
            throw new Refusal(
                    409,
                    "Question '%s' is %s: to %s it, it must be %s."
                            .formatted(
                                    known.id(),
                                    word(known.state()),
                                    what,
                                    String.join(
                                            " or ", states.stream().map(HostApi::word).toList())));
        }
    }

    private static void requireNotVoid(Question known) {
        if (known.state() == State.VOID) {
            throw new Refusal(409, "Question '%s' is void already.".formatted(known.id()));
        }
    }

    private CompletionStage<Response> say(QuestionCommand command) {
        return written(
                records.write(Topics.QUESTION_COMMAND, command.match(), command),
                new Said(command.match(), command.question()));
    }

    private CompletionStage<Response> show(Scoreboard board) {
        return written(
                records.write(Topics.SCOREBOARD, board.match(), board),
                Map.of("match", board.match()));
    }

    private CompletionStage<Response> close(SeasonBody body) {
        var command =
                new SeasonCommand(
                        SeasonCommand.Kind.CLOSE, body.season(), orElse(body.at(), clock.millis()));
        return written(
                records.write(Topics.SEASON_COMMAND, command.season(), command),
                Map.of("season", command.season()));
    }

    private static CompletionStage<Response> written(CompletionStage<Void> write, Object answer) {
        return write.handle((_, failure) -> {
            if (failure != null) {
                log.warn("a host's command was not written: {}", failure.toString());
                return error(503, "Kafka does not answer; try again shortly.");
            }
            return json(202, answer);
        });
    }

    /// Compared as hashes, in constant time: neither the token's content nor its length shows in
    /// how long it takes.
    private void requireOperator(@Nullable String authorization) {
        String prefix = "Bearer ";
        boolean isOperator =
                authorization != null
                        && authorization.startsWith(prefix)
                        && MessageDigest.isEqual(
                                hash(authorization.substring(prefix.length())), tokenHash);
        if (!isOperator) {
            throw new Refusal(401, "Say Authorization: Bearer and the operator token.");
        }
    }

    private static void requireMethod(String method, String only) {
        if (!method.equals(only)) {
            throw new Refusal(405, "This path takes %s only.".formatted(only));
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static long orElse(@Nullable Long value, long otherwise) {
        return value == null ? otherwise : value;
    }

    private static String word(State state) {
        return state.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Response json(int status, Object body) {
        return Response.json(status, Json.write(body));
    }

    private static Response error(int status, @Nullable String sentence) {
        return json(status, Map.of("error", sentence == null ? "The request is wrong." : sentence));
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedStage(response);
    }
}
