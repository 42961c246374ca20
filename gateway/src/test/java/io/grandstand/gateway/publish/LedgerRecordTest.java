package io.grandstand.gateway.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.publish.LedgerRecord.Abandoned;
import io.grandstand.gateway.publish.LedgerRecord.Claim;
import io.grandstand.gateway.publish.LedgerRecord.Done;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LedgerRecordTest {
    private static final AttemptId ATTEMPT = new AttemptId(new UUID(1, 2), 3);
    private static final byte[] PLAYER = "asha".getBytes(UTF_8);

    @Property
    void whatIsReadIsWhatWasWritten(
            @ForAll @AlphaChars String player,
            @ForAll @StringLength(max = PublishLedger.ID_CHARS_MAX) String id,
            @ForAll long number,
            @ForAll @IntRange int partition,
            @ForAll long at)
            throws IOException {
        var attempt = new AttemptId(new UUID(number, at), number);
        for (LedgerRecord written :
                List.of(
                        new Claim(player, id, attempt, "answer", partition, at),
                        new Done(player, id, attempt, partition, at),
                        new Abandoned(player, id, attempt))) {
            assertThat(LedgerRecord.decode(written.encodeKey(), written.encodeValue()))
                    .isEqualTo(written);
        }
    }

    @Test
    void whatALaterVersionAddsIsIgnored() throws IOException {
        var done = new Done("asha", "1", ATTEMPT, 4, 5);
        byte[] value = done.encodeValue();
        assertThat(LedgerRecord.decode(PLAYER, Arrays.copyOf(value, value.length + 9)))
                .isEqualTo(done);
    }

    @Test
    void anythingElseIsAnErrorThatSaysWhy() {
        byte[] value = new Claim("asha", "1", ATTEMPT, "answer", 0, 9).encodeValue();
        for (int length = 0; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThatThrownBy(() -> LedgerRecord.decode(PLAYER, cut))
                    .isInstanceOf(IOException.class);
        }
        byte[] unknown = value.clone();
        unknown[0] = 'X';
        assertThatThrownBy(() -> LedgerRecord.decode(PLAYER, unknown))
                .isInstanceOf(IOException.class)
                .hasMessage("kind is 88: must be C, D or A");
        byte[] negative = new Done("asha", "1", ATTEMPT, -1, 5).encodeValue();
        assertThatThrownBy(() -> LedgerRecord.decode(PLAYER, negative))
                .hasMessage("partition is -1: must not be negative");
        assertThatThrownBy(() -> LedgerRecord.decode(null, value))
                .hasMessage("key or value is missing");
        assertThatThrownBy(() -> LedgerRecord.decode(PLAYER, null))
                .hasMessage("key or value is missing");
    }
}
