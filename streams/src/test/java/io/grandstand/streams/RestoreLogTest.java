package io.grandstand.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreLogTest {
    private static final TopicPartition CHANGELOG = new TopicPartition("a-scores-changelog", 3);

    private final List<RestoreProgress> told = new ArrayList<>();
    private Instant now = Instant.ofEpochSecond(1_000);
    private final RestoreLog log = new RestoreLog("a", () -> now, told::add);

    @Test
    void tellsTheBeginningTheEndAndOnceASecondWhatIsBetween() {
        log.onRestoreStart(CHANGELOG, "scores", 100, 1_100);
        pass(999);
        log.onBatchRestored(CHANGELOG, "scores", 299, 200);
        pass(1);
        log.onBatchRestored(CHANGELOG, "scores", 499, 200);
        pass(500);
        log.onBatchRestored(CHANGELOG, "scores", 699, 200);
        pass(500);
        log.onBatchRestored(CHANGELOG, "scores", 899, 200);
        log.onRestoreEnd(CHANGELOG, "scores", 1_000);
        assertThat(told)
                .containsExactly(
                        progress(0, false),
                        progress(400, false),
                        progress(800, false),
                        progress(1_000, true));
    }

    @Test
    void aRestoreThatMovedElsewhereIsNotToldAsEnded() {
        log.onRestoreStart(CHANGELOG, "scores", 0, 1_000);
        log.onRestoreSuspended(CHANGELOG, "scores", 10);
        log.onBatchRestored(CHANGELOG, "scores", 299, 200);
        assertThat(told).containsExactly(progress(0, false));
    }

    private void pass(long ms) {
        now = now.plusMillis(ms);
    }

    private static RestoreProgress progress(long done, boolean ended) {
        return new RestoreProgress("scores", 3, done, 1_000, ended);
    }
}
