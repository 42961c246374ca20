package io.grandstand.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.streams.RestoreProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/// What the person at the keyboard sees while state is rebuilt.
class RestoreConsoleTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final RestoreConsole restores =
            new RestoreConsole(
                    new Console(new PrintStream(said, true, StandardCharsets.UTF_8), clock), clock);

    @Test
    void whatIsQuickIsToldInTheSummaryAlone() {
        restored("scores", 0, 0, 20, false);
        now = now.plusMillis(300);
        restored("scores", 0, 20, 20, true);
        assertThat(lines()).isEmpty();
        assertThat(restores.summary()).isEqualTo("20 records rebuilt from Kafka in 0.3 s");
    }

    @Test
    void whatTakesLongerIsToldOnceASecondOverAllStores() {
        restored("scores", 0, 0, 5_000, false);
        restored("names", 3, 0, 1_000, false);
        now = now.plusMillis(1_000);
        restored("scores", 0, 1_500, 5_000, false);
        restored("names", 3, 700, 1_000, false);
        now = now.plusMillis(1_500);
        restored("names", 3, 1_000, 1_000, true);
        restored("scores", 0, 5_000, 5_000, true);
        assertThat(lines())
                .isEqualTo(
                        """
                          State     1,500 of 6,000 records are rebuilt                           1.0 s
                          State     2,500 of 6,000 records are rebuilt                           2.5 s
                          State     6,000 of 6,000 records are rebuilt                           2.5 s
                        """);
        assertThat(restores.summary()).isEqualTo("6,000 records rebuilt from Kafka in 2.5 s");
    }

    @Test
    void stateThatIsThereIsNotRebuilt() {
        assertThat(restores.summary()).isEqualTo("nothing had to be rebuilt");
    }

    private void restored(String store, int partition, long done, long total, boolean ended) {
        restores.accept(new RestoreProgress(store, partition, done, total, ended));
    }

    private String lines() {
        return said.toString(StandardCharsets.UTF_8).replaceAll("\r\n", "\n");
    }
}
