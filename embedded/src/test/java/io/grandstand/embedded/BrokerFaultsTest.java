package io.grandstand.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerFaultsTest {
    @TempDir Path temp;

    @Test
    void aDiskThatFilledUpIsTheReason() {
        check(
                UsableSpace.BYTES_MIN - 1,
                "disk error",
                "its disk has 199 MB left; free some space and start again.");
    }

    @Test
    void kafkasOwnWordsAreTheReasonOtherwise() {
        check(UsableSpace.BYTES_MIN, "Out of luck.", "Out of luck.");
    }

    @Test
    void aFaultWithoutWordsPointsToTheLog() {
        check(
                UsableSpace.BYTES_MIN,
                "",
                "Kafka gave up with status 1 and says why in the log just above.");
    }

    private void check(long usable, String kafkaSays, String reason) {
        DataFolder folder = DataFolder.open(temp, _ -> UsableSpace.BYTES_MIN);
        try (folder;
                BrokerFaults faults = BrokerFaults.listen(folder, _ -> usable)) {
            assertThatThrownBy(() -> Exit.halt(1, kafkaSays));
            assertThatThrownBy(() -> Exit.exit(2, "a later one"));
            assertThat(faults.first())
                    .isCompletedWithValue(
                            "The Kafka broker on %s can go on no longer: %s"
                                    .formatted(temp, reason));
        }
    }
}
