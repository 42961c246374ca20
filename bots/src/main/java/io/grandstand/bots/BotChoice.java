package io.grandstand.bots;

import io.grandstand.events.Question;
import io.grandstand.events.Question.Option;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// What bots do with questions: a pure function of seed, bot and question.
///
/// A bot does not know the answer. It takes part in most questions, thinks for about three seconds,
/// and prefers what happens more often.
///
/// @param seed other seeds, other choices
/// @param speed how many times faster than people the bots think; more than zero
/// @param weights how often what an option stands for happens, by option id; a question with an
///   option that is not here is answered by chance alone
public record BotChoice(long seed, double speed, Map<String, Double> weights) {
    private static final double REACTION_MEDIAN_MS = 3000;
    private static final double REACTION_MIN_MS = 400;

    /// The spread of the logarithm: two reactions of three lie between 1.9 s and 4.7 s.
    private static final double REACTION_SIGMA = 0.45;

    private static final double PARTICIPATION_MIN = 0.60;
    private static final double PARTICIPATION_MAX = 0.98;

    /// These answer late, every other time.
    private static final double SLOW_BOTS = 0.03;

    private static final double LATE_MS_MAX = 1000;

    /// Who means to be in time is so well before the end.
    private static final double WINDOW_USED_MAX = 0.9;

    /// What a bot does.
    ///
    /// @param delay when, counted from the question's `opensAt`
    /// @param option the option's id
    public record Decision(Duration delay, String option) {}

    public BotChoice {
        if (!(speed > 0) || Double.isInfinite(speed)) {
            throw new IllegalArgumentException(
                    "speed is %s: must be more than zero".formatted(speed));
        }
        weights = Map.copyOf(weights);
        weights.forEach((option, weight) -> {
            if (!(weight >= 0) || weight.isInfinite()) {
                throw new IllegalArgumentException(
                        "weight of %s is %s: must not be negative".formatted(option, weight));
            }
        });
    }

    /// What `bot` does with `question`, in whatever state that is; empty where it stays silent.
    public Optional<Decision> decide(int bot, Question question) {
        var habits = new SplittableRandom(mix(mix(seed) ^ bot));
        double participation = habits.nextDouble(PARTICIPATION_MIN, PARTICIPATION_MAX);
        boolean slow = habits.nextDouble() < SLOW_BOTS;

        long identity = question.match().hashCode() * 31L + question.id().hashCode();
        var mood = new SplittableRandom(mix(mix(mix(seed) ^ bot) ^ identity));
        if (mood.nextDouble() >= participation) {
            return Optional.empty();
        }
        String option = choose(question.options(), mood);
        double windowMs = question.locksAt() - question.opensAt();
        double delayMs =
                slow && mood.nextBoolean()
                        ? windowMs + mood.nextDouble(LATE_MS_MAX) / speed
                        : reactionMs(windowMs, mood);
        return Optional.of(new Decision(Duration.ofMillis((long) Math.ceil(delayMs)), option));
    }

    private double reactionMs(double windowMs, SplittableRandom mood) {
        double naturalMs =
                REACTION_MEDIAN_MS * StrictMath.exp(REACTION_SIGMA * mood.nextGaussian());
        double reactionMs = Math.max(REACTION_MIN_MS, naturalMs) / speed;
        double lastMs = windowMs * WINDOW_USED_MAX;
        // Who sees the time run out decides somewhere in the rest of it, not all at one moment.
        return reactionMs <= lastMs ? reactionMs : mood.nextDouble(lastMs / 2, lastMs);
    }

    private String choose(List<Option> options, SplittableRandom mood) {
        double total = 0;
        for (Option option : options) {
            Double weight = weights.get(option.id());
            if (weight == null) {
                return options.get(mood.nextInt(options.size())).id();
            }
            total += weight;
        }
        double mark = mood.nextDouble() * total;
        for (Option option : options) {
            mark -= weights.getOrDefault(option.id(), 0.0);
            if (mark < 0) {
                return option.id();
            }
        }
        // All weights are zero, or the sum lost its last bit.
        return options.getLast().id();
    }

    /// Makes of neighbouring numbers ones that have nothing in common (David Stafford's 13th mix).
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
