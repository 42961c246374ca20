package io.grandstand.bench;

import io.grandstand.bench.GameCounts.Kind;
import io.grandstand.bench.RunResult.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.utils.Utils;

/// The players of a game, over as many workers as they need. Thread-safe.
final class PlayerCrowd {
    private static final String GROUP = "players";

    private static final Duration OPEN_PER_THOUSAND = Duration.ofSeconds(10);
    private static final Duration OPEN_MIN = Duration.ofSeconds(60);
    private static final Duration SILENT_MAX = Duration.ofSeconds(20);

    /// One loopback address has enough ports for one worker's connections to a server.
    private static final int SOURCES_MAX = 250;

    /// Who plays.
    ///
    /// @param ports of the gateways
    /// @param partitions of the topics that are keyed by player; those of a player's records say
    ///   which gateway is theirs, as with a load balancer that knows shards
    record Setup(
            int players,
            List<Integer> ports,
            int partitions,
            boolean protobuf,
            String match,
            String secret) {
        Setup {
            ports = List.copyOf(ports);
        }

        /// The players of each gateway.
        List<List<Integer>> placed() {
            List<List<Integer>> placed =
                    IntStream.range(0, ports.size())
                            .<List<Integer>>mapToObj(_ -> new ArrayList<>())
                            .toList();
            for (int player = 0; player < players; player++) {
                byte[] key = Utils.utf8(Group.player(player));
                int partition = Utils.toPositive(Utils.murmur2(key)) % partitions;
                placed.get(partition % ports.size()).add(player);
            }
            return placed;
        }
    }

    /// What all workers counted in a round.
    record Round(
            long published,
            long deliveries,
            Histogram latency,
            Histogram acknowledged,
            Map<Kind, Histogram> kinds,
            long[] slots,
            long[] slotMaxUs) {}

    /// What all workers found.
    record Ended(
            Checks checks,
            long early,
            long behind,
            long putOff,
            long wrong,
            List<String> examples) {}

    private final Setup setup;
    private final Consumer<String> problems;
    private final List<Worker> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, List<WorkerEvent.Round>> rounds = new HashMap<>();
    private final List<WorkerEvent.GameEnded> ended = new ArrayList<>();
    private int opened;
    private boolean hasProblem;

    PlayerCrowd(Setup setup, Consumer<String> problems) {
        this.setup = setup;
        this.problems = problems;
    }

    /// Connects the players.
    ///
    /// @param firstSource loopback addresses from 127.0.0.this on are theirs
    /// @return how many of those
    /// @throws BenchException if one of them cannot be connected
    int open(Programs programs, int firstSource) throws InterruptedException {
        List<List<Integer>> placed = setup.placed();
        for (int gateway = 0; gateway < placed.size(); gateway++) {
            List<Integer> players = placed.get(gateway);
            int count = Math.ceilDiv(players.size(), LoadWorker.CONNECTIONS_MAX);
            for (int i = 0; i < count; i++) {
                int from = (int) ((long) players.size() * i / count);
                int to = (int) ((long) players.size() * (i + 1) / count);
                Worker worker =
                        programs.worker("worker-players-%d".formatted(workers.size()), this::take);
                int source = firstSource + workers.size();
                workers.add(worker);
                worker.tell(
                        new WorkerCommand.OpenGame(
                                GROUP,
                                setup.ports().get(gateway),
                                "127.0.0." + (1 + source % SOURCES_MAX),
                                setup.protobuf(),
                                players.subList(from, to),
                                setup.match(),
                                setup.secret()));
            }
        }
        Duration atMost =
                OPEN_MIN.plus(OPEN_PER_THOUSAND.multipliedBy(setup.players()).dividedBy(1_000));
        if (!await(atMost, () -> opened == setup.players() || hasProblem) || hasProblem) {
            throw new BenchException("the players cannot all be connected");
        }
        return workers.size();
    }

    List<Worker> workers() {
        return workers;
    }

