package io.grandstand.bots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.grandstand.bots.BotChoice.Decision;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BotChoiceTest {
    private static final Map<String, Double> WEIGHTS =
            Map.of("dot", 0.4, "one", 0.35, "four", 0.15, "six", 0.05, "wicket", 0.05);
    private static final BotChoice CHOICE = new BotChoice(7, 1, WEIGHTS);
    private static final int BOTS = 500;
    private static final int QUESTIONS = 100;

    @Test
    void theSameBotDecidesTheSameAboutTheSameQuestion() {
        Question open = Questions.ball("q1");
        Question locked =
                Questions.of("m1", "q1", State.LOCKED, open.opensAt(), open.locksAt(), null);
        for (int bot = 0; bot < BOTS; bot++) {
            Optional<Decision> decision = CHOICE.decide(bot, open);
            assertThat(new BotChoice(7, 1, WEIGHTS).decide(bot, locked)).isEqualTo(decision);
        }
    }

    @Test
    void otherSeedsBotsQuestionsAndMatchesDecideOtherwise() {
        List<Optional<Decision>> decisions = decisions(CHOICE, "q1");
        assertThat(decisions).isNotEqualTo(decisions(new BotChoice(8, 1, WEIGHTS), "q1"));
        assertThat(decisions).isNotEqualTo(decisions(CHOICE, "q2"));
        assertThat(decisions.stream().flatMap(Optional::stream).distinct().count())
                .isGreaterThan(BOTS / 2);
        Question elsewhere =
                Questions.of(
                        "m2",
                        "q1",
                        State.OPEN,
                        Questions.OPENS_AT,
                        Questions.OPENS_AT + Questions.WINDOW_MS,
                        null);
        assertThat(IntStream.range(0, BOTS).mapToObj(bot -> CHOICE.decide(bot, elsewhere)).toList())
                .isNotEqualTo(decisions);
    }

    /// Choices are part of recorded runs, so that they never change unnoticed.
    @Test
    void aChoiceIsTheSameEverywhereAndForEver() {
        assertThat(IntStream.range(0, 4).mapToObj(bot -> CHOICE.decide(bot, Questions.ball("q1"))))
                .containsExactly(
                        Optional.of(new Decision(Duration.ofMillis(3444), "one")),
                        Optional.of(new Decision(Duration.ofMillis(4324), "four")),
                        Optional.empty(),
                        Optional.of(new Decision(Duration.ofMillis(6934), "one")));
    }

    @Test
    void optionsArePickedAsOftenAsTheyHappen() {
        List<Decision> all = all(CHOICE);
        Map<String, Long> picked =
                all.stream()
                        .collect(Collectors.groupingBy(Decision::option, Collectors.counting()));
        WEIGHTS.forEach((option, weight) ->
                assertThat(picked.getOrDefault(option, 0L) / (double) all.size())
                        .as(option)
                        .isCloseTo(weight, within(0.01)));
    }

    @Test
    void whereFrequenciesAreUnknownOptionsArePickedEvenly() {
        List<Decision> all = all(new BotChoice(7, 1, Map.of("dot", 1.0)));
        all.stream()
                .collect(Collectors.groupingBy(Decision::option, Collectors.counting()))
                .forEach((option, count) ->
                        assertThat(count / (double) all.size())
                                .as(option)
                                .isCloseTo(0.2, within(0.01)));
    }

    @Test
    void botsThinkForAboutThreeSeconds() {
        List<Long> delays = all(CHOICE).stream().map(d -> d.delay().toMillis()).sorted().toList();
        assertThat(delays.get(delays.size() / 2)).isBetween(2900L, 3100L);
        assertThat(delays.getFirst()).isGreaterThanOrEqualTo(400);
        assertThat(delays.get(delays.size() / 10)).isLessThan(2000);
        assertThat(delays.get(delays.size() * 9 / 10)).isGreaterThan(5000);
    }

    @Test
    void fasterBotsThinkShorter() {
        List<Long> delays =
                all(new BotChoice(7, 10, WEIGHTS)).stream()
                        .map(d -> d.delay().toMillis())
                        .sorted()
                        .toList();
        assertThat(delays.get(delays.size() / 2)).isBetween(290L, 310L);
    }

    @Test
    void aFewBotsAreLateHalfOfTheTime() {
        Predicate<Decision> late = d -> d.delay().toMillis() > Questions.WINDOW_MS;
        int slowBots = 0;
        for (int bot = 0; bot < BOTS; bot++) {
            List<Decision> decisions = of(CHOICE, bot);
            long lateOnes = decisions.stream().filter(late).count();
            if (lateOnes > 0) {
                slowBots++;
                assertThat(lateOnes / (double) decisions.size()).isBetween(0.3, 0.7);
            }
        }
        assertThat(slowBots / (double) BOTS).isBetween(0.01, 0.05);
    }

    @Test
    void aBotTakesPartInMostQuestions() {
        List<Double> rates =
                IntStream.range(0, BOTS)
                        .mapToObj(bot -> of(CHOICE, bot).size() / (double) QUESTIONS)
                        .sorted()
                        .toList();
        assertThat(rates.getFirst()).isGreaterThan(0.45);
        assertThat(rates.get(BOTS / 2)).isBetween(0.74, 0.84);
        assertThat(rates.getLast()).isGreaterThan(0.95);
    }

    @Property
    void whoIsNotLateIsWellInTime(
            @ForAll long seed,
            @ForAll @IntRange(max = 100_000) int bot,
            @ForAll @IntRange(min = 1, max = 60_000) int windowMs,
            @ForAll @DoubleRange(min = 0.1, max = 1000) double speed) {
        Question question = Questions.of("m", "q", State.OPEN, 1, 1 + windowMs, null);
        new BotChoice(seed, speed, WEIGHTS)
                .decide(bot, question)
                .map(Decision::delay)
                .filter(delay -> delay.compareTo(Duration.ofMillis(windowMs)) < 0)
                .ifPresent(delay ->
                        assertThat(delay)
                                .isBetween(
                                        Duration.ZERO,
                                        Duration.ofMillis((long) Math.ceil(windowMs * 0.9))));
    }

    @Test
    void aSpeedOrWeightThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new BotChoice(1, 0, Map.of()))
                .hasMessage("speed is 0.0: must be more than zero");
        assertThatThrownBy(() -> new BotChoice(1, 1, Map.of("dot", -1.0)))
                .hasMessage("weight of dot is -1.0: must not be negative");
    }

    private static List<Optional<Decision>> decisions(BotChoice choice, String question) {
        return IntStream.range(0, BOTS)
                .mapToObj(bot -> choice.decide(bot, Questions.ball(question)))
                .toList();
    }

    private static List<Decision> of(BotChoice choice, int bot) {
        return IntStream.range(0, QUESTIONS)
                .mapToObj(question -> choice.decide(bot, Questions.ball("q" + question)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<Decision> all(BotChoice choice) {
        var all = new ArrayList<Decision>();
        for (int bot = 0; bot < BOTS; bot++) {
            all.addAll(of(choice, bot));
        }
        return all;
    }
}
