package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.cricket.BallLedger.Change;
import io.grandstand.cricket.FeedMessage.Incident;
import io.grandstand.cricket.FeedMessage.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Deliveries are written `overs kind value @time`, oldest first.
class BallLedgerTest {
    private final BallLedger ledger = new BallLedger();

    @Test
    void whatIsRepeatedIsNotNew() {
        check("+0.1 STRIKE 1", "0.1 STRIKE 1 @10");
        check("+0.2 STRIKE 4", "0.1 STRIKE 1 @10", "0.2 STRIKE 4 @20");
        check("", "0.1 STRIKE 1 @10", "0.2 STRIKE 4 @20");
        check("+0.3 OUT 0", "0.2 STRIKE 4 @20", "0.3 OUT 0 @30");
    }

    @Test
    void anotherKindOrValueIsACorrection() {
        check("+0.1 STRIKE 6", "0.1 STRIKE 6 @10");
        check("~0.1 OUT 0", "0.1 OUT 0 @10");
        check("+0.2 STRIKE 2 ~0.1 LEG_BYE 1", "0.1 LEG_BYE 1 @10", "0.2 STRIKE 2 @20");
    }

    @Test
    void theStampOfAnOutageMakesNoNewBalls() {
        check("+0.1 WIDE 0", "0.1 WIDE 0 @10");
        check("+0.1 STRIKE 0", "0.1 WIDE 0 @10", "0.1 STRIKE 0 @20");
        check(
                "+0.2 STRIKE 4 +0.3 STRIKE 1",
                "0.1 WIDE 0 @90",
                "0.1 STRIKE 0 @90",
                "0.2 STRIKE 4 @90",
                "0.3 STRIKE 1 @90");
        check("", "0.1 STRIKE 0 @90", "0.2 STRIKE 4 @90", "0.3 STRIKE 1 @90");
    }

    @Test
    void aWindowThatKnowsNothingIsAllNew() {
        check("+13.4 OUT 0", "13.4 OUT 0 @10");
        check("+13.5 STRIKE 0 +13.6 STRIKE 1", "13.5 STRIKE 0 @90", "13.6 STRIKE 1 @90");
    }

    @Test
    void aBallMovedToAnotherNumberIsTheSameBall() {
        check("+3.1 WIDE 1", "3.1 WIDE 1 @10");
        check("+3.1 STRIKE 0", "3.1 WIDE 1 @10", "3.1 STRIKE 0 @20");
        check("~3.1 LEG_BYE 1 ~3.2 STRIKE 0", "3.1 LEG_BYE 1 @10", "3.2 STRIKE 0 @30");
    }

    @Test
    void theLatestBallMayHideDuringAReview() {
        check("+10.4 STRIKE 1", "10.4 STRIKE 1 @10");
        check("+10.5 STRIKE 2", "10.4 STRIKE 1 @10", "10.5 STRIKE 2 @20");
        check("", "10.4 STRIKE 1 @10");
        check("~10.5 OUT 1", "10.4 STRIKE 1 @10", "10.5 OUT 1 @20");
    }

    @Test
    void runsBesideAWicketAreToldOnce() {
        check("+10.5 OUT 1", "10.5 OUT 1 @20");
        check("", "10.5 OUT 0 @20");
    }

    @Test
    void aBallInThePlaceOfOneTakenBackIsItsCorrection() {
        check("+18.5 STRIKE 6", "18.5 STRIKE 6 @10");
        check("+18.6 OUT 0", "18.5 STRIKE 6 @10", "18.6 OUT 0 @20");
        check("~18.5 OUT 0", "18.5 OUT 0 @10");
        check("~18.6 STRIKE 1", "18.5 OUT 0 @10", "18.6 STRIKE 1 @50");
    }

    @Test
    void aBallStruckOutBetweenTwoOthersIsRemoved() {
        check("+0.1 STRIKE 1", "0.1 STRIKE 1 @10");
        check("+0.2 STRIKE 1", "0.1 STRIKE 1 @10", "0.2 STRIKE 1 @20");
        check("+0.3 STRIKE 1", "0.2 STRIKE 1 @20", "0.3 STRIKE 1 @30");
        check("-0.2 STRIKE 1", "0.1 STRIKE 1 @10", "0.3 STRIKE 1 @30");
        check("", "0.1 STRIKE 1 @10", "0.3 STRIKE 1 @30");
    }

    @Test
    void aBallThatTurnsUpBetweenTwoOthersIsTooLate() {
        check("+0.1 STRIKE 1", "0.1 STRIKE 1 @10");
        check("+0.3 STRIKE 1", "0.1 STRIKE 1 @10", "0.3 STRIKE 1 @30");
        check("", "0.1 STRIKE 1 @10", "0.2 STRIKE 4 @20", "0.3 STRIKE 1 @30");
        check("+0.4 STRIKE 2", "0.2 STRIKE 4 @20", "0.3 STRIKE 1 @30", "0.4 STRIKE 2 @40");
    }

    private void check(String changes, String... list) {
        var told = ledger.reconcile(Arrays.stream(list).map(BallLedgerTest::incident).toList());
        assertThat(told.stream().map(BallLedgerTest::written))
                .containsExactlyInAnyOrderElementsOf(split(changes));
    }

    private static List<String> split(String changes) {
        return changes.isEmpty() ? List.of() : List.of(changes.split(" (?=[+~-])", -1));
    }

    private static Incident incident(String written) {
        String[] parts = written.split(" ", 4);
        return new Incident(
                parts[0],
                Kind.valueOf(parts[1]),
                Integer.parseInt(parts[2]),
                Long.parseLong(parts[3].substring(1)),
                null);
    }

    private static String written(Change change) {
        return switch (change) {
            case Change.Added(var ball) -> "+" + written(ball.incident());
            case Change.Corrected(var ball) -> "~" + written(ball.incident());
            case Change.Removed(var ball) -> "-" + written(ball.incident());
        };
    }

    private static String written(Incident incident) {
        return "%s %s %d".formatted(incident.overs(), incident.kind(), incident.value());
    }
}
