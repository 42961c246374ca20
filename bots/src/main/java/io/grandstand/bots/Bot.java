package io.grandstand.bots;

import io.grandstand.bots.BotChoice.Decision;
import io.grandstand.client.ClientConfig;
import io.grandstand.client.ClientException;
import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Position;
import io.grandstand.client.Publication;
import io.grandstand.client.SubscriptionListener;
import io.grandstand.events.Answer;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.Result;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One player. Confined to its client's event loop, but for `follow` and `close`.
final class Bot implements ClientListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bot.class);

    /// How soon to send an answer again that met a passing trouble.
    private static final Duration RETRY_AFTER = Duration.ofMillis(250);

    private final int number;
    private final BotSession session;
    private final BotChoice choice;
    private final InstantSource clock;
    private final BotCounts counts;
    private final BotListener listener;
    private final GrandstandClient client;

    private boolean connected;
    private @Nullable String match;

    /// The question last decided on; it may come again, after a reconnect.
    private @Nullable Question decided;

    /// Whether that takes answers, as far as the bot has seen.
    private boolean open;

    /// Whether the bot means to be late for it.
    private boolean late;

    private @Nullable ScheduledFuture<?> timer;

    Bot(
            int number,
            BotSession session,
            BotsConfig config,
            EventLoopGroup loops,
            InstantSource clock,
            BotCounts counts,
            BotListener listener) {
        this.number = number;
        this.session = session;
        this.choice = config.choice();
        this.clock = clock;
        this.counts = counts;
        this.listener = listener;
        this.client =
                new GrandstandClient(
                        loops,
                        new ClientConfig(config.endpoint(), session.token()),
                        new SplittableRandom(choice.seed() + number),
                        this);
    }

    void connect() {
        client.subscribe(
                Channels.results(session.player()),
                new SubscriptionListener() {
                    @Override
                    public void publication(Publication publication) {
                        read(publication, Result.class).ifPresent(Bot.this::heard);
                    }
                });
        client.connect();
    }

    /// Turns from the match it played in, if any, to this one.
    void follow(String next) {
        client.loop().execute(() -> turnTo(next));
    }

    /// Completes when the bot is gone.
    CompletableFuture<?> gone() {
        return client.closed();
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public void connected(String id) {
        connected = true;
        counts.connected().incrementAndGet();
    }

    @Override
    public void disconnected(int code, String reason, boolean willReconnect) {
        if (connected) {
            connected = false;
            counts.connected().decrementAndGet();
        }
        if (!willReconnect) {
            cancelTimer();
            if (code != ClientListener.CLOSED) {
                LOG.warn("Bot {} is sent away: {} {}", number, code, reason);
            }
        }
    }

    private void turnTo(String next) {
        if (next.equals(match)) {
            return;
        }
        if (match != null) {
            client.unsubscribe(Channels.questions(match));
            cancelTimer();
        }
        match = next;
        // From the beginning: a question that is open already is this bot's too.
        client.subscribe(
                Channels.questions(next),
                Position.BEGINNING,
                new SubscriptionListener() {
                    @Override
                    public void publication(Publication publication) {
                        read(publication, Question.class).ifPresent(Bot.this::saw);
                    }
                });
    }

    private void saw(Question question) {
        switch (question.state()) {
            case DRAFT, SCHEDULED -> {} // Nobody is shown these.
            case OPEN -> consider(question);
            case LOCKED, RESOLVED, CORRECTED, VOID -> {
                if (isDecided(question)) {
                    open = false;
                    if (!late) {
                        cancelTimer();
                    }
                }
            }
        }
    }

    private void consider(Question question) {
        if (isDecided(question)) {
            return;
        }
        cancelTimer();
        decided = question;
        open = true;
        choice.decide(number, question).ifPresent(decision -> plan(question, decision));
    }

    private void plan(Question question, Decision decision) {
        long at = question.opensAt() + decision.delay().toMillis();
        late = at > question.locksAt();
        long now = clock.millis();
        if (late || now <= question.locksAt()) {
            var answer = new Answer(question.match(), question.id(), decision.option());
            answerIn(Math.max(0, at - now), question, answer);
        }
    }

    private void answerIn(long waitMs, Question question, Answer answer) {
        timer =
                client.loop()
                        .schedule(() -> answer(question, answer), waitMs, TimeUnit.MILLISECONDS);
    }

    private void answer(Question question, Answer answer) {
        var _ =
                client.publish(Channels.answers(session.player()), Json.write(answer))
                        .whenComplete((_, failure) -> {
                            if (failure == null) {
                                counts.sent().increment();
                                listener.answered(number, session.player(), answer);
                            } else {
                                failed(question, answer, failure);
                            }
                        });
    }

    /// An answer that may have arrived all the same is sent again too: the first one counts.
    private void failed(Question question, Answer answer, Throwable failure) {
        boolean passing = failure instanceof ClientException error && error.temporary();
        if (passing && isDecided(question) && open && clock.millis() <= question.locksAt()) {
            answerIn(RETRY_AFTER.toMillis(), question, answer);
        } else {
            LOG.debug("Bot {} could not answer: {}", number, failure.getMessage());
        }
    }

    private void heard(Result result) {
        if (result instanceof Result.Receipt receipt
                && receipt.status() == Result.Status.ACCEPTED) {
            counts.accepted().increment();
        }
        listener.heard(number, session.player(), result);
    }

    private boolean isDecided(Question question) {
        return decided != null
                && decided.id().equals(question.id())
                && decided.match().equals(question.match());
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private static <V> Optional<V> read(Publication publication, Class<V> type) {
        try {
            return Optional.of(Json.read(publication.data(), type));
        } catch (InvalidRecordException e) {
            // A deleted record, or one of a later version: nothing for a bot.
            LOG.debug("{}", e.getMessage());
            return Optional.empty();
        }
    }
}
