package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmulationTest {
    @Test
    void jsonCarriesACommandFrameInAString() throws Exception {
        String body =
                "{\"session\":\"s\",\"node\":\"n\",\"data\":\"{\\\"id\\\":2,\\\"unsubscribe\\\":{\\\"channel\\\":\\\"é\\\"}}\\n{}\"}";
        Emulation emulation = Emulation.ofJson(body.getBytes(UTF_8));
        assertThat(emulation.session()).isEqualTo("s");
        assertThat(emulation.node()).isEqualTo("n");
        assertThat(Codec.JSON.commands(emulation.data()))
                .containsExactly(new Command(2, new Command.Unsubscribe("é")), Command.PONG);
    }

    @Test
    void protobufCarriesACommandFrameAsBytes() throws Exception {
        Emulation emulation =
                Emulation.ofProtobuf(HexFormat.of().parseHex("0a016e" + "120173" + "1a0100"));
        assertThat(emulation.session()).isEqualTo("s");
        assertThat(emulation.node()).isEqualTo("n");
        assertThat(Codec.PROTOBUF.commands(emulation.data())).containsExactly(Command.PONG);
    }

    @Test
    void whatIsLeftOutIsEmpty() throws Exception {
        assertThat(Shown.of(Emulation.ofJson("{}".getBytes(UTF_8))))
                .isEqualTo(Shown.of(Emulation.ofProtobuf(new byte[0])));
    }

    @Test
    void whatIsNoRequestIsMalformed() {
        for (String body :
                List.of("", "null", "[]", "{}{}", "{\"data\":{}}", "{\"data\":\"\\ud800\"}")) {
            assertThatThrownBy(() -> Emulation.ofJson(body.getBytes(UTF_8)))
                    .isInstanceOf(Codec.Malformed.class);
        }
        for (String body : List.of("0a", "0a01", "0801", "1a02ff")) {
            assertThatThrownBy(() -> Emulation.ofProtobuf(HexFormat.of().parseHex(body)))
                    .isInstanceOf(Codec.Malformed.class);
        }
    }
}
