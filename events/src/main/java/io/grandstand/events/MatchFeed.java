package io.grandstand.events;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a feed needs of Kafka to conduct one match: to say things, to see that a lock is public,
/// and to read back what it said before a restart.
///
/// Every call blocks and belongs on the feed's own thread (a virtual one will do): an instance is
/// confined to the thread that uses it. Only `close` comes from elsewhere, after that thread has
/// ended. A call waits out an outage of Kafka however long it lasts; interrupting the thread ends
/// the wait with `InterruptedException`, which is how a feed is shut down.
public interface MatchFeed extends AutoCloseable {

    /// The feed of one match on a Kafka cluster.
    ///
    /// @param kafkaClientConfig how to reach the cluster, for a producer and a consumer alike:
    ///   `bootstrap.servers` and, where needed, security
    /// @param match the match's id, which is the key of all it says
    /// @param clock measures how long `awaitState` waits
    static MatchFeed onKafka(
            Map<String, Object> kafkaClientConfig, String match, InstantSource clock) {
        return new OnKafka(
                new KafkaProducer<>(OnKafka.producerConfig(kafkaClientConfig)),
                () -> new KafkaConsumer<>(OnKafka.consumerConfig(kafkaClientConfig)),
                match,
                clock);
    }

    /// The match this feed speaks for.
    String match();

    /// Says several things at once and returns when Kafka has acknowledged all of them.
    ///
    /// Things said in one topic keep their order. Across topics there is none: a crash may leave
    /// any of them unsaid.
    void sendAll(List<Message<?>> messages) throws InterruptedException;

    /// Says one thing and returns when Kafka has acknowledged it.
    default <V> void send(Topic<V> topic, V value) throws InterruptedException {
        sendAll(List.of(new Message<>(topic, value)));
    }

    /// Waits until the `question` topic shows that question in that state or beyond, as players see
    /// it: a feed publishes no ball and no outcome before the lock is public.
    ///
    /// @return whether it came within `timeout`
    boolean awaitState(String question, Question.State atLeast, Duration timeout)
            throws InterruptedException;

    /// Waits until that question's lock is public, however long that takes; warns while it does not
    /// come.
    default void awaitLock(String question) throws InterruptedException {
        var patience = Duration.ofSeconds(10);
        while (!awaitState(question, Question.State.LOCKED, patience)) {
            LoggerFactory.getLogger(MatchFeed.class)
                    .warn(
                            "Match {} waits: question {} is not locked after {} s. Is the quiz"
                                    + " service running?",
                            match(),
                            question,
                            patience.toSeconds());
        }
    }

    /// Everything that stands under this match's key in a topic now, oldest first. Records that
    /// cannot be read are left out.
    <V> List<V> history(Topic<V> topic) throws InterruptedException;

    @Override
    void close();

    /// One thing to say about the match.
    record Message<V>(Topic<V> topic, V value) {}

    /// A match's feed on Kafka. Its two consumers belong to no group: they read the partition that
    /// Kafka's own partitioner gives the match.
    final class OnKafka implements MatchFeed {
        private static final Logger LOG = LoggerFactory.getLogger(MatchFeed.class);
        private static final Duration POLL = Duration.ofMillis(100);
        private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

        private final Producer<byte[], byte[]> producer;
        private final Supplier<Consumer<byte[], byte[]>> consumers;
        private final String match;
        private final byte[] key;
        private final InstantSource clock;
        private final Map<String, Question.State> seen = new HashMap<>();
        private @Nullable Consumer<byte[], byte[]> questions;

        OnKafka(
                Producer<byte[], byte[]> producer,
                Supplier<Consumer<byte[], byte[]>> consumers,
                String match,
                InstantSource clock) {
            Check.id("match", match);
            this.producer = producer;
            this.consumers = consumers;
            this.match = match;
            this.key = Topic.key(match);
            this.clock = clock;
        }

