package io.grandstand.gateway.publish;

import io.grandstand.gateway.publish.LedgerRecord.Claim;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Nodes, a ledger and a target on one thread and a clock of its own; everything that happens
/// follows from the seed.
///
/// The first `TROUBLE_MS` bring crashes, losses and delays; then all is well, and every caller must
/// get its answer.
final class PublishSimulation {
    private static final int NODES = 3;
    private static final int IDS = 6;
    private static final int CALLERS_OF_AN_ID = 4;

    /// Within what time the callers of an id ask for the first time.
    private static final long TOGETHER_MS = 5000;

    private static final long TROUBLE_MS = 20_000;
    private static final long END_MS = 60_000;
    private static final long DELIVERY_MS = Bounds.DELIVERY.toMillis();
    private static final long SLACK_MS = Bounds.SLACK.toMillis();
    private static final Instant START = Instant.parse("2026-03-01T18:00:00Z");

    /// What goes wrong.
    enum Faults {
        WITHIN_BOUNDS,
        /// Records may take seconds longer to be appended than they may.
        LATE_WRITES,
        /// A search reads what can be seen, and takes that for all there is.
        SEARCH_WITHOUT_BARRIER
    }

    /// What a run may come to.
    enum Case {
        STOPPED_FOR_A_WHILE,
        CRASHED_WITH_A_CLAIM,
        CRASHED_WITH_A_WRITE,
        WRITE_REFUSED,
        WRITE_LOST,
        WRITTEN_AFTER_ITS_NODE_GAVE_UP,
        LEDGER_RECORD_LOST,
        CLAIM_LOST_TO_ANOTHER,
        SEARCH_FOUND,
        SEARCH_FOUND_NOTHING,
        SEARCH_FAILED,
        CALLER_TOLD_LATER
    }

    private record Event(long atMs, long order, Runnable action) {}

    private record Logged(LedgerRecord entry, long timestampMs) {}

    /// A record in the target's log.
    private record Target(PublishKey key, long visibleMs) {}

    /// A record on its way, of which its node hears once: that it is written, or that nobody knows.
    private static final class Write {
        final Claim claim;
        final long givenUpMs;
        private boolean settled;

        Write(Claim claim, long givenUpMs) {
            this.claim = claim;
            this.givenUpMs = givenUpMs;
        }

        void settle(Runnable news) {
            if (!settled) {
                settled = true;
                news.run();
            }
        }
    }

