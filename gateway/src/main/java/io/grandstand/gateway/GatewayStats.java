package io.grandstand.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What a node counts of itself, for `GET /metrics`. Thread-safe.
final class GatewayStats {
    /// Connections that stand.
    final AtomicInteger connections = new AtomicInteger();

    /// Subscriptions that stand or are on their way.
    final AtomicInteger subscriptions = new AtomicInteger();

    /// Publications handed to live subscribers.
    final LongAdder delivered = new LongAdder();

    /// Publishes that Kafka acknowledged, and those it did not.
    final LongAdder published = new LongAdder();

    final LongAdder publishFailures = new LongAdder();

    /// Subscriptions whose records had to be read again, being older than the window.
    final LongAdder recoveredFromKafka = new LongAdder();

    private final LongAdder recordsRead = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final Map<Object, Integer> partitions = new ConcurrentHashMap<>();
    private final Map<Object, Integer> stalled = new ConcurrentHashMap<>();

    /// One record came from Kafka.
    void read(ConsumerRecord<?, ?> message) {
        recordsRead.increment();
        bytesRead.add(
                Math.max(0, message.serializedKeySize())
                        + Math.max(0, message.serializedValueSize()));
    }

    /// How many partitions a reader reads.
    void partitions(Object reader, int count) {
        partitions.put(reader, count);
    }

    /// How many partitions of a reader made no progress though there was more.
    void stalled(Object reader, int count) {
        stalled.put(reader, count);
    }

    /// In the Prometheus text format, version 0.0.4.
    byte[] text() {
        var out = new StringBuilder(1024);
        gauge(out, "connections", "Connections that stand.", connections.get());
        gauge(out, "subscriptions", "Subscriptions that stand.", subscriptions.get());
        gauge(out, "partitions", "Partitions being read.", sum(partitions));
        gauge(
                out,
                "stalled_partitions",
                "Partitions without progress though there is more.",
                sum(stalled));
        counter(out, "delivered", "Publications handed to live subscribers.", delivered);
        counter(out, "published", "Publishes that Kafka acknowledged.", published);
        counter(out, "publish_failures", "Publishes that it did not.", publishFailures);
        counter(
                out,
                "recovered_from_kafka",
                "Subscriptions whose records were read again.",
                recoveredFromKafka);
        counter(out, "kafka_records_read", "Records read from Kafka.", recordsRead);
        counter(out, "kafka_bytes_read", "Key and value bytes read from Kafka.", bytesRead);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static int sum(Map<Object, Integer> byReader) {
        return byReader.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void gauge(StringBuilder out, String name, String help, long value) {
        metric(out, name, "gauge", help, value);
    }

    private static void counter(StringBuilder out, String name, String help, LongAdder value) {
        metric(out, name + "_total", "counter", help, value.sum());
    }

    private static void metric(
            StringBuilder out, String name, String type, String help, long value) {
        String full = "grandstand_gateway_" + name;
        out.append("# HELP ").append(full).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(full).append(' ').append(type).append('\n');
        out.append(full).append(' ').append(value).append('\n');
    }
}
