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
    void noErrorHasCodeZeroWhichSomeClientsTakeForSuccess() {
        assertThat(ErrorCode.values()).allMatch(error -> error.code() >= 100);
    }

    @Test
    void noTwoErrorsShareACode() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
    }
}
