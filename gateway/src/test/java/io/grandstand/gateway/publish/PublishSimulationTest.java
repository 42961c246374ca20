package io.grandstand.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.publish.PublishSimulation.Faults;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Whatever crashes, is delayed, lost or asked for again: one record for each (player, id).
class PublishSimulationTest {
    private static final long SEEDS = 200;

    @Property(tries = 3000)
    void oneRecordForEachPlayerAndIdAndEveryCallerIsToldItsPlace(@ForAll long seed) {
        var simulation = new PublishSimulation(seed, Faults.WITHIN_BOUNDS);
        simulation.run();
        assertThat(simulation.violations()).describedAs("seed %d", seed).isEmpty();
    }

    /// A simulation that never comes to the hard cases would prove nothing.
    @Test
    void theSimulationComesToEveryCase() {
        Map<PublishSimulation.Case, Long> seen = new EnumMap<>(PublishSimulation.Case.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            var simulation = new PublishSimulation(seed, Faults.WITHIN_BOUNDS);
            simulation.run();
            simulation.seen().forEach((what, count) -> seen.merge(what, count, Long::sum));
        }
        assertThat(seen).containsOnlyKeys(PublishSimulation.Case.values());
    }

    @Test
    void itSeesTheSecondRecordWhereWritesTakeLongerThanTheirBound() {
        assertThat(violationsWith(Faults.LATE_WRITES)).isPositive();
    }

    @Test
    void itSeesTheSecondRecordWhereASearchDoesNotWaitForTheReplicas() {
        assertThat(violationsWith(Faults.SEARCH_WITHOUT_BARRIER)).isPositive();
    }

    private static long violationsWith(Faults faults) {
        return LongStream.range(0, SEEDS)
                .mapToObj(seed -> new PublishSimulation(seed, faults))
                .peek(PublishSimulation::run)
                .filter(simulation -> !simulation.violations().isEmpty())
                .count();
    }
}
