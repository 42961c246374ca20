package io.grandstand.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What anybody may write to an input topic is a valid record or refused with a reason.
class JsonTest {
    @Test
    void unknownFieldsAreIgnored() {
        assertThat(read("{\"match\":\"m\",\"question\":\"q\",\"option\":\"o\",\"new\":[1]}"))
                .isEqualTo(new Answer("m", "q", "o"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                              | not JSON",
                "null                                           | null",
                "[]                                             | Cannot deserialize",
                "{\"match\":\"m\",\"question\":\"q\"}           | option is missing",
                "{\"match\":\"m\",\"question\":\"q\",\"option\":7} | option",
                "{\"match\":\"\",\"question\":\"q\",\"option\":\"o\"} | match is '': must be 1 to"
                        + " 64",
                "{\"match\":\"a b\",\"question\":\"q\",\"option\":\"o\"} | match is 'a b'",
                "{\"match\":\"m\",\"question\":\"q\",\"option\":\"o\"} {} | no valid Answer",
            })
    void whatIsNoAnswerIsRefusedWithTheReason(String json, String reason) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void anIdThatIsTooLongIsRefused() {
        assertThatThrownBy(() ->
                        read(
                                "{\"match\":\"%s\",\"question\":\"q\",\"option\":\"o\"}"
                                        .formatted("m".repeat(65))))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("must be 1 to 64 characters");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertThatThrownBy(() -> read("{\"x\":" + "[".repeat(100_000)))
                .isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void aQuestionThatTellsItsAnswerTooEarlyCannotBeMade() {
        String json =
                """
                {"id":"q","match":"m","version":1,"state":"open","prompt":"?",\
                "options":[{"id":"a","label":"A"},{"id":"b","label":"B"}],\
                "points":10,"opensAt":1,"locksAt":2,"answer":"a"}\
                """;
        assertThatThrownBy(() -> Json.read(json.getBytes(UTF_8), Question.class))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("answer is present in state OPEN");
    }

    @Property
    void anyBytesAreAnAnswerOrRefused(@ForAll byte[] bytes) {
        try {
            assertThat(Json.read(bytes, Answer.class)).isNotNull();
        } catch (InvalidRecordException refused) {
            assertThat(refused).hasMessageStartingWith("no valid Answer");
        }
    }

    private static Answer read(String json) {
        return Json.read(json.getBytes(UTF_8), Answer.class);
    }
}
