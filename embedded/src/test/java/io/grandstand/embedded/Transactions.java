package io.grandstand.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/// Producers that commit one transaction after the other, each to all partitions of a topic, until
/// closed. The end of their broker is no fault.
final class Transactions implements AutoCloseable {
    private static final int PRODUCERS = 24;

    private final List<KafkaProducer<String, String>> producers;
    private final List<CompletableFuture<Void>> runs;
    private final CountDownLatch committed;

    /// Starts them.
    ///
    /// @param transactions how many `awaitCommitted` waits for
    Transactions(String bootstrap, String topic, int partitions, int transactions) {
        committed = new CountDownLatch(transactions);
        producers =
                IntStream.range(0, PRODUCERS).mapToObj(each -> producer(bootstrap, each)).toList();
        runs =
                producers.stream()
                        .map(each ->
                                CompletableFuture.runAsync(
                                        () -> run(each, topic, partitions),
                                        task -> Thread.ofPlatform().start(task)))
                        .toList();
    }

    void awaitCommitted() throws InterruptedException {
        committed.await();
    }

    @Override
    public void close() {
        producers.forEach(producer -> producer.close(Duration.ZERO));
        runs.forEach(CompletableFuture::join);
    }

    /// Ends what each of the producers had open, as it does itself when it starts again.
    static void endAll(String bootstrap) {
        for (int each = 0; each < PRODUCERS; each++) {
            try (KafkaProducer<String, String> producer = producer(bootstrap, each)) {
                producer.initTransactions();
            }
        }
    }

    /// Where a topic's partitions end, for those who read all records or committed ones alone.
    static List<Long> ends(String bootstrap, String topic, int partitions, IsolationLevel isolation)
            throws Exception {
        var latest =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var found =
                    admin.listOffsets(
                            latest.stream()
                                    .collect(
                                            Collectors.toMap(
                                                    partition -> partition,
                                                    _ -> OffsetSpec.latest())),
                            new ListOffsetsOptions(isolation));
            var ends = new ArrayList<Long>();
            for (TopicPartition partition : latest) {
                ListOffsetsResultInfo end = found.partitionResult(partition).get();
                ends.add(end.offset());
            }
            return ends;
        }
    }

    private void run(KafkaProducer<String, String> producer, String topic, int partitions) {
        try {
            producer.initTransactions();
            while (true) {
                producer.beginTransaction();
                for (int partition = 0; partition < partitions; partition++) {
                    var _ = producer.send(new ProducerRecord<>(topic, partition, null, "any"));
                }
                producer.commitTransaction();
                committed.countDown();
            }
        } catch (KafkaException | IllegalStateException closed) {
            // The broker was killed, and then the producer was closed.
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap, int number) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", "any-" + number),
                new StringSerializer(),
                new StringSerializer());
    }
}
