package io.grandstand.bench;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.events.Question;
import io.grandstand.events.Result;
import io.grandstand.events.Top;
import io.grandstand.protocol.Message;
import org.jspecify.annotations.Nullable;

/// Whether what a player is told is what the game must have told them: everything once, in order,
/// and right to the point. Confined to one thread.
///
/// What comes is told by the methods below. Each says whether it was new; what is wrong with it is
/// kept in [#wrong()].
final class PlayerCheck {
    private static final int OPEN = 1;
    private static final int LOCKED = 1 << 1;
    private static final int RESOLVED = 1 << 2;
    private static final int RECEIPT = 1 << 3;
    private static final int SCORE = 1 << 4;
    private static final int ANSWERED = 1 << 5;
    private static final int TOP_ACCEPTED = 1 << 6;
    private static final int TOP = 1 << 7;

    private final GamePlan plan;
    private final int player;

    /// What has come of each round.
    private final byte[] seen;

    /// The last round whose score has come.
    private int lastScored = -1;

    /// What the player had when they asked for the leaderboard: the least that it must say.
    private int totalAsked;

    private int roundAsked = -1;

    private boolean wasScoredWhenAsking;

    private int doubled;
    private int reordered;
    private int early;
    private int behind;
    private int putOff;
    private int wrong;
    private String firstWrong = "";

    PlayerCheck(GamePlan plan, int player) {
        this.plan = plan;
        this.player = player;
        this.seen = new byte[plan.rounds()];
    }

    /// A version of a round's question was seen.
    boolean question(int round, Question question) {
        int version =
                switch (question.state()) {
                    case OPEN -> OPEN;
                    case LOCKED -> LOCKED;
                    case RESOLVED -> RESOLVED;
                    default -> 0;
                };
        if (round < 0 || version == 0) {
            return wrong("question %s is %s".formatted(question.id(), question.state()));
        }
        if (version == RESOLVED && !plan.right(round).equals(question.answer())) {
            wrong("question %d is answered %s".formatted(round, question.answer()));
        }
        // A version after a later one.
        boolean isLate = (seen[round] & (OPEN | LOCKED | RESOLVED)) > version;
        return once(round, version, isLate);
    }

    /// Whether the question of a round was seen open.
    boolean hasSeen(int round) {
        return has(round, OPEN);
    }

    /// The publish of a round's answer was acknowledged.
    boolean answered(int round) {
        return once(round, ANSWERED, false);
    }

    /// The publish of a round's request for the leaderboard was acknowledged.
    boolean topAccepted(int round) {
        return once(round, TOP_ACCEPTED, false);
    }

    /// A publish came to nothing.
    void failed(Message.Result result) {
        wrong("a publish was answered " + result);
    }

    /// A receipt came. One that says that the question is not known yet is only counted: another
    /// one must follow once it is.
    boolean receipt(int round, Result.Receipt receipt) {
        if (!isOfGame(round, receipt.match()) || !plan.answers(player, round)) {
            return wrong("a receipt that nothing was sent for: " + receipt);
        }
        if (receipt.status() == Result.Status.UNKNOWN && !has(round, RECEIPT)) {
            early++;
            return false;
        }
        if (receipt.status() != Result.Status.ACCEPTED
                || !plan.option(player, round).equals(receipt.option())) {
            wrong("option %s was sent: %s".formatted(plan.option(player, round), receipt));
        }
        return once(round, RECEIPT, has(round, SCORE));
    }

    boolean score(int round, Result.Score score) {
        if (!isOfGame(round, score.match()) || !plan.answers(player, round)) {
            return wrong("a score that nothing was sent for: " + score);
        }
        if (!once(round, SCORE, round < lastScored)) {
            return false;
        }
        lastScored = Math.max(lastScored, round);
        boolean isRight = plan.isRight(player, round);
        int points = isRight ? GamePlan.POINTS : 0;
        int total = plan.total(player, round);
        boolean isAsDue =
                score.correct() == isRight
                        && plan.right(round).equals(score.answer())
                        && score.points() == points
                        && score.delta() == points
                        && score.total() == total;
        if (!isAsDue) {
            wrong("%d points and a total of %d are due: %s".formatted(points, total, score));
        }
        return true;
    }

