package io.grandstand.cli;

import io.grandstand.events.Terms;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a question counts beyond its points. A value that makes no sense is an
/// `IllegalArgumentException` that says why.
final class TermsOptions {
    private static final int NUMBER_MAX = 1_000_000;

    @Option(names = "--season", paramLabel = "ID", description = "The season it belongs to.")
    private @Nullable String season;

    @Option(
            names = "--answers",
            paramLabel = "first|last",
            description = "Which answer of a player counts; without it the first.")
    private @Nullable String answers;

    @Option(
            names = "--speed-points",
            paramLabel = "FLOOR:SECONDS",
            description = "Points fall to FLOOR over so many seconds.")
    private @Nullable String speed;

    @Option(
            names = "--streak",
            paramLabel = "BONUS:MAX",
            description = "More for each right answer in a row before, MAX at most.")
    private @Nullable String streak;

    @Option(
            names = "--delays",
            paramLabel = "lock|later:SECONDS",
            description = "Delays of viewers' streams that are believed, and what ends them.")
    private @Nullable String delays;

    /// The terms; null where they are plain.
    @Nullable Terms terms() {
        Terms terms = termsIn(null);
        return terms.equals(Terms.PLAIN) ? null : terms;
    }

    /// The terms, with this season where none is said.
    Terms termsIn(@Nullable String seasonDefault) {
        return new Terms(
                season == null ? seasonDefault : season,
                answers == null ? null : word("--answers", answers, Terms.Answers.values()),
                speed == null
                        ? null
                        : new Terms.Speed(
                                number("--speed-points", speed, 0),
                                milliseconds("--speed-points", speed)),
                streak == null
                        ? null
                        : new Terms.Streak(
                                number("--streak", streak, 0), number("--streak", streak, 1)),
                delays == null
                        ? null
                        : new Terms.Delays(
                                word(
                                        "--delays",
                                        part("--delays", delays, 0),
                                        Terms.Policy.values()),
                                milliseconds("--delays", delays)));
    }

    /// The constant that a word names.
    static <E extends Enum<E>> E word(String option, String text, E[] words) {
        for (E each : words) {
            if (lower(each).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "%s is '%s': must be one of %s"
                        .formatted(
                                option,
                                text,
                                Arrays.stream(words).map(TermsOptions::lower).toList()));
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static int milliseconds(String option, String text) {
        return (int) Math.min(Integer.MAX_VALUE, number(option, text, 1) * 1_000L);
    }

    private static int number(String option, String text, int index) {
        String part = part(option, text, index);
        try {
            int number = Integer.parseInt(part);
            if (number >= 0 && number <= NUMBER_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "%s is '%s': '%s' must be a number of 0 to %d"
                        .formatted(option, text, part, NUMBER_MAX));
    }

    private static String part(String option, String text, int index) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "%s is '%s': must be two parts with a colon between".formatted(option, text));
        }
        return parts[index];
    }
}
