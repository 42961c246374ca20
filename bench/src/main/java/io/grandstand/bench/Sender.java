package io.grandstand.bench;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Publication;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Where the messages of a run go in. Confined to one thread.
sealed interface Sender extends AutoCloseable {
    /// Sends a message.
    ///
    /// @param index the client it is for; -1 for all of them
    /// @param channel the channel on which clients hear it
    /// @param key of the channel within its topic
    /// @param number of the message, over all channels
    void send(int index, String channel, String key, long number, byte[] data);

    /// Hands on what was sent since the last time.
    void flush();

    @Override
    void close();

    /// Writes to the topic that a gateway serves.
    final class Kafka implements Sender {
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

        Kafka(String bootstrapServers, String topic) {
            this.topic = topic;
            var settings = new Properties();
            settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            producer =
                    new KafkaProducer<>(
                            settings, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void send(int index, String channel, String key, long number, byte[] data) {
            Exception failed = failure.get();
            if (failed != null) {
                throw new BenchException("Kafka does not take messages: " + failed, failed);
            }
            var message = new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), data);
            var _ =
                    producer.send(
                            message,
                            (_, problem) -> {
                                if (problem != null) {
                                    failure.set(problem);
                                }
                            });
        }

        /// The producer's own thread sends.
        @Override
        public void flush() {}

        @Override
        public void close() {
            producer.close(Duration.ZERO);
        }
    }

    /// Tells a reference server what to send: the very bytes that a gateway's clients get.
    final class Control implements Sender {
        private final Socket socket;
        private final OutputStream out;
        private final Codec codec;

        Control(int port, boolean protobuf) {
            codec = protobuf ? Codec.PROTOBUF : Codec.JSON;
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
            } catch (IOException e) {
                throw new BenchException("the reference server takes no orders: " + e, e);
            }
        }

        @Override
        public void send(int index, String channel, String key, long number, byte[] data) {
            var publication = new Publication(data, null, number + 1, Map.of());
            byte[] bytes =
                    codec.encode(
                            new Message.Push(channel, new Message.PublicationEvent(publication)));
            String order = index < 0 ? "A " + bytes.length : "P " + index + " " + bytes.length;
            try {
                out.write(order.getBytes(StandardCharsets.US_ASCII));
                out.write('\n');
                out.write(bytes);
            } catch (IOException e) {
                throw new BenchException("the reference server takes no orders: " + e, e);
            }
        }

        @Override
        public void flush() {
            try {
                out.flush();
            } catch (IOException e) {
                throw new BenchException("the reference server takes no orders: " + e, e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // The server ends anyway.
            }
        }
    }
}