    private final SplittableRandom random;
    private final Faults faults;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atMs).thenComparingLong(Event::order));
    private final List<Logged> ledger = new ArrayList<>();
    private final List<Target> target = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<PublishKey, List<Outcome.Written>> answers = new HashMap<>();
    private final Map<Case, Long> seen = new EnumMap<>(Case.class);
    private final List<String> violations = new ArrayList<>();
    private long nowMs;
    private long order;
    private int answered;

    PublishSimulation(long seed, Faults faults) {
        this.random = new SplittableRandom(seed);
        this.faults = faults;
    }

    void run() {
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node());
        }
        for (int i = 0; i < IDS; i++) {
            String id = "id" + i;
            long firstMs = random.nextLong(TROUBLE_MS - TOGETHER_MS);
            for (int caller = 0; caller < CALLERS_OF_AN_ID; caller++) {
                long apartMs = random.nextBoolean() ? 10 : TOGETHER_MS;
                after(firstMs + random.nextLong(apartMs), () -> call(id));
            }
        }
        for (Event next = events.poll();
                next != null && next.atMs < END_MS && answered < IDS * CALLERS_OF_AN_ID;
                next = events.poll()) {
            nowMs = next.atMs;
            next.action.run();
        }
        check();
    }

    /// What must not have happened, in words.
    List<String> violations() {
        return violations;
    }

    Map<Case, Long> seen() {
        return seen;
    }

    private void check() {
        if (answered < IDS * CALLERS_OF_AN_ID) {
            violations.add(
                    "%d callers have no answer".formatted(IDS * CALLERS_OF_AN_ID - answered));
        }
        for (int i = 0; i < IDS; i++) {
            PublishKey key = PublishKey.of("asha", "id" + i);
            var offsets = new ArrayList<Long>();
            for (int offset = 0; offset < target.size(); offset++) {
                if (target.get(offset).key.equals(key)) {
                    offsets.add((long) offset);
                }
            }
            List<Long> told =
                    answers.getOrDefault(key, List.of()).stream()
                            .map(Outcome.Written::offset)
                            .distinct()
                            .toList();
            if (!offsets.equals(told) || told.size() > 1) {
                violations.add("id%d is at %s, callers were told %s".formatted(i, offsets, told));
            }
        }
    }

    /// A client that asks any node, again and again until it knows.
    private void call(String id) {
        PublishKey key = PublishKey.of("asha", id);
        var answer = new CompletableFuture<Outcome>();
        nodes.get(random.nextInt(NODES)).publish(id, key, answer);
        var known = new boolean[1];
        var asked = nowMs;
        var _ =
                answer.thenAccept(outcome -> {
                    if (known[0]) {
                        return;
                    }
                    known[0] = true;
                    switch (outcome) {
                        case Outcome.Written written -> {
                            answered++;
                            answers.computeIfAbsent(key, _ -> new ArrayList<>()).add(written);
                            if (nowMs - asked > SLACK_MS) {
                                saw(Case.CALLER_TOLD_LATER);
                            }
                        }
                        case Outcome.Temporary _ -> after(random.nextLong(2000), () -> call(id));
                        case Outcome.InvalidId _ ->
                                violations.add("a caller was told its id is invalid");
                    }
                });
        // A node that crashed never answers.
        after(
                5000,
                () -> {
                    if (!known[0]) {
                        known[0] = true;
                        call(id);
                    }
                });
    }

    private void after(long ms, Runnable action) {
        events.add(new Event(nowMs + ms, order++, action));
    }

    private boolean isTrouble() {
        return nowMs < TROUBLE_MS;
    }

    private boolean happens(double probability) {
        return isTrouble() && random.nextDouble() < probability;
    }

    /// Mostly a few milliseconds; in trouble sometimes anything up to `maxMs`.
    private long delay(long maxMs) {
        return happens(0.2) ? random.nextLong(maxMs + 1) : random.nextLong(5);
    }

    private void saw(Case what) {
        seen.merge(what, 1L, Long::sum);
    }

    /// A gateway node from its start to its crash.
    private final class Node implements LedgerPartition.Effects {
        private final UUID name = new UUID(random.nextLong(), random.nextLong());

        /// Nodes' clocks differ, and nothing must rest on that.
        private final long skewMs = random.nextLong(-4000, 4000);

        private final InstantSource clock = () -> START.plusMillis(nowMs + skewMs);
        private final LedgerPartition partition =
                new LedgerPartition(name, this::nextNumber, clock, 600_000, this);
        private final long loadedAt = ledger.size();
        private long numbers;
        private int position;
        private boolean dead;

        /// A process may be stopped for any time, just not between deciding to write and writing.
        private long stoppedUntilMs;

        private long lastAppendMs;

        Node() {
            tell(random.nextLong(20), this::read);
            tell(random.nextLong(50), this::tick);
        }

        void publish(String id, PublishKey key, CompletableFuture<Outcome> answer) {
            var message = new ProducerRecord<>("answer", 0, new byte[0], new byte[0]);
            var publish = new Publish("asha", id, key, message, answer);
            tell(0, () -> partition.publish(publish, now()));
        }

        @Override
        public void append(LedgerRecord entry) {
            if (dead) {
                return;
            }
            boolean lost = happens(0.05);
            // A producer keeps the order of its records.
            lastAppendMs = Math.max(lastAppendMs, nowMs + delay(DELIVERY_MS));
            after(
                    lastAppendMs - nowMs,
                    () -> {
                        if (lost || (dead && random.nextBoolean())) {
                            saw(Case.LEDGER_RECORD_LOST);
                        } else {
                            ledger.add(new Logged(entry, START.toEpochMilli() + nowMs));
                        }
                    });
            if (entry instanceof Claim && happens(0.1)) {
                saw(Case.CRASHED_WITH_A_CLAIM);
                crash();
            }
        }

        @Override
        public void write(Publish publish, Claim claim) {
            if (dead) {
                return;
            }
            if (happens(0.05)) {
                saw(Case.WRITE_REFUSED);
                tell(random.nextLong(5), () -> partition.failed(claim, true));
                return;
            }
            var write = new Write(claim, nowMs + DELIVERY_MS);
            tell(DELIVERY_MS, () -> write.settle(() -> partition.failed(claim, false)));
            if (happens(0.1)) {
                saw(Case.WRITE_LOST);
            } else {
                long lateMs = faults == Faults.LATE_WRITES && happens(0.2) ? 4000 : 0;
                after(delay(DELIVERY_MS + SLACK_MS) + lateMs, () -> appendToTarget(write));
            }
            if (happens(0.1)) {
                saw(Case.CRASHED_WITH_A_WRITE);
                crash();
            }
        }

        /// Consumers see a record once the replicas have it, in order; then it is acknowledged.
        private void appendToTarget(Write write) {
            long offset = target.size();
            long visibleMs = nowMs + delay(4000);
            if (!target.isEmpty()) {
                visibleMs = Math.max(visibleMs, target.getLast().visibleMs);
            }
            target.add(new Target(write.claim.key(), visibleMs));
            if (visibleMs >= write.givenUpMs) {
                saw(Case.WRITTEN_AFTER_ITS_NODE_GAVE_UP);
            }
            tell(
                    visibleMs - nowMs,
                    () -> write.settle(() -> partition.written(write.claim, offset, now())));
        }

        @Override
        public void search(Claim lost, long fromMs) {
            if (dead) {
                return;
            }
            if (happens(0.2)) {
                saw(Case.SEARCH_FAILED);
                tell(random.nextLong(5), () -> partition.searched(lost, new Fate.Unknown(), now()));
                return;
            }
            boolean hasBarrier = faults != Faults.SEARCH_WITHOUT_BARRIER;
            long barrierMs =
                    hasBarrier && !target.isEmpty()
                            ? Math.max(nowMs, target.getLast().visibleMs)
                            : nowMs;
            int end = target.size();
            after(
                    barrierMs - nowMs,
                    () -> {
                        Fate fate = find(lost, end);
                        saw(
                                fate instanceof Fate.Found
                                        ? Case.SEARCH_FOUND
                                        : Case.SEARCH_FOUND_NOTHING);
                        tell(random.nextLong(5), () -> partition.searched(lost, fate, now()));
                    });
        }

        private Fate find(Claim lost, int end) {
            for (int offset = 0; offset < end; offset++) {
                Target message = target.get(offset);
                if (message.key.equals(lost.key()) && message.visibleMs <= nowMs) {
                    return new Fate.Found(offset);
                }
            }
            return new Fate.Absent();
        }

        private void read() {
            int end = happens(0.2) ? position + random.nextInt(3) : ledger.size();
            while (position < Math.min(end, ledger.size()) && !dead) {
                Logged next = ledger.get(position++);
                if (next.entry instanceof Claim claim
                        && claim.attempt().node().equals(name)
                        && isHeldByAnother(claim)) {
                    saw(Case.CLAIM_LOST_TO_ANOTHER);
                }
                partition.read(next.entry, next.timestampMs, now());
            }
            if (position >= loadedAt) {
                partition.loaded(now());
            }
            tell(1 + delay(500), this::read);
        }

        /// Whether the claim right before this one in the ledger is another node's for the same id.
        private boolean isHeldByAnother(Claim claim) {
            for (int i = position - 2; i >= 0; i--) {
                LedgerRecord earlier = ledger.get(i).entry;
                if (earlier.key().equals(claim.key())) {
                    return earlier instanceof Claim
                            && !earlier.attempt().node().equals(claim.attempt().node());
                }
            }
            return false;
        }

        private void tick() {
            partition.tick(now());
            if (happens(0.002)) {
                crash();
            } else if (happens(0.005)) {
                saw(Case.STOPPED_FOR_A_WHILE);
                stoppedUntilMs = nowMs + random.nextLong(5000);
            }
            tell(20, this::tick);
        }

        /// The node is gone; another one starts in its place.
        private void crash() {
            dead = true;
            int place = nodes.indexOf(this);
            after(random.nextLong(3000), () -> nodes.set(place, new Node()));
        }

        /// Something comes to the node, unless it is dead by then; later, where it is stopped.
        private void tell(long ms, Runnable news) {
            after(
                    ms,
                    () -> {
                        if (nowMs < stoppedUntilMs) {
                            tell(stoppedUntilMs - nowMs, news);
                        } else if (!dead) {
                            news.run();
                        }
                    });
        }

        private long nextNumber() {
            return numbers++;
        }

        private long now() {
            return TimeUnit.MILLISECONDS.toNanos(nowMs);
        }
    }
}
