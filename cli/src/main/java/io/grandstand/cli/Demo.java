package io.grandstand.cli;

import io.grandstand.bots.BotChoice;
import io.grandstand.bots.BotListener;
import io.grandstand.bots.BotSession;
import io.grandstand.bots.BotSessions;
import io.grandstand.bots.Bots;
import io.grandstand.bots.BotsConfig;
import io.grandstand.cricket.NextBall;
import io.grandstand.cricket.Pacing;
import io.grandstand.embedded.BrokerStartException;
import io.grandstand.embedded.EmbeddedBroker;
import io.grandstand.events.NameFilter;
import io.grandstand.events.PlayerProfile;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.HttpRoute;
import io.grandstand.gateway.StaticFiles;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenIssuer;
import io.grandstand.gateway.auth.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live game in one process: broker, game services, gateway, page, a match and bots. The
/// composition root: a part comes after those it needs, and closing goes backwards.
final class Demo implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Demo.class);

    private static final Duration SERVICES_TIMEOUT = Duration.ofSeconds(60);

    /// Enough to tell every player of a demo to move on without an avalanche, short enough for
    /// Ctrl-C.
    private static final Duration DRAIN = Duration.ofMillis(300);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger();
    private boolean closed;

    /// Runs the demo until Ctrl-C or a fault; returns the exit code.
    static int run(DemoConfig config, Console console) throws StartException, InterruptedException {
        var demo = new Demo();
        var stop = new Thread(demo::close, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            demo.start(config, console, InstantSource.system());
            demo.end.await();
        } finally {
            demo.close();
        }
        return demo.exitCode.get();
    }

    private void start(DemoConfig config, Console console, InstantSource clock)
            throws StartException, InterruptedException {
        console.line("Grandstand " + Version.current());
        Feeds feeds = Feeds.read(config);
        Addresses.checkFree(config.port());
        Map<String, Object> kafka = kafka(config, console);
        GameServices.applyTopics(kafka, console);

        var restores = new RestoreConsole(console, clock);
        var services =
                add(
                        GameServices.start(
                                kafka,
                                GameServices.Config.local(config.data().resolve("state"), restores),
                                this::fail));
        if (!services.awaitRunning(SERVICES_TIMEOUT)) {
            throw new StartException(
                    "the game services do not start; see %s"
                            .formatted(config.data().resolve("logs/grandstand.log")));
        }
        console.done("Game", "questions, answers, points and boards are served");

        byte[] secret = TokenSecret.readOrCreate(config.data().resolve("token-secret"));
        var tokens = add(new TokenVerifier(TokenConfig.ofSecrets(secret), clock));
        var scoreboards = add(new Scoreboards(kafka));
        var records = add(new RecordWriter(kafka));
        var players = new Players(records, new TokenIssuer(secret, clock), clock);
        var leagues = add(new Leagues(kafka, records));
        Path operatorToken = config.data().resolve("operator-token");
        var host =
                new HostApi(
                        OperatorToken.readOrCreate(operatorToken),
                        add(new QuestionBook(kafka)),
                        add(new AnswerFigures(kafka)),
                        scoreboards::find,
                        records::write,
                        QuestionIds::next,
                        clock);
        var routes =
                new ArrayList<>(
                        new DemoRoutes(
                                        players,
                                        leagues,
                                        scoreboards,
                                        tokens,
                                        NameFilter.standard(),
                                        clock)
                                .all());
        routes.addAll(host.routes());
        Gateway gateway = add(gateway(config, kafka, tokens, routes, clock));
        console.done("Gateway", "listens on port " + gateway.port());

        var bots = add(bots(config, gateway.port(), players, clock));
        var pacing = new Pacing(config.speed(), config.answerWindow(), Pacing.DEFAULT.minOpen());
        add(feeds);
        feeds.start(
                new Feeds.Surroundings(
                        kafka, pacing, config.asking(), scoreboards, bots::follow, clock));
        bots.start();
        // Whoever opens the page at the address below shall find a match.
        if (!scoreboards.awaitAny(SERVICES_TIMEOUT)) {
            throw new StartException(
                    "no match begins; see %s"
                            .formatted(config.data().resolve("logs/grandstand.log")));
        }
        console.done("Match", what(config));
        Addresses.print(gateway.port(), console);
        console.line(
                "  Host:           http://localhost:%d/#/host with the token in %s"
                        .formatted(gateway.port(), operatorToken));
        console.line(
                "  Boards:         http://127.0.0.1:%d/boards/all/top".formatted(services.port()));
        console.line("");
        console.line(
                "Ctrl-C stops everything; starting again goes on, with all scores, from "
                        + config.data()
                        + ".");
    }

    /// Ends the demo; does nothing the second time.
    @Override
    public void close() {
        synchronized (parts) {
            if (closed) {
                return;
            }
            closed = true;
            while (!parts.isEmpty()) {
                AutoCloseable part = parts.pop();
                try {
                    part.close();
                } catch (Exception e) {
                    log.warn("{} did not close", part.getClass().getSimpleName(), e);
                }
            }
        }
        end.countDown();
    }

    private <P extends AutoCloseable> P add(P part) {
        synchronized (parts) {
            parts.push(part);
        }
        return part;
    }

    private Map<String, Object> kafka(DemoConfig config, Console console) throws StartException {
        if (config.kafka().isPresent()) {
            Map<String, Object> kafka = config.kafka().get();
            console.done("Kafka", "external cluster at " + kafka.get("bootstrap.servers"));
            return kafka;
        }
        try {
            EmbeddedBroker broker =
                    add(EmbeddedBroker.start(config.data().resolve("kafka"), 0, this::fail));
            console.done("Kafka", "broker in this process at " + broker.bootstrapServers());
            return Map.of("bootstrap.servers", broker.bootstrapServers());
        } catch (BrokerStartException e) {
            throw new StartException(e);
        }
    }

    private static Bots bots(DemoConfig config, int port, Players players, InstantSource clock) {
        var endpoint = URI.create("ws://127.0.0.1:" + port + "/connection/websocket");
        var choice = new BotChoice(config.seed(), config.speed(), NextBall.shares());
        BotSessions sessions =
                (bot, name) -> {
                    // The same player at every start, so that a bot's score goes on.
                    String player = "bot-" + bot;
                    players.show(new PlayerProfile(player, name)).toCompletableFuture().join();
                    return new BotSession(player, players.session(player).token());
                };
        return new Bots(
                new BotsConfig(endpoint, config.bots(), choice), sessions, clock, BotListener.NONE);
    }

    private static String what(DemoConfig config) {
        var parts = new ArrayList<String>();
        config.match().ifPresent(file -> parts.add(file.getFileName().toString()));
        config.quiz().ifPresent(file -> parts.add(file.getFileName().toString()));
        if (parts.isEmpty()) {
            parts.add("simulated T20 matches");
        }
        return "%s, %d bots are coming".formatted(String.join(" and ", parts), config.bots());
    }

    private static Gateway gateway(
            DemoConfig config,
            Map<String, Object> kafka,
            TokenVerifier tokens,
            List<HttpRoute> routes,
            InstantSource clock)
            throws StartException, InterruptedException {
        var gatewayConfig =
                GatewayConfig.of(
                                new GatewayConfig.Listen("0.0.0.0", config.port(), Set.of()),
                                GameChannels.namespaces())
                        .with(GatewayConfig.Timing.DEFAULT.withDrain(DRAIN));
        var surroundings =
                new Gateway.Surroundings(
                        kafka,
                        tokens,
                        routes,
                        new StaticFiles("web"),
                        clock,
                        new SplittableRandom(),
                        Version.current());
        try {
            return Gateway.start(gatewayConfig, surroundings);
        } catch (IOException e) {
            throw new StartException(e);
        }
    }

    private void fail(String sentence) {
        log.error("{}", sentence);
        exitCode.set(1);
        end.countDown();
    }
}
