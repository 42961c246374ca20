package io.grandstand.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.GatewayConfig.Timing;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PingWheelTest {
    private static final int SLOT_MS = 100;
    private static final String PING = "{}";

    private final EmbeddedChannel time = new EmbeddedChannel();

    PingWheelTest() {
        time.freezeTime();
    }

    /// The first ping comes after half an interval to a whole one, then one each interval.
    @Property(tries = 100)
    void everySessionIsPingedOncePerInterval(
            @ForAll @IntRange(min = 10, max = 60) int slots,
            @ForAll @IntRange(max = 70) int slotsBefore,
            @ForAll long seed) {
        PingWheel wheel = wheel(slots, slots / 2, seed);
        turn(slotsBefore);
        TestSession session = connected(slots, slots / 2);
        wheel.add(session.session);

        List<Integer> pinged = pingTimes(session, 4 * slots);

        int first = pinged.getFirst();
        assertThat(first).isBetween(slots / 2, slots);
        assertThat(pinged).startsWith(first, first + slots, first + 2 * slots);
    }

    /// A server whose clients all came at once does not ping them all at once.
    @Property(tries = 10)
    void pingsAreSpreadOverTheInterval(@ForAll long seed) {
        int slots = 10;
        PingWheel wheel = wheel(slots, 5, seed);
        var sessions = new ArrayList<TestSession>();
        for (int i = 0; i < 200; i++) {
            TestSession session = connected(slots, 5);
            wheel.add(session.session);
            sessions.add(session);
        }
        for (int turn = 0; turn < slots; turn++) {
            turn(1);
            long pinged =
                    sessions.stream().filter(session -> session.said().contains(PING)).count();
            assertThat(pinged).describedAs("in turn %d of seed %d", turn, seed).isLessThan(80);
        }
    }

    @Property(tries = 50)
    void whoDoesNotAnswerAPingInTimeIsClosed(
            @ForAll @IntRange(min = 10, max = 40) int slots,
            @ForAll @IntRange(min = 1, max = 9) int pongSlots,
            @ForAll @IntRange(max = 12) int answerAfter,
            @ForAll long seed) {
        PingWheel wheel = wheel(slots, pongSlots, seed);
        TestSession session = connected(slots, pongSlots);
        wheel.add(session.session);
        turnUntilPinged(session, slots);

        turn(Math.min(answerAfter, pongSlots - 1));
        assertThat(session.closes).isEmpty();
        if (answerAfter < pongSlots) {
            session.receive("{}");
        }
        turn(slots - 1);

        assertThat(session.closes)
                .isEqualTo(answerAfter < pongSlots ? List.of() : List.of("3012 no pong"));
    }

    @Property(tries = 20)
    void whoIsTakenOutIsLeftAlone(@ForAll long seed) {
        PingWheel wheel = wheel(10, 5, seed);
        TestSession session = connected(10, 5);
        wheel.remove(wheel.add(session.session), session.session);
        assertThat(pingTimes(session, 30)).isEmpty();
    }

    private PingWheel wheel(int slots, int pongSlots, long seed) {
        return new PingWheel(
                time.eventLoop(),
                (long) slots * SLOT_MS,
                (long) pongSlots * SLOT_MS,
                new SplittableRandom(seed));
    }

    /// A session that stands, of a node with these times.
    private TestSession connected(int slots, int pongSlots) {
        var config =
                GatewayConfig.of(new Listen("localhost", 0, Set.of()), List.of())
                        .withAnonymous(true)
                        .with(
                                new Timing(
                                        Duration.ofMillis((long) slots * SLOT_MS),
                                        Duration.ofMillis((long) pongSlots * SLOT_MS),
                                        Duration.ofMillis(900),
                                        Duration.ZERO));
        TestSession session = TestSession.over(time, config, Wire.WEBSOCKET_JSON);
        session.receive("{\"id\":1,\"connect\":{}}");
        assertThat(session.said()).hasSize(1);
        return session;
    }

    /// In which of the next turns the session is pinged; each ping is answered.
    private List<Integer> pingTimes(TestSession session, int turns) {
        var times = new ArrayList<Integer>();
        for (int turn = 1; turn <= turns; turn++) {
            turn(1);
            for (String ping : session.said()) {
                assertThat(ping).isEqualTo(PING);
                times.add(turn);
                session.receive("{}");
            }
        }
        return times;
    }

    private void turnUntilPinged(TestSession session, int slots) {
        for (int turn = 0; turn <= slots; turn++) {
            turn(1);
            if (session.said().contains(PING)) {
                return;
            }
        }
        throw new AssertionError("no ping within an interval");
    }

    private void turn(int times) {
        for (int i = 0; i < times; i++) {
            time.advanceTimeBy(SLOT_MS, TimeUnit.MILLISECONDS);
            time.runScheduledPendingTasks();
        }
    }
}
