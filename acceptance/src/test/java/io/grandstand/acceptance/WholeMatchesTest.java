package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.bots.BotChoice;
import io.grandstand.bots.BotListener;
import io.grandstand.bots.BotSession;
import io.grandstand.bots.Bots;
import io.grandstand.bots.BotsConfig;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Publication;
import io.grandstand.client.SubscriptionListener;
import io.grandstand.cricket.Conductor;
import io.grandstand.cricket.MatchFile;
import io.grandstand.cricket.MatchScript;
import io.grandstand.cricket.NextBall;
import io.grandstand.cricket.Pacing;
import io.grandstand.cricket.SimulatedMatch;
import io.grandstand.events.BoardRow;
import io.grandstand.events.Json;
import io.grandstand.events.Leaderboard;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.Top;
import io.grandstand.events.Waiting;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole matches at high speed through broker, game, gateway and real clients: every player's
/// points and rank against a reference computed from the recorded input, and no secret seen before
/// its time.
class WholeMatchesTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// A plain T20, a tie decided in a super over, and a match abandoned after two balls.
    private static final List<String> REAL =
            List.of("ipl/1181768.json", "t20i/1187680.json", "t20i/566927.json");

    private static final int BOTS_A_MATCH = 100;
    private static final Pacing PACING =
            new Pacing(150, Duration.ofSeconds(10), Duration.ofMillis(160));

    /// Bots answer after 75 ms at the median, so most are in time and some are not.
    private static final double BOT_SPEED = 40;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /// DOMAIN 1.3: a raw subscriber on every subject sees neither the right option nor a result
    /// before the lock.
    @Test
    void everyPlayersPointsAndRankEqualTheReferenceAndNothingIsSeenBeforeItsLock(@TempDir Path data)
            throws Exception {
        List<MatchScript> scripts = scripts();
        try (var stack = new GameStack(data);
                var watch = new SecretsWatch(stack.gateway, "watcher", scripts)) {
            var bots = new ArrayList<Bots>();
            for (MatchScript script : scripts) {
                bots.add(bots(stack, script, bots.size()));
            }
            try (var feeds = Executors.newVirtualThreadPerTaskExecutor()) {
                List<CompletableFuture<Void>> played =
                        scripts.stream()
                                .map(script ->
                                        CompletableFuture.runAsync(
                                                () -> play(stack, script), feeds))
                                .toList();
                played.forEach(CompletableFuture::join);
            }
            bots.forEach(Bots::close);

            Reference reference = Reference.of(stack.cluster);
            assertThat(reference.counted()).isGreaterThan(1000);
            for (String match : reference.matches()) {
                checkBoard(stack, match, reference);
                checkEveryPlayer(stack, match, reference);
            }
            watch.check();
            assertThat(stack.cluster.readAll("dead-letter")).isEmpty();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static List<MatchScript> scripts() throws Exception {
        Path folder = Path.of(System.getProperty("grandstand.data"), "cricket", "matches");
        var scripts = new ArrayList<MatchScript>();
        if (Files.isDirectory(folder)) {
            for (String file : REAL) {
                scripts.add(MatchFile.read(folder.resolve(file)));
            }
        } else {
            System.err.println(
                    "NOT TESTED: real matches, for want of "
                            + folder
                            + "; simulated ones are played instead");
            for (int i = 1; i <= REAL.size(); i++) {
                scripts.add(SimulatedMatch.of("sim-" + i, i));
            }
        }
        return scripts;
    }

    private static Bots bots(GameStack stack, MatchScript script, int seed) {
        var bots =
                new Bots(
                        new BotsConfig(
                                stack.gateway.endpoint(),
                                BOTS_A_MATCH,
                                new BotChoice(seed, BOT_SPEED, NextBall.shares())),
                        (bot, name) -> {
                            String player = "bot-" + seed + "-" + bot;
                            return new BotSession(player, stack.gateway.token(player));
                        },
                        CLOCK,
                        BotListener.NONE);
        bots.follow(script.id());
        bots.start();
        return bots;
    }

    private static void play(GameStack stack, MatchScript script) {
        try (MatchFeed feed = MatchFeed.onKafka(stack.cluster.client(), script.id(), CLOCK)) {
            new Conductor(script, feed, PACING, CLOCK, Waiting.on(CLOCK)).run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The pushed board becomes the reference's.
    private void checkBoard(GameStack stack, String match, Reference reference) throws Exception {
        var boards = new LinkedBlockingQueue<Leaderboard>();
        GrandstandClient client = client(stack, "reader");
        client.subscribe(
                "leaderboard:" + match,
                new SubscriptionListener() {
                    @Override
                    public void publication(Publication publication) {
                        boards.add(Json.read(publication.data(), Leaderboard.class));
                    }
                });
        List<String> expected = reference.top(match);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Leaderboard last = next(boards);
        while (!(rows(last).equals(expected) && last.players() == reference.points(match).size())) {
            assertThat(System.nanoTime())
                    .describedAs("board of %s: %s, should be %s", match, rows(last), expected)
                    .isLessThan(deadline);
            last = next(boards);
        }
        client.close();
    }

    /// Each player asks for the own place.
    private void checkEveryPlayer(GameStack stack, String match, Reference reference)
            throws Exception {
        Map<String, Long> points = reference.points(match);
        Map<String, Long> ranks = reference.ranks(match);
        for (String player : points.keySet()) {
            var tops = new LinkedBlockingQueue<Top>();
            GrandstandClient client = client(stack, player);
            var subscribed = new CompletableFuture<Boolean>();
            client.subscribe(
                    "top:" + player,
                    new SubscriptionListener() {
                        @Override
                        public void subscribed(
                                io.grandstand.client.Position position,
                                boolean wasRecovering,
                                boolean recovered) {
                            subscribed.complete(true);
                        }

                        @Override
                        public void publication(Publication publication) {
                            tops.add(Json.read(publication.data(), Top.class));
                        }
                    });
            subscribed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            client.publish("gettop", "{\"board\":\"%s\"}".formatted(match)).get();
            Top top = next(tops);
            assertThat(top.me())
                    .describedAs("%s in %s", player, match)
                    .isEqualTo(new Top.Me(ranks.get(player), points.getOrDefault(player, 0L)));
            assertThat(top.players()).isEqualTo(points.size());
            client.close();
        }
    }

    private GrandstandClient client(GameStack stack, String player) throws Exception {
        var connected = new CompletableFuture<String>();
        var client =
                new GrandstandClient(
                        loops,
                        stack.gateway.as(player),
                        new SplittableRandom(1),
                        new ClientListener() {
                            @Override
                            public void connected(String id) {
                                connected.complete(id);
                            }
                        });
        client.connect();
        connected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return client;
    }

    private static List<String> rows(Leaderboard board) {
        return board.top().stream().map(WholeMatchesTest::row).toList();
    }

    private static String row(BoardRow row) {
        return row.rank() + " " + row.player() + " " + row.score();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came in " + PATIENCE);
        }
        return next;
    }
}
