package io.grandstand.cricket;

import io.grandstand.events.Ball;
import io.grandstand.events.Scoreboard;

/// One thing that happens in a match script, and when.
///
/// Questions are numbered from 1 in the order asked. Records inside a step carry no time of their
/// own (`at` and `asOf` are 0): the conductor stamps them.
public sealed interface Step {
    /// Time after the step before, in ms, at the match's own speed.
    long gapMs();

    /// The state of play changes without a ball.
    record Board(long gapMs, Scoreboard board) implements Step {}

    /// Quiet play begins: the next ball's question opens.
    record Ask(long gapMs, int question, String prompt) implements Step {}

    /// Quiet play ends: the ball is on its way, or play can no longer be seen. The question locks.
    record QuietEnds(long gapMs, int question) implements Step {}

    /// A delivery is known, or known better: `ball.version()` tells.
    ///
    /// @param question the question it settles; 0 where none was asked about it
    record Bowled(long gapMs, int question, Ball ball, Scoreboard board) implements Step {}

    /// The ball that a question asks about will not come, or never was.
    record Withdrawn(long gapMs, int question, String reason) implements Step {}
}
