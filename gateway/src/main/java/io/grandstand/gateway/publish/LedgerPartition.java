package io.grandstand.gateway.publish;

import io.grandstand.gateway.publish.LedgerRecord.Abandoned;
import io.grandstand.gateway.publish.LedgerRecord.Claim;
import io.grandstand.gateway.publish.LedgerRecord.Done;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One partition of the ledger as one node sees it: what is known of each (player, id), this node's
/// own attempts, and all decisions. Knows no Kafka client and no clock but what it is told;
/// confined to one thread.
///
/// Two things are kept apart. The *entries* follow from the ledger's records alone, so every node
/// comes to the same ones: the first claim holds until it is done or abandoned. The *attempts* are
/// what this node does about its own callers:
///
/// ```
///  LOADING ──▶ CLAIMING ──own claim read, holds──▶ WRITING ──acknowledged──▶ WRITTEN ──done read──▶
///    │            ▲  └───own claim read, does not hold──┐
///    │            └────────holder abandoned──────────┐  ▼
///    └──────somebody's claim is known───────────────▶ WAITING ──done read──▶
/// ```
///
/// Times without a unit in their name are nanoseconds of a monotonic clock.
final class LedgerPartition {
    /// Ids that are remembered of one partition; at 115 bytes each. From there on publishes are
    /// refused on every node, as all remember the same.
    static final int REMEMBERED_MAX = 500_000;

    /// How long a written attempt waits for its own `Done` to be read. Should that be lost, the
    /// next one to ask searches.
    private static final long DONE_AWAITED = Duration.ofSeconds(10).toNanos();

    /// How soon after a search that came to nothing the next may start.
    private static final long SEARCH_AGAIN = Duration.ofMillis(500).toNanos();

    /// How far the clocks of gateways and brokers may be apart where a search is to find a record
    /// by its timestamp.
    private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    private static final long CLAIM_VALID = Bounds.CLAIM_VALID.toNanos();
    private static final long SETTLED = Bounds.SETTLED.toNanos();
    private static final long ANSWER = Bounds.ANSWER.toNanos();

    private final UUID node;
    private final LongSupplier numbers;
    private final InstantSource clock;
    private final long windowMs;
    private final Effects effects;

    /// In the order of `sinceMs`.
    private final Map<PublishKey, Entry> entries = new LinkedHashMap<>();

    private final Map<PublishKey, Attempt> attempts = new LinkedHashMap<>();
    private long logTimeMs;
    private boolean loaded;
    private long lastUsed;

    /// What a partition has done for it. None of these waits, and what comes of them is told later,
    /// never from within the call.
    interface Effects {
        /// Appends to this partition of the ledger, after everything this node appended before. May
        /// fail without a word.
        void append(LedgerRecord entry);

        /// Writes the publish's record, as of now and within `Bounds.DELIVERY`. Comes to `written`
        /// or `failed`.
        void write(Publish publish, Claim claim);

        /// Looks whether the record of a claim was written; its timestamp is `fromMs` or later.
        /// Comes to `searched`.
        void search(Claim lost, long fromMs);
    }

    /// @param node this start of this node
    /// @param numbers gives each attempt of the node another number
    /// @param clock the node's time of day
    /// @param windowMs how long an id is remembered, in the ledger's time
    LedgerPartition(
            UUID node, LongSupplier numbers, InstantSource clock, long windowMs, Effects effects) {
        this.node = node;
        this.numbers = numbers;
        this.clock = clock;
        this.windowMs = windowMs;
        this.effects = effects;
    }

    /// A caller asks for a publish. Another one for the same (player, id) that is under way here is
    /// joined.
    void publish(Publish publish, long now) {
        lastUsed = now;
        Attempt running = attempts.get(publish.key());
        if (running != null) {
            running.join(publish.answer());
            return;
        }
        Entry entry = entries.get(publish.key());
        if (entry instanceof Settled settled) {
            publish.answer().complete(settled.outcome());
        } else if (entry == null && entries.size() >= REMEMBERED_MAX) {
            publish.answer().complete(new Outcome.Temporary(Outcome.Cause.BUSY));
        } else {
            var attempt = new Attempt(publish, now);
            attempts.put(publish.key(), attempt);
            if (loaded) {
                proceed(attempt, now);
            }
        }
    }

