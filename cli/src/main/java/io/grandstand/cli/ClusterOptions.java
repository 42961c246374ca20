package io.grandstand.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which Kafka cluster a command speaks to.
final class ClusterOptions {
    @Option(
            names = "--bootstrap-servers",
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "The Kafka cluster.")
    private String bootstrapServers = "";

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties for its clients, such as TLS and SASL.")
    private @Nullable Path kafkaConfig;

    /// What its clients are configured with.
    Map<String, Object> kafka() throws StartException {
        var kafka = new HashMap<String, Object>();
        if (kafkaConfig != null) {
            kafka.putAll(KafkaConfigFile.read(kafkaConfig));
        }
        kafka.put("bootstrap.servers", bootstrapServers);
        return kafka;
    }

    /// Tells that a command could not be written.
    static StartException notTaken(Map<String, Object> kafka, Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new StartException(
                "Kafka at %s does not take the command (%s)"
                        .formatted(kafka.get("bootstrap.servers"), cause.getMessage()),
                failure);
    }
}
