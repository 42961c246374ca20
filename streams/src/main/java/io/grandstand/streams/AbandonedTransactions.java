package io.grandstand.streams;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the open transactions of processes that were killed.
///
/// Such a transaction hides all that was committed after it in the partitions it wrote, and keeps
/// the dead process's input positions unknown, until its timeout and the broker's next look at
/// timeouts: half a minute in which nobody can take over. What is open and belongs to no member of
/// the service's consumer group is ended here instead, as soon as the group has changed.
///
/// Fencing a process that is alive after all is safe: it left the group, so others have its
/// partitions, and Kafka Streams lets it begin again from their last commit.
///
/// Names, as Kafka Streams makes them: a member's client id is
/// `<application>-<process>-StreamThread-<n>-consumer`, a transactional id is
/// `<application>-<process>-<n>`. Work is done on one thread of its own.
final class AbandonedTransactions implements AutoCloseable {
    /// Between two looks while partitions move.
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private static final int TIMEOUT_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedTransactions.class);

    private final String application;
    private final Map<String, Object> kafka;
    private final BooleanSupplier isMoving;
    private final ExecutorService thread;
    private boolean isTold;

    /// @param isMoving whether the service has not got all its partitions yet
    AbandonedTransactions(
            String application, Map<String, Object> kafkaClientConfig, BooleanSupplier isMoving) {
        this.application = application;
        this.isMoving = isMoving;
        kafka = new HashMap<>(kafkaClientConfig);
        kafka.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        kafka.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name(application + "-transactions").daemon().factory());
    }

    /// The group has changed: looks now, again while partitions move, and once afterwards.
    void groupChanged() {
        try {
            thread.execute(this::sweep);
        } catch (RejectedExecutionException closed) {
            LOG.debug("{} is closed; other instances end what is open", application);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void sweep() {
        try (Admin admin = Admin.create(kafka)) {
            boolean wasMoving;
            do {
                wasMoving = isMoving.getAsBoolean();
                endAll(admin);
                if (wasMoving) {
                    Thread.sleep(INTERVAL);
                }
            } while (wasMoving);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | KafkaException e) {
            if (!isTold && !thread.isShutdown()) {
                isTold = true;
                LOG.warn(
                        "{} cannot end transactions of killed processes, which then end by their"
                                + " timeout",
                        application,
                        e);
            }
        }
    }

    private void endAll(Admin admin) throws ExecutionException, InterruptedException {
        // First what is open, then who is there: whoever comes in between is not taken for dead.
        List<String> open =
                admin
                        .listTransactions(
                                new ListTransactionsOptions()
                                        .filterStates(Set.of(TransactionState.ONGOING)))
                        .all()
                        .get()
                        .stream()
                        .map(TransactionListing::transactionalId)
                        .toList();
        if (open.isEmpty()) {
            return;
        }
        Set<String> members =
                admin.describeConsumerGroups(List.of(application)).all().get().values().stream()
                        .flatMap(group -> group.members().stream())
                        .map(MemberDescription::clientId)
                        .collect(Collectors.toUnmodifiableSet());
        List<String> abandoned = abandoned(application, open, members);
        if (!abandoned.isEmpty()) {
            LOG.info("{} ends transactions of processes that are gone: {}", application, abandoned);
            admin.fenceProducers(abandoned).all().get();
        }
    }

    /// The transactions of this application whose process has no member in the group. None where
    /// the group is empty: then it is not known who is alive.
    static List<String> abandoned(String application, List<String> open, Set<String> clientIds) {
        if (clientIds.isEmpty()) {
            return List.of();
        }
        // A process is named by a UUID; another application's name may begin with this one's.
        Pattern ours =
                Pattern.compile("(%s-[0-9a-f-]{36})-\\d+".formatted(Pattern.quote(application)));
        return open.stream()
                .filter(id -> {
                    Matcher parts = ours.matcher(id);
                    return parts.matches()
                            && clientIds.stream()
                                    .noneMatch(each -> each.startsWith(parts.group(1) + "-"));
                })
                .toList();
    }
}
