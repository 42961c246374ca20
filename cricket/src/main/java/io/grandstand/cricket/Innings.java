package io.grandstand.cricket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One side's turn to bat.
///
/// @param target runs to win; null in a first innings and where the source does not say
/// @param ballsMax legal balls it may last; null where there is no limit or none is known
/// @param penaltyBefore runs that stood on the board before the first ball
/// @param penaltyAfter runs awarded after the last ball
record Innings(
        String team,
        boolean superOver,
        @Nullable Integer target,
        @Nullable Integer ballsMax,
        int penaltyBefore,
        int penaltyAfter,
        List<Delivery> deliveries) {
    Innings {
        deliveries = List.copyOf(deliveries);
    }

    int runs() {
        return penaltyBefore + penaltyAfter + deliveries.stream().mapToInt(Delivery::runs).sum();
    }
}
