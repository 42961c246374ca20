package io.grandstand.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.QuestionCommand.Ask;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TermsTest {
    @Test
    void pointsFallInProportionDownToTheFloor() {
        var speed = new Terms.Speed(2, 8_000);
        assertThat(speed.earns(10, 0)).isEqualTo(10);
        assertThat(speed.earns(10, 1)).isEqualTo(10);
        assertThat(speed.earns(10, 4_000)).isEqualTo(6);
        assertThat(speed.earns(10, 7_999)).isEqualTo(3);
        assertThat(speed.earns(10, 8_000)).isEqualTo(2);
        assertThat(speed.earns(10, 600_000)).isEqualTo(2);
    }

    @Property
    void whoIsFasterNeverEarnsLess(
            @ForAll @IntRange(min = 1, max = 1_000_000) int points,
            @ForAll @IntRange(min = 0, max = 1_000_000) int floor,
            @ForAll @IntRange(min = 1, max = 3_600_000) int overMs,
            @ForAll @LongRange(min = 0, max = 4_000_000) long answerMs) {
        var speed = new Terms.Speed(Math.min(floor, points), overMs);
        assertThat(speed.earns(points, answerMs))
                .isBetween(Math.min(floor, points), points)
                .isGreaterThanOrEqualTo(speed.earns(points, answerMs + 1));
    }

    @Test
    void aStreakEarnsFromItsSecondRightAnswerUpToItsMost() {
        var streak = new Terms.Streak(2, 5);
        assertThat(List.of(0, 1, 2, 3, 4, 1_000_000_000))
                .extracting(streak::earns)
                .containsExactly(0, 0, 2, 4, 5, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'speed':{'floor':11,'overMs':1000}} | speed.floor is 11: must be 0 to 10",
                "{'speed':{'floor':0,'overMs':0}}     | speed.overMs is 0: must be 1 to 3600000",
                "{'streak':{'bonus':0,'max':5}}       | streak.bonus is 0: must be 1 to 1000000",
                "{'streak':{'bonus':6,'max':5}}       | streak.max is 5: must be 6 to 1000000",
                "{'delays':{'capMs':5000}}            | delays.policy is missing",
                "{'delays':{'policy':'lock','capMs':120001}} | delays.capMs is 120001: must be 1"
                        + " to 120000",
                "{'season':'a b'}                     | season is 'a b'",
                "{'answers':'best'}                   | terms.answers",
            })
    void termsThatMakeNoSenseAreRefusedWithTheReason(String terms, String reason) {
        String json =
                """
                {"kind":"ask","match":"m","question":"q","prompt":"?",\
                "options":[{"id":"a","label":"A"},{"id":"b","label":"B"}],\
                "points":10,"opensAt":1,"locksAt":2,"terms":%s}\
                """
                        .formatted(terms.replace('\'', '"'));
        assertThatThrownBy(() -> Json.read(json.getBytes(UTF_8), Ask.class))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aDelayIsHowFarAPlayerIsBehindTheSource() {
        var clock = new MediaClock("m", 60_000, 1_000_000);
        assertThat(clock.mediaAt(1_007_000)).isEqualTo(67_000);
        assertThat(clock.delayMs(62_000, 1_007_000)).isEqualTo(5_000);
        assertThat(clock.delayMs(68_000, 1_007_000)).isNegative();
    }

    @Test
    void anAnswerTimeIsInTheBucketOfTheFirstBoundThatHoldsIt() {
        assertThat(List.of(0L, 1_000L, 1_001L, 60_000L, 60_001L))
                .extracting(AnswerTimes::bucket)
                .containsExactly(0, 0, 1, 11, 12);
        assertThat(List.of(-5L, 0L, 1L, 5_000L, 60_000L, 60_001L))
                .extracting(delay -> Json.write(AnswerTimes.DelayClass.of(delay)))
                .extracting(json -> new String(json, UTF_8))
                .containsExactly(
                        "\"none\"",
                        "\"none\"",
                        "\"to-5s\"",
                        "\"to-5s\"",
                        "\"to-60s\"",
                        "\"over-60s\"");
    }
}
