package io.grandstand.quiz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running quiz: its topology on Kafka, exactly once.
///
/// The state folder also holds the process id that names its transactions. A process that was
/// killed and starts again on the same folder takes its unfinished transactions back at once; on
/// another folder, what is new would wait until they time out.
public final class QuizStreams implements AutoCloseable {
    /// Names the consumer group, the changelog topics and the folder below the state folder.
    public static final String APPLICATION_ID = "grandstand-quiz";

    /// A record is visible after half of this and some 6 ms at the median; measured, less than 10
    /// gains nothing.
    private static final int COMMIT_INTERVAL_MS = 20;

    /// Longer than a ruling takes over a million ballots in a partition, the longest step there is.
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;

    /// The least that brokers allow by default: how long a killed process keeps its partitions.
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private static final int HEARTBEAT_INTERVAL_MS = 1_500;

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(QuizStreams.class);

    private final KafkaStreams streams;
    private final CountDownLatch settled = new CountDownLatch(1);

    /// Prepares the quiz; nothing is read before `start`.
    ///
    /// @param kafkaClientConfig how clients reach the cluster: at least `bootstrap.servers`
    /// @param stateDir where state stores live; they are rebuilt from Kafka where it is empty
    /// @param threads stream threads; more than the input topics have partitions stay idle
    public QuizStreams(Map<String, Object> kafkaClientConfig, Path stateDir, int threads) {
        var properties = new Properties();
        properties.putAll(config(kafkaClientConfig, stateDir, threads));
        streams = new KafkaStreams(QuizTopology.build(), properties);
        streams.setUncaughtExceptionHandler(QuizStreams::onFailure);
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

    /// Waits until the quiz runs for the first time, or can run no more; false where it does not
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
                    "The quiz did not close within {}; what it had open is aborted.",
                    CLOSE_DEADLINE);
        }
    }

    static Map<String, Object> config(
            Map<String, Object> kafkaClientConfig, Path stateDir, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "threads is %d: must be 1 or more".formatted(threads));
        }
        var config = new HashMap<>(kafkaClientConfig);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
        // A thread commits between polls: one that waited longer for input would commit later.
        config.put(StreamsConfig.POLL_MS_CONFIG, COMMIT_INTERVAL_MS);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
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
    /// else would fail again: the quiz stops, and says so.
    static StreamThreadExceptionResponse onFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException) {
                LOG.warn(
                        "A thread of the quiz failed and is replaced: {}",
                        cause.toString(),
                        failure);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
        }
        LOG.error("The quiz stops: {}", failure.toString(), failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private void onState(State now) {
        LOG.info("The quiz is {}.", now);
        switch (now) {
            case RUNNING, PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR ->
                    settled.countDown();
            case CREATED, REBALANCING -> {}
        }
    }
}
