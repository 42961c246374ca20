package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDecoderTest {
    private final JsonDecoder decoder = new JsonDecoder();

    @Test
    void aConnectCarriesItsToken() throws Exception {
        check(
                "{\"id\":1,\"connect\":{\"token\":\"abc\",\"name\":\"js\"}}",
                new Command(1, new Command.Connect("abc")));
    }

    @Test
    void aSubscribeCarriesItsPosition() throws Exception {
        check(
                "{\"id\":2,\"subscribe\":{\"channel\":\"result:42\",\"recover\":true,"
                        + "\"epoch\":\"k7Qd.3\",\"offset\":9007199254740991,\"flag\":3}}",
                new Command(
                        2,
                        new Command.Subscribe("result:42", true, "k7Qd.3", 9007199254740991L, 3)));
    }

    @Test
    void theEmptyCommandIsAPong() throws Exception {
        assertThat(decode("{}")).singleElement().matches(Command::isPong);
    }

    @Test
    void severalCommandsShareAFrameOneALine() throws Exception {
        String frame =
                """
                {"id":1,"connect":{}}
                {"id":2,"unsubscribe":{"channel":"a"}}
                """;
        assertThat(decode(frame))
                .containsExactly(
                        new Command(1, new Command.Connect("")),
                        new Command(2, new Command.Unsubscribe("a")));
    }

    @Test
    void publishedDataIsTakenByteForByte() throws Exception {
        for (String data :
                List.of("{\"a\":[1,2.50,\"ü\\n\"]}", "[]", "\"text\"", "12", "-1.5e3", "true")) {
            assertThat(published("{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":%s}}", data))
                    .isEqualTo(data);
            assertThat(published("{\"publish\":{\"data\":%s ,\"channel\":\"c\"},\"id\":1}", data))
                    .isEqualTo(data);
        }
    }

    @Test
    void lineBreaksInsidePublishedDataAreDropped() throws Exception {
        assertThat(
                        published(
                                "{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":%s}}",
                                "{\n\"a\":\r\n1}"))
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void unknownFieldsAreIgnored() throws Exception {
        check(
                "{\"id\":3,\"novel\":{\"x\":[1,{}]},\"unsubscribe\":{\"channel\":\"a\",\"y\":{}}}",
                new Command(3, new Command.Unsubscribe("a")));
    }

    @Test
    void ofSeveralRequestsTheFirstInTheProtocolsOrderCounts() throws Exception {
        check(
                "{\"id\":3,\"publish\":{\"channel\":\"a\",\"data\":1},\"subscribe\":{\"channel\":\"b\"}}",
                new Command(3, new Command.Subscribe("b", false, "", 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "[]",
                "1",
                "null",
                "{",
                "{\"id\":-1}",
                "{\"id\":\"1\"}",
                "{\"id\":1.5}",
                "{\"id\":99999999999999999999}",
                "{\"id\":1,\"connect\":[]}",
                "{\"id\":1,\"subscribe\":{\"channel\":7}}",
                "{\"id\":1,\"subscribe\":{\"channel\":\"a\",\"recover\":\"yes\"}}",
                "{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":}}",
                "{\"id\":1} trailing"
            })
    void whatIsNoCommandIsMalformed(String frame) {
        assertThatThrownBy(() -> decode(frame)).isInstanceOf(JsonDecoder.Malformed.class);
    }

    @Test
    void nestingWithoutEndIsMalformed() {
        String deep = "{\"id\":1,\"publish\":{\"channel\":\"a\",\"data\":" + "[".repeat(30_000);
        assertThatThrownBy(() -> decode(deep)).isInstanceOf(JsonDecoder.Malformed.class);
    }

    /// Whatever bytes arrive, the decoder answers with commands or with `Malformed`.
    @Property(tries = 2000)
    void anyBytesAreCommandsOrMalformed(@ForAll byte[] frame) {
        decodesOrRefuses(frame);
    }

    /// The same for frames that start out well and are then damaged.
    @Property(tries = 2000)
    void damagedFramesAreCommandsOrMalformed(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        byte[] frame =
                ("{\"id\":7,\"subscribe\":{\"channel\":\"result:42\",\"recover\":true,\"offset\":12}}\n"
                     + "{\"id\":8,\"publish\":{\"channel\":\"a:b\",\"data\":{\"x\":[1,\"é\"]}}}")
                        .getBytes(UTF_8);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
        }
        decodesOrRefuses(frame);
    }

    private void decodesOrRefuses(byte[] frame) {
        try {
            assertThat(decoder.decode(frame)).isNotEmpty();
        } catch (JsonDecoder.Malformed refused) {
            assertThat(refused).hasMessageMatching("[a-zA-Z][^{}]*");
        }
    }

    private String published(String template, String data) throws Exception {
        var publish = (Command.Publish) decode(template.formatted(data)).getFirst().request();
        assertThat(publish).isNotNull();
        assertThat(publish.channel()).isEqualTo("c");
        return new String(publish.data(), UTF_8);
    }

    private void check(String frame, Command expected) throws Exception {
        assertThat(decode(frame)).containsExactly(expected);
    }

    private List<Command> decode(String frame) throws JsonDecoder.Malformed {
        return decoder.decode(frame.getBytes(UTF_8));
    }
}
