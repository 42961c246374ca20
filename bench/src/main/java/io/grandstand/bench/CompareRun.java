package io.grandstand.bench;

import io.grandstand.bench.RunResult.Window;
import io.grandstand.bench.Scenario.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs a `Compare`: the same messages to several servers, whose windows take turns.
final class CompareRun {
    /// How long a saturated server may take to deliver a message to everybody.
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(15);

    /// What is no JVM has only its connections to warm up.
    private static final double COMPILED_WARMUP_SECONDS = 2;

    private final Stage stage;
    private final Scenario.Compare scenario;

    CompareRun(Stage stage, Scenario.Compare scenario) {
        this.stage = stage;
        this.scenario = scenario;
    }

    /// Measures all servers.
    List<RunResult.Server> run() throws InterruptedException {
        var targets = new ArrayList<Target>();
        var traffic = new ArrayList<Target.Traffic>();
        for (Kind kind : scenario.servers()) {
            Stage.Served served = stage.serve(kind, scenario.partitions());
            long rssEmptyBytes = Procfs.rssBytes(served.process().pid());
            Crowd crowd = stage.connect(setup(served, scenario.clients(), true));
            if (kind == Kind.GATEWAY_WITH_SILENT && scenario.silentClients() > 0) {
                stage.connect(setup(served, scenario.silentClients(), false));
            }
            targets.add(new Target(stage, served, crowd, rssEmptyBytes));
            Sender sender = sender(served);
            traffic.add(traffic(sender, scenario.windows().seconds()));
            Target target = targets.getLast();
            double warmup = warmupSeconds(kind);
            if (warmup > 0) {
                stage.say("  warming up %s", target.name());
                target.measure(traffic(sender, warmup), isSaturated(), false);
            }
        }
        for (int turn = 1; turn <= scenario.windows().count(); turn++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                Window window = target.measure(traffic.get(i), isSaturated(), true);
                stage.say(
                        "  window %d of %d  %s",
                        turn, scenario.windows().count(), Text.window(target.name(), window));
            }
        }
        return targets.stream().map(Target::result).toList();
    }

    private double warmupSeconds(Kind kind) {
        double seconds = scenario.windows().warmupSeconds();
        return kind.isCompiledAhead() ? Math.min(COMPILED_WARMUP_SECONDS, seconds) : seconds;
    }

    private boolean isSaturated() {
        return scenario.load().outstanding() > 0;
    }

    private Crowd.Setup setup(Stage.Served served, int clients, boolean reads) {
        return new Crowd.Setup(
                reads ? served.name() : served.name() + "-silent",
                served.server().port(),
                served.kind().isEncrypted(),
                scenario.format() == Scenario.Format.PROTOBUF,
                served.kind().isGateway() ? channel() : "",
                scenario.spread(),
                clients,
                scenario.size(),
                Stage.SECRET,
                reads,
                0);
    }

    private String channel() {
        return switch (scenario.spread()) {
            case EVERYONE -> Stage.ALL + ":all";
            case ROUND_ROBIN -> Stage.OWN + ":" + Group.PLAYER + "%d";
        };
    }

    private Sender sender(Stage.Served served) throws InterruptedException {
        return stage.sender(
                served,
                scenario.spread() == Spread.EVERYONE ? Stage.ALL : Stage.OWN,
                scenario.format() == Scenario.Format.PROTOBUF);
    }

    private Target.Traffic traffic(Sender sender, double seconds) {
        return (target, first, startNs) ->
                isSaturated()
                        ? saturate(target, sender, first, startNs, seconds)
                        : follow(
                                sender,
                                first,
                                Schedule.lasting(startNs, scenario.load().perSecond(), seconds));
    }

    private long follow(Sender sender, long first, Schedule schedule) {
        OpenLoop.follow(schedule, (k, dueNs) -> send(sender, first + k, dueNs), sender::flush);
        return schedule.count();
    }

    /// Sends the next message whenever fewer than the bound are outstanding: the one closed loop.
    private long saturate(Target target, Sender sender, long first, long startNs, double seconds)
            throws InterruptedException {
        long endNs = startNs + (long) (seconds * 1e9);
        long k = first;
        while (System.nanoTime() < endNs) {
            long allHave = k - scenario.load().outstanding() + 1;
            if (allHave > first && !target.crowd().awaitLowest(allHave, PROGRESS_MAX)) {
                stage.problem("%s does not deliver".formatted(target.name()));
                break;
            }
            send(sender, k++, System.nanoTime());
            sender.flush();
        }
        return k - first;
    }

    private void send(Sender sender, long number, long intendedNs) {
        switch (scenario.spread()) {
            case EVERYONE ->
                    sender.send(
                            -1,
                            channel(),
                            "all",
                            number,
                            Payload.of(number, intendedNs, scenario.size()));
            case ROUND_ROBIN -> {
                int index = (int) (number % scenario.clients());
                String player = Group.player(index);
                sender.send(
                        index,
                        Stage.OWN + ":" + player,
                        player,
                        number,
                        Payload.of(number / scenario.clients(), intendedNs, scenario.size()));
            }
        }
    }
}
