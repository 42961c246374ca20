package io.grandstand.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.protocol.Codes.DisconnectCode;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Codes.UnsubscribeCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CodesTest {
    /// A client takes an empty reason for none, and one that is JSON for its own code.
    @Test
    void everyReasonIsPlainWords() {
        for (DisconnectCode code : DisconnectCode.values()) {
            assertThat(code.reason()).matches("[a-z][a-z ]+").hasSizeLessThan(123);
        }
        for (UnsubscribeCode code : UnsubscribeCode.values()) {
            assertThat(code.reason()).matches("[a-z][a-z ]+");
        }
    }

    @Test
    void everyErrorOfTheProtocolIsThere() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code))
                .containsExactly(
                        100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113);
        assertThat(Arrays.stream(ErrorCode.values()).filter(ErrorCode::temporary))
                .containsExactly(
                        ErrorCode.INTERNAL,
                        ErrorCode.TOO_MANY_REQUESTS,
                        ErrorCode.CONCURRENT_PAGINATION);
    }

    @Test
    void everyUnsubscribeCodeOfTheProtocolIsThere() {
        assertThat(Arrays.stream(UnsubscribeCode.values()).map(UnsubscribeCode::code))
                .containsExactly(2000, 2500, 2501, 2502);
    }

    @Test
    void everyDisconnectCodeOfTheProtocolIsThere() {
        assertThat(Arrays.stream(DisconnectCode.values()).map(DisconnectCode::code))
                .containsExactly(
                        3000, 3001, 3004, 3005, 3006, 3008, 3009, 3010, 3011, 3012, 3013, 3014,
                        3500, 3501, 3502, 3503, 3504, 3505, 3506, 3507, 3508, 3509);
    }
}