    /// What there was in the ledger when reading began has been read. Further calls do nothing.
    void loaded(long now) {
        if (loaded) {
            return;
        }
        loaded = true;
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.state == State.LOADING) {
                proceed(attempt, now);
            }
        }
    }

    /// The next record of the ledger.
    ///
    /// @param timestampMs when the broker appended it
    void read(LedgerRecord entry, long timestampMs, long now) {
        // A new leader's clock may be behind: time only moves on, and the same way on every node.
        logTimeMs = Math.max(logTimeMs, timestampMs);
        forget();
        switch (entry) {
            case Claim claim -> claimed(claim, now);
            case Done done -> done(done, now);
            case Abandoned abandoned -> abandoned(abandoned, now);
        }
    }

    /// The claim's record is written and acknowledged.
    void written(Claim claim, long offset, long now) {
        PublishKey key = claim.key();
        var outcome = new Outcome.Written(claim.partition(), offset);
        Attempt mine = attempts.get(key);
        if (mine != null && entries.get(key) instanceof Settled settled) {
            end(mine, settled.outcome());
            return;
        }
        effects.append(
                new Done(claim.player(), claim.id(), claim.attempt(), claim.partition(), offset));
        if (mine != null) {
            mine.written = outcome;
            mine.enter(State.WRITTEN, now);
            mine.answer(outcome);
        }
    }

    /// The claim's record was not acknowledged.
    ///
    /// @param surely whether it never left this process; else it may be written, or still be
    void failed(Claim claim, boolean surely) {
        PublishKey key = claim.key();
        if (surely) {
            abandon(claim);
        }
        Attempt mine = attempts.get(key);
        if (mine == null) {
            return;
        }
        if (entries.get(key) instanceof Settled settled) {
            end(mine, settled.outcome());
        } else {
            var cause = surely ? Outcome.Cause.UNREACHABLE : Outcome.Cause.UNSETTLED;
            end(mine, new Outcome.Temporary(cause));
        }
    }

    /// A search has ended. What it found goes into the ledger, where all read it alike.
    void searched(Claim lost, Fate fate, long now) {
        switch (fate) {
            case Fate.Found(long offset) ->
                    effects.append(
                            new Done(
                                    lost.player(),
                                    lost.id(),
                                    lost.attempt(),
                                    lost.partition(),
                                    offset));
            case Fate.Absent _ -> abandon(lost);
            case Fate.Unknown _ -> {}
        }
        if (entries.get(lost.key()) instanceof Held held && held.isOf(lost.attempt())) {
            held.searching = false;
            held.notBefore = now + SEARCH_AGAIN;
        }
    }

    /// Time has passed; to be called every few dozen milliseconds.
    void tick(long now) {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (now - attempt.started >= ANSWER) {
                attempt.answer(new Outcome.Temporary(Outcome.Cause.UNSETTLED));
            }
            tick(attempt, now);
        }
    }

    /// The ledger cannot be read on from here: everything is to be read again. Writes under way go
    /// on.
    void restart() {
        loaded = false;
        entries.clear();
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.isUnwritten()) {
                giveUp(attempt);
            }
        }
    }

    /// Whether an attempt still waits for Kafka.
    boolean isBusy() {
        return attempts.values().stream().anyMatch(attempt -> attempt.state != State.WRITTEN);
    }

    /// Whether nobody has asked for anything for `linger`.
    boolean isIdle(long now, long linger) {
        return attempts.isEmpty() && now - lastUsed >= linger;
    }

    /// Answers whoever waits; what was claimed and not written is abandoned.
    void close() {
        for (Attempt attempt : List.copyOf(attempts.values())) {
            if (attempt.isUnwritten()) {
                giveUp(attempt);
            } else {
                end(attempt, new Outcome.Temporary(Outcome.Cause.UNSETTLED));
            }
        }
    }

    /// How many ids are remembered.
    int remembered() {
        return entries.size();
    }

    private void forget() {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && oldest.next().sinceMs() < logTimeMs - windowMs) {
            oldest.remove();
        }
    }

    private void claimed(Claim claim, long now) {
        PublishKey key = claim.key();
        boolean holds = entries.putIfAbsent(key, new Held(claim, logTimeMs, now)) == null;
        Attempt mine = attempts.get(key);
        if (mine == null || mine.state != State.CLAIMING || !mine.made(claim)) {
            return;
        }
        if (!holds) {
            proceed(mine, now);
        } else if (now - mine.since < CLAIM_VALID) {
            mine.enter(State.WRITING, now);
            effects.write(mine.publish, claim);
        } else {
            giveUp(mine);
        }
    }

    private void done(Done done, long now) {
        PublishKey key = done.key();
        Entry entry = entries.get(key);
        if (!(entry instanceof Settled)) {
            long sinceMs = entry == null ? logTimeMs : entry.sinceMs();
            entries.put(key, new Settled(sinceMs, done.partition(), done.offset()));
        }
        Attempt mine = attempts.get(key);
        // One that is writing hears of its own record soon.
        if (mine != null && mine.state != State.LOADING && mine.state != State.WRITING) {
            proceed(mine, now);
        }
    }

    private void abandoned(Abandoned abandoned, long now) {
        PublishKey key = abandoned.key();
        if (entries.get(key) instanceof Held held && held.isOf(abandoned.attempt())) {
            entries.remove(key);
            Attempt mine = attempts.get(key);
            if (mine != null && mine.state == State.WAITING) {
                proceed(mine, now);
            }
        }
    }

    /// Does what is next for an attempt that holds nothing.
    private void proceed(Attempt attempt, long now) {
        switch (entries.get(attempt.publish.key())) {
            case null -> claim(attempt, now);
            case Settled settled -> end(attempt, settled.outcome());
            case Held _ -> attempt.enter(State.WAITING, now);
        }
    }

    private void claim(Attempt attempt, long now) {
        Publish publish = attempt.publish;
        var claim =
                new Claim(
                        publish.player(),
                        publish.id(),
                        new AttemptId(node, numbers.getAsLong()),
                        publish.message().topic(),
                        publish.message().partition(),
                        clock.millis());
        attempt.claim = claim;
        attempt.enter(State.CLAIMING, now);
        effects.append(claim);
    }

    private void tick(Attempt attempt, long now) {
        long passed = now - attempt.since;
        switch (attempt.state) {
            case LOADING, CLAIMING -> {
                if (passed >= CLAIM_VALID) {
                    giveUp(attempt);
                }
            }
            case WAITING -> {
                if (attempt.callers.isEmpty()) {
                    attempts.remove(attempt.publish.key());
                } else if (entries.get(attempt.publish.key()) instanceof Held held) {
                    searchIfSettled(held, now);
                } else {
                    proceed(attempt, now);
                }
            }
            case WRITING -> {
                // The producer settles it.
            }
            case WRITTEN -> {
                if (passed >= DONE_AWAITED) {
                    attempts.remove(attempt.publish.key());
                }
            }
        }
    }

    private void searchIfSettled(Held held, long now) {
        if (!held.searching && now - held.read >= SETTLED && now - held.notBefore >= 0) {
            held.searching = true;
            long fromMs = Math.min(held.claim.atMs(), held.sinceMs) - CLOCK_DIFFERENCE.toMillis();
            effects.search(held.claim, fromMs);
        }
    }

    /// Ends an attempt that has written nothing. A node's own records keep their order, so its
    /// claim comes before this or never.
    private void giveUp(Attempt attempt) {
        if (attempt.state == State.CLAIMING && attempt.claim != null) {
            abandon(attempt.claim);
        }
        boolean waits = attempt.state == State.WAITING;
        var cause = waits ? Outcome.Cause.UNSETTLED : Outcome.Cause.UNREACHABLE;
        end(attempt, new Outcome.Temporary(cause));
    }

    private void abandon(Claim claim) {
        effects.append(new Abandoned(claim.player(), claim.id(), claim.attempt()));
    }

    private void end(Attempt attempt, Outcome outcome) {
        attempts.remove(attempt.publish.key());
        attempt.answer(outcome);
    }

    /// What the ledger says of a (player, id).
    private sealed interface Entry {
        /// When its first claim was appended, in the ledger's time.
        long sinceMs();
    }

    /// A claim that is neither done nor abandoned.
    private static final class Held implements Entry {
        final Claim claim;
        final long sinceMs;

        /// When this node read the claim, which is after it was made.
        final long read;

        boolean searching;
        long notBefore;

        Held(Claim claim, long sinceMs, long read) {
            this.claim = claim;
            this.sinceMs = sinceMs;
            this.read = read;
            this.notBefore = read;
        }

        @Override
        public long sinceMs() {
            return sinceMs;
        }

        boolean isOf(AttemptId attempt) {
            return claim.attempt().equals(attempt);
        }
    }

    /// A record that is written.
    private record Settled(long sinceMs, int partition, long offset) implements Entry {
        Outcome outcome() {
            return new Outcome.Written(partition, offset);
        }
    }

    private enum State {
        LOADING,
        CLAIMING,
        WRITING,
        WRITTEN,
        WAITING
    }

    /// What this node does for its callers about one (player, id).
    private static final class Attempt {
        final Publish publish;
        final long started;
        final List<CompletableFuture<Outcome>> callers = new ArrayList<>(1);
        State state = State.LOADING;
        long since;
        @Nullable Claim claim;
        Outcome.@Nullable Written written;

        Attempt(Publish publish, long now) {
            this.publish = publish;
            this.started = now;
            this.since = now;
            callers.add(publish.answer());
        }

        void join(CompletableFuture<Outcome> caller) {
            if (written == null) {
                callers.add(caller);
            } else {
                caller.complete(written);
            }
        }

        void enter(State next, long now) {
            state = next;
            since = now;
        }

        boolean made(Claim read) {
            return claim != null && claim.attempt().equals(read.attempt());
        }

        boolean isUnwritten() {
            return state != State.WRITING && state != State.WRITTEN;
        }

        void answer(Outcome outcome) {
            callers.forEach(caller -> caller.complete(outcome));
            callers.clear();
        }
    }
}
