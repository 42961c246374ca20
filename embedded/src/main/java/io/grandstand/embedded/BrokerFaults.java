package io.grandstand.embedded;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens when Kafka can go on no longer: by itself it would end the process without a word.
/// Here it says one sentence, and leaves the rest to the process's owner.
///
/// Kafka has one such exit for the whole process. Where several brokers run in one, the one started
/// last hears of everybody's faults.
final class BrokerFaults implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerFaults.class);

    private final DataFolder folder;
    private final UsableSpace space;
    private final CompletableFuture<String> first = new CompletableFuture<>();

    private BrokerFaults(DataFolder folder, UsableSpace space) {
        this.folder = folder;
        this.space = space;
    }

    /// Takes the place of Kafka's exits, until closed.
    static BrokerFaults listen(DataFolder folder, UsableSpace space) {
        var faults = new BrokerFaults(folder, space);
        Exit.setExitProcedure(faults::fatal);
        Exit.setHaltProcedure(faults::fatal);
        return faults;
    }

    /// The first fault, in one sentence.
    CompletableFuture<String> first() {
        return first;
    }

    /// From here on Kafka's exits throw, so none of them ends the process.
    @Override
    public void close() {
        Exit.resetExitProcedure();
        Exit.resetHaltProcedure();
    }

    private void fatal(int status, @Nullable String message) {
        if (!first.isDone()) {
            String sentence =
                    "The Kafka broker on %s can go on no longer: %s."
                            .formatted(folder.path(), reason(status, message));
            if (first.complete(sentence)) {
                LOG.error(sentence);
            }
        }
        // Kafka's code behind an exit expects never to run.
        throw new Halted();
    }

    private String reason(int status, @Nullable String message) {
        if (!folder.isThere()) {
            return "its data is gone or cannot be read";
        }
        try {
            long usable = space.bytes(folder.path());
            if (usable < UsableSpace.BYTES_MIN) {
                return "its disk has %d MB left; free some space and start again"
                        .formatted(usable >> 20);
            }
        } catch (IOException e) {
            return "its disk cannot be read (%s)".formatted(e.getMessage());
        }
        return message == null || message.isBlank()
                ? "Kafka gave up with status %d and says why in the log just above"
                        .formatted(status)
                : message.strip().replaceAll("\\.$", "");
    }

    /// Ends the thread that met the fault.
    private static final class Halted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Halted() {
            super("the broker can go on no longer", null, false, false);
        }
    }
}
