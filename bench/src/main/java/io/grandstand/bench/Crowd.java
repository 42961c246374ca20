package io.grandstand.bench;

import io.grandstand.bench.RunResult.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The clients of one server that do the same, over as many workers as they need. Thread-safe.
final class Crowd {
    /// One loopback address has enough ports for one worker's connections to a server.
    private static final int SOURCES_MAX = 250;

    private static final Duration OPEN_PER_THOUSAND = Duration.ofSeconds(10);
    private static final Duration SILENT_MAX = Duration.ofSeconds(20);
    private static final Duration OPEN_MIN = Duration.ofSeconds(30);

    /// What clients do; see `WorkerCommand.Open`.
    record Setup(
            String name,
            int port,
            boolean encrypted,
            boolean protobuf,
            String channel,
            Spread spread,
            int clients,
            int size,
            String secret,
            boolean reads,
            int fallbackPort) {}

    /// What all workers counted in a window.
    record Ended(
            long deliveries,
            long lastNs,
            Histogram latency,
            @Nullable Histogram acknowledged,
            Checks checks,
            long[] slots,
            long[] slotMaxUs,
            List<WorkerEvent.Back> back) {}

    private final Setup setup;
    private final Consumer<String> problems;
    private final List<Worker> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, WorkerEvent.Ended> ended = new HashMap<>();
    private final Map<Integer, Long> lowest = new HashMap<>();
    private int opened;
    private int begun;
    private boolean hasProblem;

    private Crowd(Setup setup, Consumer<String> problems) {
        this.setup = setup;
        this.problems = problems;
    }

    /// Connects the clients.
    ///
    /// @param firstSource loopback addresses from 127.0.0.this on are theirs
    /// @throws BenchException if one of them cannot be connected
    static Crowd open(Programs programs, Setup setup, int firstSource, Consumer<String> problems)
            throws InterruptedException {
        var crowd = new Crowd(setup, problems);
        int count = (setup.clients() + LoadWorker.CONNECTIONS_MAX - 1) / LoadWorker.CONNECTIONS_MAX;
        for (int i = 0; i < count; i++) {
            int number = i;
            crowd.workers.add(
                    programs.worker(
                            "worker-%s-%d".formatted(setup.name(), i),
                            event -> crowd.take(number, event)));
        }
        for (int i = 0; i < count; i++) {
            int first = (int) ((long) setup.clients() * i / count);
            int next = (int) ((long) setup.clients() * (i + 1) / count);
            crowd.workers.get(i).tell(crowd.open(first, next - first, firstSource + i));
        }
        long waitMs =
                Math.max(
                        OPEN_MIN.toMillis(),
                        OPEN_PER_THOUSAND.toMillis() * setup.clients() / 1_000);
        if (!crowd.await(waitMs, () -> crowd.opened >= setup.clients() || crowd.hasProblem)
                || crowd.hasProblem) {
            throw new BenchException(
                    "the %d clients of %s cannot all be connected"
                            .formatted(setup.clients(), setup.name()));
        }
        return crowd;
    }

    private WorkerCommand.Open open(int first, int count, int source) {
        return new WorkerCommand.Open(
                setup.name(),
                setup.port(),
                setup.encrypted(),
                "127.0.0." + (1 + source % SOURCES_MAX),
                setup.protobuf(),
                setup.channel(),
                setup.spread(),
                setup.clients(),
                first,
                count,
                setup.size(),
                setup.secret(),
                setup.reads(),
                setup.fallbackPort());
    }

    Setup setup() {
        return setup;
    }

    List<Worker> workers() {
        return workers;
    }

    /// Processor time that the workers have used.
    double cpuSeconds() {
        return workers.stream().mapToDouble(worker -> worker.process().cpuSeconds()).sum();
    }

