package io.grandstand.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What tests write to a broker and read from it, in partition 0 of a topic.
final class Records {
    private static final String TRUE = "true";

    private Records() {}

    /// Returns when all of them are acknowledged.
    static void write(String bootstrap, String topic, List<String> values) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", bootstrap,
                                "acks", "all",
                                "enable.idempotence", TRUE),
                        new StringSerializer(),
                        new StringSerializer())) {
            var acks =
                    values.stream()
                            .map(value ->
                                    producer.send(new ProducerRecord<>(topic, 0, null, value)))
                            .toList();
            for (var ack : acks) {
                ack.get();
            }
        }
    }

    static List<String> read(String bootstrap, String topic) {
        var partition = new TopicPartition(topic, 0);
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", (Object) bootstrap),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            var values = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
