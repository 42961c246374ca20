package io.grandstand.bench;

import io.grandstand.bench.RunResult.Window;
import io.grandstand.bench.Scenario.Kind;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Runs a `Publish`: clients publish to each other, and each publish is acknowledged.
final class PublishRun {
    private final Stage stage;
    private final Scenario.Publish scenario;

    PublishRun(Stage stage, Scenario.Publish scenario) {
        this.stage = stage;
        this.scenario = scenario;
    }

    List<RunResult.Server> run() throws InterruptedException {
        Stage.Served served = stage.serve(Kind.GATEWAY, scenario.partitions());
        long rssEmptyBytes = Procfs.rssBytes(served.process().pid());
        Crowd crowd =
                stage.connect(
                        new Crowd.Setup(
                                served.name(),
                                served.server().port(),
                                false,
                                scenario.format() == Scenario.Format.PROTOBUF,
                                Stage.ALL + ":%d",
                                Spread.ROUND_ROBIN,
                                scenario.clients(),
                                scenario.size(),
                                Stage.SECRET,
                                true,
                                0));
        var target = new Target(stage, served, crowd, rssEmptyBytes);
        if (scenario.windows().warmupSeconds() > 0) {
            stage.say("  warming up");
            target.measure(traffic(scenario.windows().warmupSeconds()), false, false);
        }
        for (int turn = 1; turn <= scenario.windows().count(); turn++) {
            Window window = target.measure(traffic(scenario.windows().seconds()), false, true);
            stage.say(
                    "  window %d of %d  %s",
                    turn, scenario.windows().count(), Text.window(target.name(), window));
        }
        return List.of(target.result());
    }

    private Target.Traffic traffic(double seconds) {
        return (target, _, startNs) -> {
            var schedule = Schedule.lasting(startNs, scenario.perSecond(), seconds);
            target.crowd().publish(schedule);
            long lastNs = schedule.dueNs(schedule.count() - 1);
            while (System.nanoTime() < lastNs) {
                LockSupport.parkNanos(lastNs - System.nanoTime());
            }
            return schedule.count();
        };
    }
}
