package io.grandstand.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running service: its topology on Kafka, exactly once.
///
/// The state folder also holds the process id that names its transactions. A process that was
/// killed and starts again on the same folder takes its unfinished transactions back at once; on
/// another folder, what is new would wait until they time out.
public final class StreamsService implements AutoCloseable {
    /// A record is visible after half of this and some 6 ms at the median; measured, less than 10
    /// gains nothing.
    private static final int COMMIT_INTERVAL_MS = 20;

    /// Longer than a ruling takes over a million ballots in a partition, the longest step there is.
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;

    /// The least that brokers allow by default: how long a killed process keeps its partitions.
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private static final int HEARTBEAT_INTERVAL_MS = 1_500;

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);

    private final String name;
    private final Consumer<String> onFailure;
    private final KafkaStreams streams;
    private final CountDownLatch settled = new CountDownLatch(1);

    /// Prepares a service; nothing is read before `start`.
    ///
    /// @param name names the consumer group, the changelog topics and the folder below the state
    ///   folder
    /// @param kafkaClientConfig how clients reach the cluster: at least `bootstrap.servers`
    /// @param stateDir where state stores live; they are rebuilt from Kafka where it is empty
    /// @param threads stream threads; more than the input topics have partitions stay idle
    /// @param onFailure told one sentence when the service can go on no longer
    public StreamsService(
            String name,
            Topology topology,
            Map<String, Object> kafkaClientConfig,
            Path stateDir,
            int threads,
            Consumer<String> onFailure) {
        this.name = name;
        this.onFailure = onFailure;
        var properties = new Properties();
        properties.putAll(config(name, kafkaClientConfig, stateDir, threads));
        streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(this::onException);
        streams.setStateListener((now, before) -> onState(now));
    }

    /// Starts reading. The input and output topics must exist.
    public void start() {
        streams.start();
    }

    /// Where Kafka Streams stands.
    public State state() {
        return streams.state();
    }

    /// Whether all partitions that fall to this process are being worked on.
    public boolean isRunning() {
        return streams.state() == State.RUNNING;
    }

    /// Waits until the service runs for the first time, or can run no more; false where it does not
    /// run.
    public boolean awaitRunning(Duration atMost) throws InterruptedException {
        boolean inTime = settled.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return inTime && streams.state().isRunningOrRebalancing();
    }

    /// Commits and leaves the group, so that whoever takes over, also this process started again,
    /// need not wait for the session to time out.
    @Override
    public void close() {
        boolean inTime =
                streams.close(
                        CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                                .withTimeout(CLOSE_DEADLINE));
        if (!inTime) {
            LOG.warn(
                    "{} did not close within {}; what it had open is aborted.",
                    name,
                    CLOSE_DEADLINE);
        }
    }

    /// What a service runs with; the test driver of a topology takes it too.
    public static Map<String, Object> config(
            String name, Map<String, Object> kafkaClientConfig, Path stateDir, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "threads is %d: must be 1 or more".formatted(threads));
        }
        var config = new HashMap<>(kafkaClientConfig);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
        // A thread commits between polls: one that waited longer for input would commit later.
        config.put(StreamsConfig.POLL_MS_CONFIG, COMMIT_INTERVAL_MS);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        // There are no global stores, but Kafka Streams warns at each start until this is decided;
        // its constant is deprecated from birth.
        config.put("processing.exception.handler.global.enabled", true);
        config.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                SESSION_TIMEOUT_MS);
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                HEARTBEAT_INTERVAL_MS);
        config.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 1);
        // Brokers turn a transaction away while they still complete the one before it, which with
        // commits this frequent is common and lasts for milliseconds.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 10);
        config.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                TRANSACTION_TIMEOUT_MS);
        return config;
    }

    /// What Kafka itself calls retriable is tried again by a new thread, from the last commit. All
    /// else would fail again: the service stops, and says so.
    private StreamThreadExceptionResponse onException(Throwable failure) {
        if (isRetriable(failure)) {
            LOG.warn(
                    "A thread of {} failed and is replaced: {}", name, failure.toString(), failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("{} stops: {}", name, failure.toString(), failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    static boolean isRetriable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }

    private void onState(State now) {
        LOG.info("{} is {}", name, now);
        switch (now) {
            case RUNNING, PENDING_SHUTDOWN, NOT_RUNNING -> settled.countDown();
            case PENDING_ERROR -> {
                settled.countDown();
                onFailure.accept(name + " has stopped; the log says why.");
            }
            case ERROR, CREATED, REBALANCING -> {}
        }
    }
}