        /// Retries until Kafka acknowledges, in order and without repeats.
        static Properties producerConfig(Map<String, Object> client) {
            var config = config(client);
            config.put(ProducerConfig.ACKS_CONFIG, "all");
            config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
            config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) Integer.MAX_VALUE);
            // A feed waits for each thing it says, so there is nothing to linger for.
            config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            config.put(
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class.getName());
            config.put(
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class.getName());
            return config;
        }

        /// Reads what is committed, from the start, without a group.
        static Properties consumerConfig(Map<String, Object> client) {
            var config = config(client);
            config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
            config.put(
                    ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                    ByteArrayDeserializer.class.getName());
            config.put(
                    ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                    ByteArrayDeserializer.class.getName());
            return config;
        }

        @Override
        public String match() {
            return match;
        }

        @Override
        public void sendAll(List<Message<?>> messages) throws InterruptedException {
            var sent = new ArrayList<Future<?>>(messages.size());
            try {
                for (Message<?> message : messages) {
                    sent.add(
                            producer.send(
                                    new ProducerRecord<>(
                                            message.topic().name(),
                                            key,
                                            Json.write(message.value()))));
                }
                for (Future<?> acknowledged : sent) {
                    acknowledged.get();
                }
            } catch (InterruptException interrupted) {
                throw cleared(interrupted);
            } catch (ExecutionException e) {
                throw new KafkaException("cannot publish for match " + match, e.getCause());
            }
        }

        @Override
        public boolean awaitState(String question, Question.State atLeast, Duration timeout)
                throws InterruptedException {
            var deadline = clock.instant().plus(timeout);
            var reader = questions;
            if (reader == null) {
                // From the beginning: the state may have been public before anyone asked for it.
                reader = openAtStart(Topics.QUESTION);
                questions = reader;
            }
            while (!reached(question, atLeast)) {
                Duration left = Duration.between(clock.instant(), deadline);
                if (left.isNegative() || left.isZero()) {
                    return false;
                }
                for (var record : poll(reader, left.compareTo(POLL) < 0 ? left : POLL)) {
                    note(record);
                }
            }
            return true;
        }

        @Override
        public <V> List<V> history(Topic<V> topic) throws InterruptedException {
            try (var reader = openAtStart(topic)) {
                var partition = reader.assignment().iterator().next();
                long end = retrying(() -> endOffset(reader, partition));
                var values = new ArrayList<V>();
                while (retrying(() -> reader.position(partition)) < end) {
                    for (var record : poll(reader, POLL)) {
                        if (record.offset() < end) {
                            add(record, topic, values);
                        }
                    }
                }
                return values;
            }
        }

        @Override
        public void close() {
            var reader = questions;
            if (reader != null) {
                reader.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_TIMEOUT));
                questions = null;
            }
            producer.close(CLOSE_TIMEOUT);
        }

        private boolean reached(String question, Question.State atLeast) {
            var state = seen.get(question);
            return state != null && state.compareTo(atLeast) >= 0;
        }

        private void note(ConsumerRecord<byte[], byte[]> record) {
            var versions = new ArrayList<Question>(1);
            add(record, Topics.QUESTION, versions);
            for (Question version : versions) {
                seen.merge(
                        version.id(),
                        version.state(),
                        (before, now) -> now.compareTo(before) > 0 ? now : before);
            }
        }

        /// Adds the record's value, if it is one of this match's and can be read.
        private <V> void add(
                ConsumerRecord<byte[], byte[]> record, Topic<V> topic, List<V> values) {
            if (record.value() == null || !Arrays.equals(record.key(), key)) {
                return;
            }
            try {
                values.add(Json.read(record.value(), topic.type()));
            } catch (InvalidRecordException e) {
                LOG.warn(
                        "[{}-{}@{}] left out of the history of match {}: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        match,
                        e.getMessage());
            }
        }

        private Consumer<byte[], byte[]> openAtStart(Topic<?> topic) throws InterruptedException {
            var reader = consumers.get();
            try {
                int partitions = retrying(() -> reader.partitionsFor(topic.name()).size());
                if (partitions == 0) {
                    throw new KafkaException("topic " + topic.name() + " does not exist");
                }
                var partition =
                        new TopicPartition(
                                topic.name(), Utils.toPositive(Utils.murmur2(key)) % partitions);
                reader.assign(List.of(partition));
                reader.seekToBeginning(List.of(partition));
            } catch (KafkaException | InterruptedException e) {
                reader.close();
                throw e;
            }
            return reader;
        }

        private static long endOffset(Consumer<byte[], byte[]> reader, TopicPartition partition) {
            return Objects.requireNonNull(reader.endOffsets(List.of(partition)).get(partition));
        }

        private static Iterable<ConsumerRecord<byte[], byte[]>> poll(
                Consumer<byte[], byte[]> reader, Duration timeout) throws InterruptedException {
            return retrying(() -> reader.poll(timeout));
        }

        /// Asks again while Kafka cannot be reached: each attempt waits for a minute by itself.
        private static <T> T retrying(Supplier<T> call) throws InterruptedException {
            while (true) {
                try {
                    return call.get();
                } catch (RetriableException e) {
                    LOG.warn("Kafka does not answer, trying again: {}", e.getMessage());
                } catch (InterruptException interrupted) {
                    throw cleared(interrupted);
                }
            }
        }

        /// Kafka sets the thread's interrupt flag again beside throwing; the exception alone is to
        /// tell of it.
        private static InterruptedException cleared(InterruptException interrupted) {
            Thread.interrupted();
            var exception = new InterruptedException("interrupted while waiting for Kafka");
            exception.initCause(interrupted);
            return exception;
        }

        private static Properties config(Map<String, Object> client) {
            var config = new Properties();
            config.putAll(client);
            return config;
        }
    }
}
