package io.grandstand.bench;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.bench.RunResult.Memory;
import io.grandstand.bench.Scenario.Kind;
import java.util.ArrayList;
import java.util.List;

/// Runs an `Idle`: what connections cost that only stand, each with a subscription.
final class IdleRun {
    /// Connected before anything is measured: code and buffers that the first connection brings are
    /// no cost of each.
    private static final int FIRST_CLIENTS = 100;

    private final Stage stage;
    private final Scenario.Idle scenario;

    IdleRun(Stage stage, Scenario.Idle scenario) {
        this.stage = stage;
        this.scenario = scenario;
    }

    List<RunResult.Server> run() throws InterruptedException {
        var runs = new ArrayList<Memory>();
        for (int run = 1; run <= scenario.runs(); run++) {
            Memory memory = measure();
            runs.add(memory);
            stage.say("  run %d of %d  %s", run, scenario.runs(), Text.memory(memory));
        }
        return List.of(
                new RunResult.Server(
                        Kind.GATEWAY.label(),
                        List.of(),
                        Figures.medians(runs.stream().map(Figures::of)),
                        runs.getLast(),
                        Checks.CLEAN,
                        List.of(),
                        List.of()));
    }

    private Memory measure() throws InterruptedException {
        Stage.Served served = stage.serve(Kind.GATEWAY, scenario.partitions());
        Crowd first = connect(served, "-first", FIRST_CLIENTS);
        long pid = served.process().pid();
        long heapEmptyBytes = JvmHeap.liveBytes(pid);
        long rssEmptyBytes = Procfs.rssBytes(pid);
        long kernelEmptyBytes = Procfs.slabBytes() + Procfs.socketBytes();
        Crowd crowd = connect(served, "", scenario.clients());
        // What was needed to connect them is given back by a process that stands idle.
        Thread.sleep(Math.round(scenario.idleSeconds() * 1_000));
        long rssBytes = Procfs.rssBytes(pid);
        long kernelBytes = Procfs.slabBytes() + Procfs.socketBytes() - kernelEmptyBytes;
        long heapBytes = JvmHeap.liveBytes(pid);
        long rssCollectedBytes = Procfs.rssBytes(pid);
        stage.stop(first, crowd);
        served.process().kill();
        return new Memory(
                scenario.clients(),
                rssEmptyBytes,
                rssBytes,
                rssCollectedBytes,
                heapEmptyBytes,
                heapBytes,
                Math.max(0, kernelBytes));
    }

    private Crowd connect(Stage.Served served, String suffix, int clients)
            throws InterruptedException {
        return stage.connectToOwn(served, suffix, clients, Payload.BYTES_MIN, scenario.format(), 0);
    }
}
