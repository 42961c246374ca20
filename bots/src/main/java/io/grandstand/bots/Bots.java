package io.grandstand.bots;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bots that play along: each a real client with a player of its own.
///
/// What bot number n does with a question follows from the seed alone, see `BotChoice`. Methods may
/// be called from any thread and do not wait for bots, but for `close`.
public final class Bots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bots.class);

    /// A hundred a second: the gateway has real players to serve.
    private static final Duration CONNECT_EVERY = Duration.ofMillis(10);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final BotsConfig config;
    private final BotSessions sessions;
    private final InstantSource clock;
    private final BotListener listener;
    private final BotCounts counts = new BotCounts();
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    // Guarded by `this`.
    private final List<Bot> bots = new ArrayList<>();
    private @Nullable String match;
    private @Nullable Thread starter;
    private boolean closed;

    /// Bots that are not there yet.
    ///
    /// @param sessions asked for each bot's session, on one thread of its own
    /// @param clock the time that questions' `opensAt` and `locksAt` are in
    /// @param listener told what bots do and hear
    public Bots(
            BotsConfig config, BotSessions sessions, InstantSource clock, BotListener listener) {
        this.config = config;
        this.sessions = sessions;
        this.clock = clock;
        this.listener = listener;
    }

    /// Lets the bots come, some each second, and returns at once. Said again, it does nothing.
    public synchronized void start() {
        if (starter == null && !closed) {
            starter = Thread.ofVirtual().name("bots-start").start(this::comeIn);
        }
    }

    /// The match that all bots play in from now on, those still to come included.
    public synchronized void follow(String match) {
        this.match = match;
        bots.forEach(bot -> bot.follow(match));
    }

    /// How the bots are doing.
    public BotStats stats() {
        return counts.stats();
    }

    /// Sends all bots away; waits until they are gone, a few seconds at most. Closing twice is
    /// harmless.
    @Override
    public void close() {
        List<Bot> leaving;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (starter != null) {
                starter.interrupt();
            }
            leaving = List.copyOf(bots);
        }
        leaving.forEach(Bot::close);
        CompletableFuture.allOf(
                        leaving.stream().map(Bot::gone).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        loops.shutdownGracefully(0, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MAX.toMillis());
    }

    private void comeIn() {
        try {
            for (int number = 0; number < config.count(); number++) {
                comeIn(number);
                Thread.sleep(CONNECT_EVERY);
            }
        } catch (InterruptedException closing) {
            // The bots that have not come yet are not missed.
            Thread.currentThread().interrupt();
        }
    }

    private void comeIn(int number) {
        BotSession session;
        try {
            session = sessions.open(number, BotNames.of(number));
        } catch (RuntimeException e) {
            LOG.warn("Bot {} got no session and stays away", number, e);
            return;
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            var bot = new Bot(number, session, config, loops, clock, counts, listener);
            bots.add(bot);
            if (match != null) {
                bot.follow(match);
            }
            bot.connect();
        }
    }
}