    /// A window begins; returns when all workers know.
    void begin(long startNs, boolean tellLowest) throws InterruptedException {
        lock.lock();
        try {
            ended.clear();
            begun = 0;
        } finally {
            lock.unlock();
        }
        tell(new WorkerCommand.Begin(setup.name(), startNs, tellLowest));
        if (!await(SILENT_MAX.toMillis(), () -> begun == workers.size())) {
            throw silent();
        }
    }

    /// The clients publish by a schedule; they must all be in one worker.
    void publish(Schedule schedule) {
        tell(new WorkerCommand.Publish(setup.name(), schedule));
    }

    /// Waits until all clients have all messages before `number`, or there is a problem.
    ///
    /// @return false when time is up, or there is a problem
    boolean awaitLowest(long number, Duration atMost) throws InterruptedException {
        return await(
                        atMost.toMillis(),
                        () ->
                                hasProblem
                                        || (lowest.size() == workers.size()
                                                && lowest.values().stream()
                                                        .allMatch(next -> next >= number)))
                && !hasProblem;
    }

    /// Ends the window once everything has come, or time is up.
    ///
    /// @param sent messages so far, all windows together
    Ended end(long sent, Duration atMost) throws InterruptedException {
        tell(new WorkerCommand.End(setup.name(), sent, atMost.toMillis()));
        // Workers answer when their time is up; this is for one that is dead.
        if (!await(atMost.plus(SILENT_MAX).toMillis(), () -> ended.size() == workers.size())) {
            throw silent();
        }
        lock.lock();
        try {
            return merge(ended.values().stream().toList());
        } finally {
            lock.unlock();
        }
    }

    private BenchException silent() {
        return new BenchException("a load worker of %s is silent".formatted(setup.name()));
    }

    static Ended merge(List<WorkerEvent.Ended> parts) {
        Histogram latency = Counts.histogram();
        Histogram acknowledged = null;
        long deliveries = 0;
        long lastNs = 0;
        Checks checks = Checks.CLEAN;
        int slotCount = parts.stream().mapToInt(part -> part.slots().size()).max().orElse(0);
        var slots = new long[slotCount];
        var slotMaxUs = new long[slotCount];
        var back = new ArrayList<WorkerEvent.Back>();
        for (WorkerEvent.Ended part : parts) {
            latency.add(Counts.histogram(part.latency()));
            byte[] bytes = part.acknowledged();
            if (bytes != null) {
                acknowledged = acknowledged == null ? Counts.histogram() : acknowledged;
                acknowledged.add(Counts.histogram(bytes));
            }
            deliveries += part.deliveries();
            lastNs = Math.max(lastNs, part.lastNs());
            checks = checks.plus(part.checks());
            for (int i = 0; i < part.slots().size(); i++) {
                slots[i] += part.slots().get(i);
                slotMaxUs[i] = Math.max(slotMaxUs[i], part.slotMaxUs().get(i));
            }
            WorkerEvent.Back partBack = part.back();
            if (partBack != null) {
                back.add(partBack);
            }
        }
        return new Ended(deliveries, lastNs, latency, acknowledged, checks, slots, slotMaxUs, back);
    }

    private void tell(WorkerCommand command) {
        workers.forEach(worker -> worker.tell(command));
    }

    private void take(int worker, WorkerEvent event) {
        lock.lock();
        try {
            switch (event) {
                case WorkerEvent.Started _ -> {}
                case WorkerEvent.Opened(_, int count) -> opened += count;
                case WorkerEvent.Begun _ -> begun++;
                case WorkerEvent.Lowest(_, long next) -> lowest.put(worker, next);
                case WorkerEvent.Ended done -> ended.put(worker, done);
                case WorkerEvent.Round _, WorkerEvent.GameEnded _ ->
                        throw new IllegalStateException("no answer to clients: " + event);
                case WorkerEvent.Problem(String group, String sentence) -> {
                    hasProblem = true;
                    problems.accept("%s: %s".formatted(group, sentence));
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean await(long atMostMs, BooleanSupplier reached) throws InterruptedException {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(atMostMs);
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
