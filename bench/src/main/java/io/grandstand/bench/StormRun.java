package io.grandstand.bench;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.bench.Scenario.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Runs a `Storm`: a gateway is killed while messages go on, and its clients come back to another
/// one, which must give them what they missed.
final class StormRun {
    private static final String BACK = "backMs";
    private static final String COMPLETE = "completeMs";

    private static final double NS_PER_SECOND = 1e9;
    private static final double NS_PER_MS = 1e6;

    private final Stage stage;
    private final Scenario.Storm scenario;

    StormRun(Stage stage, Scenario.Storm scenario) {
        this.stage = stage;
        this.scenario = scenario;
    }

    List<RunResult.Server> run() throws InterruptedException {
        var figures = new ArrayList<Map<String, Double>>();
        var servers = new ArrayList<RunResult.Server>();
        for (int run = 1; run <= scenario.runs(); run++) {
            Map<String, Double> found = new LinkedHashMap<>();
            servers.add(measure(found));
            figures.add(found);
            stage.say(
                    "  run %d of %d  all subscribed again after %.2f s, complete after %.2f s",
                    run,
                    scenario.runs(),
                    found.getOrDefault(BACK, Double.NaN) / 1_000,
                    found.getOrDefault(COMPLETE, Double.NaN) / 1_000);
        }
        RunResult.Server last = servers.getLast();
        var windows = servers.stream().flatMap(server -> server.windows().stream()).toList();
        var medians = new LinkedHashMap<>(Figures.medians(windows.stream().map(Figures::of)));
        medians.putAll(Figures.medians(figures.stream()));
        return List.of(
                new RunResult.Server(
                        Kind.GATEWAY.label(),
                        windows,
                        medians,
                        last.memory(),
                        servers.stream()
                                .map(RunResult.Server::checks)
                                .reduce(Checks.CLEAN, Checks::plus),
                        last.percentiles(),
                        last.timeline()));
    }

    private RunResult.Server measure(Map<String, Double> found) throws InterruptedException {
        Stage.Served victim = stage.serve(Kind.GATEWAY, scenario.partitions());
        Stage.Served survivor = stage.twin(victim);
        long rssEmptyBytes = Procfs.rssBytes(survivor.process().pid());
        Sender sender =
                stage.sender(victim, Stage.OWN, scenario.format() == Scenario.Format.PROTOBUF);
        // Who takes over has been in service: code that never ran before is slow for everybody.
        stage.stop(connect(survivor, "-before", survivor));
        Crowd crowd = connect(victim, "", survivor);
        var target = new Target(stage, survivor, crowd, rssEmptyBytes);
        var killedNs = new long[1];
        target.measure(
                (_, first, startNs) -> {
                    Thread killer = killLater(victim, startNs, killedNs);
                    var schedule =
                            Schedule.lasting(
                                    startNs,
                                    scenario.perSecond(),
                                    scenario.secondsBefore() + scenario.secondsAfter());
                    OpenLoop.follow(
                            schedule, (k, dueNs) -> send(sender, first + k, dueNs), sender::flush);
                    killer.join();
                    return schedule.count();
                },
                false,
                true);
        tellBack(target.back(), killedNs[0], found);
        RunResult.Server result = target.result();
        stage.stop(crowd);
        survivor.process().kill();
        return result;
    }

    private Crowd connect(Stage.Served served, String suffix, Stage.Served after)
            throws InterruptedException {
        return stage.connectToOwn(
                served,
                suffix,
                scenario.clients(),
                scenario.size(),
                scenario.format(),
                after.server().port());
    }

    private void tellBack(List<WorkerEvent.Back> back, long killedNs, Map<String, Double> found) {
        int subscribed = back.stream().mapToInt(WorkerEvent.Back::subscribed).sum();
        if (subscribed < scenario.clients()) {
            stage.problem("%d of %d clients came back".formatted(subscribed, scenario.clients()));
            return;
        }
        long backNs = back.stream().mapToLong(WorkerEvent.Back::subscribedNs).max().orElse(0);
        long completeNs = back.stream().mapToLong(WorkerEvent.Back::completeNs).max().orElse(0);
        found.put(BACK, (backNs - killedNs) / NS_PER_MS);
        found.put(COMPLETE, (completeNs - killedNs) / NS_PER_MS);
    }

    private Thread killLater(Stage.Served victim, long startNs, long[] killedNs) {
        long dueNs = startNs + Math.round(scenario.secondsBefore() * NS_PER_SECOND);
        return Thread.ofVirtual()
                .name("kill")
                .start(() -> {
                    while (System.nanoTime() < dueNs) {
                        LockSupport.parkNanos(dueNs - System.nanoTime());
                    }
                    killedNs[0] = System.nanoTime();
                    victim.process().kill();
                });
    }

    private void send(Sender sender, long number, long dueNs) {
        int index = (int) (number % scenario.clients());
        String player = Group.player(index);
        sender.send(
                index,
                Stage.OWN + ":" + player,
                player,
                number,
                Payload.of(number / scenario.clients(), dueNs, scenario.size()));
    }
}
