package io.grandstand.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/// What Kafka's clients can be told.
public final class KafkaSettings {
    private static final List<ConfigDef> CLIENTS =
            List.of(
                    AdminClientConfig.configDef(),
                    ConsumerConfig.configDef(),
                    ProducerConfig.configDef());

    private static final Set<String> NAMES =
            CLIENTS.stream()
                    .flatMap(client -> client.names().stream())
                    .collect(Collectors.toUnmodifiableSet());

    private KafkaSettings() {}

    /// The settings of all clients, by Kafka's names.
    public static Set<String> names() {
        return NAMES;
    }

    /// Why Kafka refuses a value of one of its settings, in its own words; empty where it does not.
    /// A password is never refused, and never in the words.
    public static Optional<String> refusal(String name, String value) {
        for (ConfigDef client : CLIENTS) {
            ConfigDef.ConfigKey key = client.configKeys().get(name);
            if (key != null) {
                try {
                    Object parsed = ConfigDef.parseType(name, value, key.type);
                    if (key.validator != null) {
                        key.validator.ensureValid(name, parsed);
                    }
                } catch (ConfigException e) {
                    return Optional.of(String.valueOf(e.getMessage()));
                }
            }
        }
        return Optional.empty();
    }
}
