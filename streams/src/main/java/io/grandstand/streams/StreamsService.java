package io.grandstand.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running service: its topology on Kafka, exactly once.
///
/// The state folder also holds the process id that names its transactions. A process that was
/// killed and starts again on the same folder takes its unfinished transactions back at once; those
/// of a process that does not come back are ended by the others once it is out of the group.
public final class StreamsService implements AutoCloseable {
    /// A record is visible after half of this and some 6 ms at the median; measured, less than 10
    /// gains nothing.
    private static final int COMMIT_INTERVAL_MS = 20;

    /// What is written is seen at the next commit, which sends all that is left: to linger less
    /// would only make more requests of it.
    private static final int LINGER_MS = 5;

    private static final int BATCH_BYTES = 128 << 10;

    /// Longer than any step takes: what concerns very many entries is done in several. A process
    /// that is gone for good leaves what it had open this long where `AbandonedTransactions` may
    /// not end it.
    private static final int TRANSACTION_TIMEOUT_MS = 30_000;

    /// The least that brokers allow by default: how long a killed process keeps its partitions.
    private static final int SESSION_TIMEOUT_MS = 6_000;

    private static final int HEARTBEAT_INTERVAL_MS = 1_500;

    /// How often a process that came with empty stores is asked whether they are filled by now, so
    /// that it can take its share; the least that Kafka Streams allows.
    private static final int PROBING_INTERVAL_MS = 60_000;

    private static final long HOT_STORES_BYTES = 8 << 20;

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);

    private final String name;
    private final Consumer<String> onFailure;
    private final KafkaStreams streams;
    private final RestoreLog restores;
    private final ServiceFigures figures;
    private final AbandonedTransactions abandoned;
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
        this(name, topology, kafkaClientConfig, stateDir, StreamsOptions.of(threads), onFailure);
    }

    /// Prepares a service with options; nothing is read before `start`.
    public StreamsService(
            String name,
            Topology topology,
            Map<String, Object> kafkaClientConfig,
            Path stateDir,
            StreamsOptions options,
            Consumer<String> onFailure) {
        this.name = name;
        this.onFailure = onFailure;
        var properties = new Properties();
        properties.putAll(config(name, kafkaClientConfig, stateDir, options));
        streams = new KafkaStreams(topology, properties);
        restores = new RestoreLog(name, InstantSource.system(), options.onRestore());
        figures = new ServiceFigures(name, topology, streams);
        abandoned = new AbandonedTransactions(name, kafkaClientConfig, () -> !isRunning());
        streams.setGlobalStateRestoreListener(restores);
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

    /// One partition's store for reading from any thread, where it lives in this process and is not
    /// being rebuilt. It is for the reads of one request: it does not follow a partition that is
    /// closed here and opened again.
    ///
    /// @throws InvalidStateStoreException where it does not or is; so do reads of a store that has
    ///   moved elsewhere since
    public <K, V> ReadOnlyKeyValueStore<K, V> store(String store, int partition) {
        return streams.store(
                StoreQueryParameters.fromNameAndType(store, new TaskStore<K, V>())
                        .withPartition(partition));
    }

    /// Which instance and partition have a key of a store, by the key of the store's input records;
    /// `KeyQueryMetadata.NOT_AVAILABLE` while partitions move.
    public KeyQueryMetadata ownerOf(String store, String inputKey) {
        return streams.queryMetadataForKey(store, inputKey, new StringSerializer());
    }

    /// All instances that have a part of this store, with their addresses and input partitions.
    public Collection<StreamsMetadata> instancesWith(String store) {
        return streams.streamsMetadataForStore(store);
    }

    /// The partitions of a store that this process works on, in order.
    public List<Integer> activePartitions(String store) {
        return figures.activePartitions(store);
    }

    /// Adds what operators watch: state, tasks, restores, lags, records, dead letters.
    public void collect(Metrics metrics) {
        figures.collect(metrics, restores.open());
    }

    /// Commits and leaves the group, so that whoever takes over, also this process started again,
    /// need not wait for the session to time out.
    @Override
    public void close() {
        abandoned.close();
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
        return config(name, kafkaClientConfig, stateDir, StreamsOptions.of(threads));
    }

    static Map<String, Object> config(
            String name,
            Map<String, Object> kafkaClientConfig,
            Path stateDir,
            StreamsOptions options) {
        var config = new HashMap<>(kafkaClientConfig);
        // The names that Kafka Streams gives its clients tell who is alive.
        config.remove(StreamsConfig.CLIENT_ID_CONFIG);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.threads());
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, options.standbyReplicas());
        if (options.address() != null) {
            config.put(
                    StreamsConfig.APPLICATION_SERVER_CONFIG,
                    options.address().host() + ":" + options.address().port());
        }
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
        // A thread commits between polls: one that waited longer for input would commit later.
        config.put(StreamsConfig.POLL_MS_CONFIG, COMMIT_INTERVAL_MS);
        // Only for stores that ask for a cache; each thread has its share.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, HOT_STORES_BYTES);
        config.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING_INTERVAL_MS);
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
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MS);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
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
            case REBALANCING -> abandoned.groupChanged();
            case ERROR, CREATED -> {}
        }
    }
}
