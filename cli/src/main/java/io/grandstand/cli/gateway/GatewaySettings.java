package io.grandstand.cli.gateway;

import io.grandstand.gateway.GatewayConfig;
import java.util.Map;
import java.util.OptionalInt;

/// What a stand-alone gateway runs with. Immutable.
///
/// @param gateway the gateway itself
/// @param kafka client settings of the Kafka cluster, `bootstrap.servers` among them
/// @param authentication who may connect; its `anonymous` is the gateway's
/// @param creation how internal topics that are missing are created
record GatewaySettings(
        GatewayConfig gateway,
        Map<String, Object> kafka,
        Authentication authentication,
        TopicCreation creation) {
    GatewaySettings {
        kafka = Map.copyOf(kafka);
    }

    /// Where Kafka is.
    String bootstrapServers() {
        return String.valueOf(kafka.get("bootstrap.servers"));
    }

    /// How a missing topic is created.
    ///
    /// @param enabled whether it is created at all
    /// @param replicationFactor empty for the cluster's default
    record TopicCreation(boolean enabled, int partitions, OptionalInt replicationFactor) {}
}
