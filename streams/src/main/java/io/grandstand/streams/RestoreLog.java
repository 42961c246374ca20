package io.grandstand.streams;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells how the rebuilding of stores goes on: in the log and to a listener, at most once a second
/// for each store and partition. What takes less than a second is told to the listener alone.
/// Called by several threads of Kafka Streams.
final class RestoreLog implements StateRestoreListener {
    private static final long INTERVAL_MS = Duration.ofSeconds(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(RestoreLog.class);

    private final String name;
    private final InstantSource clock;
    private final Consumer<RestoreProgress> listener;
    private final Map<TopicPartition, Restore> restores = new ConcurrentHashMap<>();

    private record Restore(String store, long total, long done, long toldAt) {}

    RestoreLog(String name, InstantSource clock, Consumer<RestoreProgress> listener) {
        this.name = name;
        this.clock = clock;
        this.listener = listener;
    }

    /// What is being rebuilt now.
    List<RestoreProgress> open() {
        return restores.entrySet().stream()
                .map(restore ->
                        new RestoreProgress(
                                restore.getValue().store(),
                                restore.getKey().partition(),
                                restore.getValue().done(),
                                restore.getValue().total(),
                                false))
                .toList();
    }

    @Override
    public void onRestoreStart(
            TopicPartition changelog, String store, long startingOffset, long endingOffset) {
        long total = endingOffset - startingOffset;
        restores.put(changelog, new Restore(store, total, 0, clock.millis()));
        listener.accept(new RestoreProgress(store, changelog.partition(), 0, total, false));
    }

    @Override
    public void onBatchRestored(
            TopicPartition changelog, String store, long batchEndOffset, long records) {
        Restore before = restores.get(changelog);
        if (before == null) {
            return;
        }
        long now = clock.millis();
        long done = before.done() + records;
        boolean isDue = now - before.toldAt() >= INTERVAL_MS;
        restores.put(
                changelog, new Restore(store, before.total(), done, isDue ? now : before.toldAt()));
        if (isDue) {
            LOG.info(
                    "{} restores {} partition {}: {} of {} records",
                    name,
                    store,
                    changelog.partition(),
                    done,
                    before.total());
            listener.accept(
                    new RestoreProgress(store, changelog.partition(), done, before.total(), false));
        }
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long totalRestored) {
        Restore before = restores.remove(changelog);
        long total = before == null ? totalRestored : before.total();
        LOG.debug(
                "{} restored {} partition {}: {} records",
                name,
                store,
                changelog.partition(),
                totalRestored);
        listener.accept(
                new RestoreProgress(store, changelog.partition(), totalRestored, total, true));
    }

    /// A partition that moved elsewhere in the middle is not told as ended.
    @Override
    public void onRestoreSuspended(TopicPartition changelog, String store, long totalRestored) {
        restores.remove(changelog);
    }
}
