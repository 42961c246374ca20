package io.grandstand.leaderboard;

import io.grandstand.events.Top.Code;
import io.grandstand.events.Top.Refusal;

/// What askers hear when they get no answer.
final class Refusals {
    static final Refusal RATE =
            new Refusal(Code.RATE, "You ask too often; ask again in a second.", 1_000L);
    static final Refusal BUSY =
            new Refusal(Code.BUSY, "Very many are asking just now; ask again in a second.", 1_000L);
    static final Refusal RESTORING =
            new Refusal(Code.RESTORING, "The boards are being rebuilt; ask again shortly.", 2_000L);
    static final Refusal INVALID =
            new Refusal(
                    Code.INVALID, "This request cannot be understood or is out of bounds.", null);
    static final Refusal TOO_DEEP =
            new Refusal(
                    Code.INVALID,
                    "This page lies more than a million places deep among players of one score.",
                    null);
    static final Refusal NO_LEAGUE = new Refusal(Code.UNKNOWN, "There is no such league.", null);

    private Refusals() {}
}
