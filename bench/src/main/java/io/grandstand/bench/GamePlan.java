package io.grandstand.bench;

import io.grandstand.events.Question;
import java.util.List;
import java.util.SplittableRandom;

/// A game that is played to measure it: who answers what, and when.
///
/// Everything follows from the seed, so that the orchestrator, the workers and the checks agree
/// without a word. Times are those of `System.nanoTime()`; they are meant, whatever became of those
/// before (an open loop). A round goes like this, from its begin:
///
/// | when | what |
/// |---|---|
/// | 0 | the question is asked |
/// | 0 to `answerSeconds` | answers come, most of them at three tenths of the time |
/// | `answerSeconds` + 2 s | the question is locked |
/// | + 1 s | it is resolved |
/// | + 1 s, to the end less 1 s | some players ask for the leaderboard |
///
/// @param match the match's id, of this game alone
/// @param startNs when the first round begins
/// @param rounds how many there are, those to warm up included
/// @param answerShare of the players who answer a question, 0 to 1
/// @param topShare of the players who ask for the leaderboard in a round, 0 to 1
record GamePlan(
        String match,
        long seed,
        long startNs,
        int rounds,
        double roundSeconds,
        double answerSeconds,
        double answerShare,
        double topShare) {
    /// Players hear of a question when it opens, locks, and is resolved.
    static final int VERSIONS = 3;

    /// What a right answer earns.
    static final int POINTS = 10;

    /// What a round takes beside the answers, at least.
    static final double SETTLE_SECONDS = 6;

    private static final List<String> OPTIONS = List.of("a", "b", "c", "d");
    private static final String QUESTION = "q";
    private static final double NS_PER_SECOND = 1e9;
    private static final long SECOND_NS = 1_000_000_000;

    /// Of the answers' log-normal distribution, and where it is highest.
    private static final double SIGMA = 0.5;

    private static final double PEAK = 0.3;

    /// What is drawn from the seed, so that one draw says nothing about another.
    private enum Draw {
        RIGHT(1),
        OPTION(2),
        ANSWERS(3),
        ANSWER_TIME(4),
        ASKS(5),
        ASK_TIME(6);

        private final int salt;

        Draw(int salt) {
            this.salt = salt;
        }
    }

    long roundNs() {
        return Math.round(roundSeconds * NS_PER_SECOND);
    }

    /// When the question of a round is asked; of the round after the last, when the game is over.
    long askNs(int round) {
        return startNs + round * roundNs();
    }

    long lockNs(int round) {
        return askNs(round) + Math.round(answerSeconds * NS_PER_SECOND) + 2 * SECOND_NS;
    }

    long resolveNs(int round) {
        return lockNs(round) + SECOND_NS;
    }

    /// When a version of a round's question is meant to be seen.
    long versionNs(int round, Question.State state) {
        return switch (state) {
            case OPEN -> askNs(round);
            case LOCKED -> lockNs(round);
            default -> resolveNs(round);
        };
    }

    /// The id of a round's question.
    static String question(int round) {
        return QUESTION + round;
    }

    /// The round of a question; -1 if it is none of ours.
    int round(String question) {
        if (!question.startsWith(QUESTION)) {
            return -1;
        }
        try {
            int round = Integer.parseInt(question.substring(QUESTION.length()));
            return round >= 0 && round < rounds ? round : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    static List<Question.Option> options() {
        return OPTIONS.stream().map(id -> new Question.Option(id, "Option " + id)).toList();
    }

    /// The option that turns out to be right.
    String right(int round) {
        return OPTIONS.get(random(Draw.RIGHT, 0, round).nextInt(OPTIONS.size()));
    }

    /// The option that a player chooses.
    String option(int player, int round) {
        return OPTIONS.get(random(Draw.OPTION, player, round).nextInt(OPTIONS.size()));
    }

    boolean isRight(int player, int round) {
        return option(player, round).equals(right(round));
    }

    /// The points of a player after a round; 0 for round -1.
    int total(int player, int round) {
        int total = 0;
        for (int i = 0; i <= round; i++) {
            total += answers(player, i) && isRight(player, i) ? POINTS : 0;
        }
        return total;
    }

    boolean answers(int player, int round) {
        return random(Draw.ANSWERS, player, round).nextDouble() < answerShare;
    }

    /// When a player who answers does so.
    long answerNs(int player, int round) {
        SplittableRandom random = random(Draw.ANSWER_TIME, player, round);
        double peak = PEAK * answerSeconds;
        double seconds;
        do {
            // The mode of a log-normal distribution is exp(mu - sigma²).
            seconds = peak * Math.exp(SIGMA * SIGMA + SIGMA * random.nextGaussian());
        } while (seconds > answerSeconds);
        return askNs(round) + Math.round(seconds * NS_PER_SECOND);
    }

    /// Whether a player asks for the leaderboard once a round is resolved.
    boolean asksTop(int player, int round) {
        return random(Draw.ASKS, player, round).nextDouble() < topShare;
    }

    /// When a player who asks for the leaderboard does so.
    long topNs(int player, int round) {
        long from = resolveNs(round) + SECOND_NS;
        long to = askNs(round + 1) - SECOND_NS;
        return random(Draw.ASK_TIME, player, round).nextLong(from, to);
    }

    private SplittableRandom random(Draw draw, int player, int round) {
        // SplittableRandom mixes its seed, but seeds that lie side by side must not share streams.
        long mixed = mix(seed + draw.salt);
        mixed = mix(mixed ^ player);
        return new SplittableRandom(mix(mixed ^ round));
    }

    /// A bijection that spreads every bit over all (the finalizer of SplitMix64).
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
