package io.grandstand.leaderboard;

import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Json;
import io.grandstand.events.Top;
import io.grandstand.events.Top.Refusal;
import io.grandstand.events.TopRequest;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.streams.Inbox;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers the requests of `gettop` that say which rows they want, beside the threads that score.
/// Instances share the requests as a consumer group.
///
/// A request is answered at most once, unless a process dies just then, and not at all when nobody
/// was there to answer it within some seconds: its asker has gone on.
final class TopResponder implements AutoCloseable {
    /// Requests of one player in a second.
    static final int REQUESTS_PER_SECOND = 20;

    /// Requests that are being answered at once; who comes beyond is refused.
    static final int ANSWERS_MAX = 64;

    /// How long askers wait.
    private static final long REQUEST_AGE_MAX_MS = 10_000;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(TopResponder.class);

    private final BoardReader reader;
    private final InstantSource clock;
    private final Consumer<String> onFailure;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Allowance allowance = new Allowance(REQUESTS_PER_SECOND);
    private final Semaphore answers = new Semaphore(ANSWERS_MAX);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("top-answer-", 0).factory());
    private final Thread thread;
    private volatile boolean isClosed;

    /// @param name names the consumer group
    /// @param onFailure told one sentence when it can go on no longer
    TopResponder(
            String name,
            Map<String, Object> kafka,
            BoardReader reader,
            InstantSource clock,
            Consumer<String> onFailure) {
        this.reader = reader;
        this.clock = clock;
        this.onFailure = onFailure;
        var consumerConfig = new HashMap<>(kafka);
        consumerConfig.put(ConsumerConfig.GROUP_ID_CONFIG, name + "-requests");
        consumerConfig.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        consumer =
                new KafkaConsumer<>(
                        consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var producerConfig = new HashMap<>(kafka);
        producerConfig.put(ProducerConfig.ACKS_CONFIG, "all");
        producerConfig.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        producer =
                new KafkaProducer<>(
                        producerConfig, new ByteArraySerializer(), new ByteArraySerializer());
        thread = Thread.ofPlatform().name(name + "-requests").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        isClosed = true;
        consumer.wakeup();
        try {
            if (thread.isAlive()) {
                thread.join(CLOSE_DEADLINE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        producer.close(CLOSE_DEADLINE);
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(Topics.GETTOP.name()));
            while (!isClosed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            }
        } catch (WakeupException closed) {
            LOG.debug("Requests are answered no more");
        } catch (KafkaException e) {
            LOG.error("Requests for boards cannot be read", e);
            onFailure.accept("Requests for boards cannot be answered any more; the log says why.");
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        long now = clock.millis();
        String asker;
        try {
            asker = Inbox.player(record.key());
        } catch (IllegalArgumentException nobody) {
            return;
        }
        if (now - record.timestamp() > REQUEST_AGE_MAX_MS) {
            return;
        }
        TopRequest request = request(record.value());
        boolean isPlain = request != null && request.kind() == null && request.request() == null;
        if (isPlain) {
            return;
        }
        switch (allowance.ask(asker, now)) {
            case GRANTED -> {
                if (request == null) {
                    refuse(asker, null, Refusals.INVALID);
                } else if (answers.tryAcquire()) {
                    threads.execute(() -> answer(asker, request));
                } else {
                    refuse(asker, request, Refusals.BUSY);
                }
            }
            case REFUSED -> refuse(asker, request, Refusals.RATE);
            case IGNORED -> {}
        }
    }

    /// A request that cannot be read is `StandingsProcessor`'s dead letter.
    private static @Nullable TopRequest request(byte @Nullable [] value) {
        try {
            return Inbox.value(value, TopRequest.class);
        } catch (InvalidRecordException | IllegalArgumentException e) {
            return null;
        }
    }

    private void answer(String asker, TopRequest request) {
        try {
            send(asker, reader.answer(asker, request));
        } catch (NotReadyException e) {
            LOG.debug("A request came too early: {}", e.getMessage());
            refuse(asker, request, Refusals.RESTORING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("A request of kind {} failed", request.wanted(), e);
            refuse(asker, request, Refusals.BUSY);
        } finally {
            answers.release();
        }
    }

    private void refuse(String asker, @Nullable TopRequest request, Refusal refusal) {
        send(
                asker,
                request == null
                        ? Top.refused("", null, null, refusal)
                        : Top.refused(request.board(), request.kind(), request.request(), refusal));
    }

    private void send(String asker, Top top) {
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    Topics.TOP.name(), Topic.key(asker), Json.write(top)));
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("An answer could not be sent", e);
        }
    }
}
