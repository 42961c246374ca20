package io.grandstand.cricket;

import io.grandstand.events.Ball;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Gives a match without times the pace of a real one.
///
/// Gaps between balls follow what was measured in the score feed of a T20 international (11 July
/// 2022, 252 incidents): p10 16.6 s, p25 26.0 s, median 33.3 s, p75 46.1 s, p90 84.2 s. Its tails,
/// 3.8 s to 17 min, are cut: a game without play is no game. The quiet window before a ball is what
/// the ball itself leaves of the gap, a median 24 s as measured.
final class Tempo {
    private static final double[] SHARE = {0, 0.10, 0.25, 0.50, 0.75, 0.90, 1};
    private static final double[] GAP_MS = {
        14_000, 16_600, 26_000, 33_300, 46_100, 84_200, 120_000
    };

    /// Of the median gap of 33.3 s, this share leaves the 24 s of quiet play that were measured.
    private static final double BALL_SHARE = 0.28;

    /// Longer gaps are walks back and field changes, not longer balls.
    private static final long BALL_MS_MAX = 12_000;

    /// So much of the quiet belongs to the result of the ball before; then the next question opens.
    private static final long RESULT_SEEN_MS = 4_000;

    private static final long OVER_CHANGE_MS = 8_000;
    private static final long START_MS = 3_000;
    private static final long BREAK_MS = 60_000;
    private static final long ABANDONED_MS = 30_000;
    private static final long RESULT_MS = 2_000;

    private final RandomGenerator random;

    /// The same seed gives the same times, on every Java version: the algorithm of `Random` is part
    /// of its specification.
    Tempo(long seed) {
        this.random = new Random(seed);
    }

    MatchScript script(Match match) {
        var steps = new ArrayList<Step>();
        var state = new MatchState(match);
        steps.add(new Step.Board(0, state.scheduled()));
        int seq = 0;
        for (int i = 0; i < match.innings().size(); i++) {
            var innings = match.innings().get(i);
            if (i > 0) {
                steps.add(new Step.Board(0, state.inningsEnds()));
            }
            steps.add(new Step.Board(i == 0 ? START_MS : BREAK_MS, state.inningsBegins(innings)));
            var deliveries = innings.deliveries();
            for (int d = 0; d < deliveries.size(); d++) {
                seq++;
                var delivery = deliveries.get(d);
                var before = d == 0 ? null : deliveries.get(d - 1);
                var after = d + 1 == deliveries.size() ? null : deliveries.get(d + 1);
                long gap = gapMs();
                long ball = Math.min(Math.round(gap * BALL_SHARE), BALL_MS_MAX);
                long result = before == null ? 0 : RESULT_SEEN_MS;
                long overChange = changesOver(before, delivery) ? OVER_CHANGE_MS : 0;
                steps.add(
                        new Step.Ask(
                                result + overChange,
                                seq,
                                NextBall.prompt(delivery.bowler(), delivery.batter())));
                steps.add(new Step.QuietEnds(gap - ball - result, seq));
                steps.add(
                        new Step.Bowled(
                                ball,
                                seq,
                                ball(match.id(), seq, i + 1, innings, delivery),
                                state.bowled(delivery, after)));
            }
        }
        if (match.abandoned()) {
            // The next ball was due when play stopped for good: its question is taken back.
            steps.add(new Step.Ask(0, seq + 1, NextBall.PROMPT));
            steps.add(new Step.Withdrawn(ABANDONED_MS, seq + 1, "The match was abandoned"));
        }
        state.inningsEnds();
        steps.add(new Step.Board(RESULT_MS, state.finished()));
        return new MatchScript(match.id(), match.title(), match.teams(), steps);
    }

    /// A gap drawn from the measured distribution, straight lines between its quantiles.
    long gapMs() {
        double share = random.nextDouble();
        int i = 1;
        while (share > SHARE[i]) {
            i++;
        }
        double within = (share - SHARE[i - 1]) / (SHARE[i] - SHARE[i - 1]);
        return Math.round(GAP_MS[i - 1] + within * (GAP_MS[i] - GAP_MS[i - 1]));
    }

    private static boolean changesOver(@Nullable Delivery before, Delivery delivery) {
        return before != null && before.over() != delivery.over();
    }

    private static Ball ball(String match, int seq, int innings, Innings of, Delivery delivery) {
        return new Ball(
                match,
                seq,
                1,
                innings,
                of.superOver(),
                delivery.over(),
                delivery.ball(),
                delivery.batter(),
                delivery.nonStriker(),
                delivery.bowler(),
                delivery.runs(),
                delivery.batterRuns(),
                delivery.extras(),
                List.copyOf(delivery.wickets()),
                NextBall.outcome(delivery.batterRuns(), delivery.extras(), delivery.wickets()),
                0);
    }
}