    /// A request for the leaderboard is sent in a round.
    void asks(int round) {
        roundAsked = round;
        totalAsked = plan.total(player, lastScored);
        wasScoredWhenAsking = lastScored >= 0;
    }

    /// The leaderboard came, which was asked for in `round`; -1 where it was not asked for. It is
    /// made by another service than scores are, and may be behind them where both lack time. One
    /// that says when to ask again is only counted: the player must then do so.
    boolean top(int round, Top top) {
        if (round < 0 || !plan.match().equals(top.board())) {
            return wrong("a leaderboard that was not asked for: " + top);
        }
        if (retryAfterMs(top) != null && !has(round, TOP)) {
            putOff++;
            return false;
        }
        // A score may be on the board before the player is told of it.
        int total = plan.total(player, Math.max(round, lastScored));
        long score = top.me().score();
        if (top.refused() != null) {
            wrong("a leaderboard was refused: " + top);
        } else if (score > total) {
            wrong("a total of %d at most is due: %s".formatted(total, top));
        } else if (round == roundAsked
                && (score < totalAsked || (top.me().rank() == null && wasScoredWhenAsking))) {
            behind++;
        }
        return once(round, TOP, false);
    }

    /// How many things a player must be told in a round, two acknowledgements included.
    static int due(GamePlan plan, int player, int round) {
        return Integer.bitCount(mustSee(plan, player, round));
    }

    /// What was lost, doubled, out of order, all rounds together.
    Checks checks() {
        int lost = 0;
        for (int round = 0; round < seen.length; round++) {
            lost += Integer.bitCount(mustSee(plan, player, round) & ~seen[round]);
        }
        return new Checks(lost, doubled, reordered, 0);
    }

    /// How many receipts came before the game knew the question.
    int early() {
        return early;
    }

    /// How many leaderboards did not have yet what the player was told before asking.
    int behind() {
        return behind;
    }

    /// How much of what came was not right.
    int wrong() {
        return wrong;
    }

    /// How many requests for the leaderboard were put off.
    int putOff() {
        return putOff;
    }

    /// After how long a player shall ask for the leaderboard again; null where this is the answer.
    static @Nullable Long retryAfterMs(Top top) {
        return top.refused() == null ? null : top.refused().retryAfterMs();
    }

    /// The first of it, for people; empty without any.
    String firstWrong() {
        return firstWrong;
    }

    /// What is missing, for people; null where nothing is.
    @Nullable String firstLost() {
        for (int round = 0; round < seen.length; round++) {
            int missing = mustSee(plan, player, round) & ~seen[round];
            if (missing != 0) {
                return "player %d, round %d: %s".formatted(player, round, names(missing));
            }
        }
        return null;
    }

    private static String names(int things) {
        String[] names = {
            "open question",
            "locked question",
            "resolved question",
            "receipt",
            "score",
            "answer's acknowledgement",
            "request's acknowledgement",
            "leaderboard"
        };
        var text = new StringBuilder();
        for (int bit = 0; bit < names.length; bit++) {
            if ((things & (1 << bit)) != 0) {
                text.append(text.isEmpty() ? "" : ", ").append(names[bit]);
            }
        }
        return text.toString();
    }

    private static int mustSee(GamePlan plan, int player, int round) {
        int must = OPEN | LOCKED | RESOLVED;
        if (plan.answers(player, round)) {
            must |= ANSWERED | RECEIPT | SCORE;
        }
        if (plan.asksTop(player, round)) {
            must |= TOP_ACCEPTED | TOP;
        }
        return must;
    }

    private boolean isOfGame(int round, String match) {
        return round >= 0 && plan.match().equals(match);
    }

    private boolean has(int round, int thing) {
        return (seen[round] & thing) != 0;
    }

    private boolean once(int round, int thing, boolean isLate) {
        if (has(round, thing)) {
            doubled++;
            return false;
        }
        seen[round] |= (byte) thing;
        if (isLate) {
            reordered++;
        }
        return true;
    }

    private boolean wrong(String what) {
        if (wrong++ == 0) {
            firstWrong = "player %d: %s".formatted(player, what);
        }
        return false;
    }
}