    /// Processor time that the workers have used.
    double cpuSeconds() {
        return workers.stream().mapToDouble(worker -> worker.process().cpuSeconds()).sum();
    }

    /// The players play, from the plan's start on.
    void play(GamePlan plan) {
        tell(new WorkerCommand.Play(GROUP, plan));
    }

    /// What was counted in a round that is over.
    Round round(int round) throws InterruptedException {
        if (!await(SILENT_MAX, () -> rounds(round).size() == workers.size())) {
            throw new BenchException("a load worker is silent");
        }
        lock.lock();
        try {
            return merge(rounds(round));
        } finally {
            lock.unlock();
        }
    }

    /// Ends the game once everything has come, or time is up.
    Ended end(Duration atMost) throws InterruptedException {
        tell(new WorkerCommand.EndGame(GROUP, atMost.toMillis()));
        // Workers answer when their time is up; this is for one that is dead.
        if (!await(atMost.plus(SILENT_MAX), () -> ended.size() == workers.size())) {
            throw new BenchException("a load worker is silent");
        }
        lock.lock();
        try {
            return new Ended(
                    ended.stream()
                            .map(WorkerEvent.GameEnded::checks)
                            .reduce(Checks.CLEAN, Checks::plus),
                    ended.stream().mapToLong(WorkerEvent.GameEnded::early).sum(),
                    ended.stream().mapToLong(WorkerEvent.GameEnded::behind).sum(),
                    ended.stream().mapToLong(WorkerEvent.GameEnded::putOff).sum(),
                    ended.stream().mapToLong(WorkerEvent.GameEnded::wrong).sum(),
                    ended.stream().flatMap(part -> part.examples().stream()).toList());
        } finally {
            lock.unlock();
        }
    }

    private List<WorkerEvent.Round> rounds(int round) {
        return rounds.computeIfAbsent(round, _ -> new ArrayList<>());
    }

    private static Round merge(List<WorkerEvent.Round> parts) {
        Histogram latency = Counts.histogram();
        Histogram acknowledged = Counts.histogram();
        var kinds = new EnumMap<Kind, Histogram>(Kind.class);
        int slotCount = parts.stream().mapToInt(part -> part.slots().size()).max().orElse(0);
        var slots = new long[slotCount];
        var slotMaxUs = new long[slotCount];
        for (WorkerEvent.Round part : parts) {
            latency.add(Counts.histogram(part.latency()));
            acknowledged.add(Counts.histogram(part.acknowledged()));
            part.kinds()
                    .forEach((kind, bytes) ->
                            kinds.computeIfAbsent(kind, _ -> Counts.histogram())
                                    .add(Counts.histogram(bytes)));
            for (int i = 0; i < part.slots().size(); i++) {
                slots[i] += part.slots().get(i);
                slotMaxUs[i] = Math.max(slotMaxUs[i], part.slotMaxUs().get(i));
            }
        }
        return new Round(
                parts.stream().mapToLong(WorkerEvent.Round::published).sum(),
                parts.stream().mapToLong(WorkerEvent.Round::deliveries).sum(),
                latency,
                acknowledged,
                kinds,
                slots,
                slotMaxUs);
    }

    private void tell(WorkerCommand command) {
        workers.forEach(worker -> worker.tell(command));
    }

    private void take(WorkerEvent event) {
        lock.lock();
        try {
            switch (event) {
                case WorkerEvent.Opened(_, int count) -> opened += count;
                case WorkerEvent.Round round -> rounds(round.round()).add(round);
                case WorkerEvent.GameEnded done -> ended.add(done);
                case WorkerEvent.Problem(String group, String sentence) -> {
                    hasProblem = true;
                    problems.accept("%s: %s".formatted(group, sentence));
                }
                default -> throw new IllegalStateException("no answer to players: " + event);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Duration atMost, BooleanSupplier reached) throws InterruptedException {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(atMost.toMillis());
        lock.lock();
        try {
            while (!reached.getAsBoolean()) {
                if (leftNs <= 0) {
                    return false;
                }
                leftNs = changed.awaitNanos(leftNs);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
