package io.grandstand.bench;

import java.util.Locale;

/// What the sizing model must know of one machine's measurements. The name in `sizing.yaml` is the
/// constant's in lower case with hyphens, its unit last.
public enum Coefficient {
    /// Gateway CPU to deliver a message that all of its clients get.
    BROADCAST_CPU_US,
    /// Gateway CPU to deliver a message that one client gets, reading it from Kafka included.
    PRIVATE_CPU_US,
    /// Gateway CPU of a publish from its arrival to its acknowledgement.
    PUBLISH_CPU_US,
    /// Resident memory a connection adds to a gateway.
    CONNECTION_RSS_BYTES,
    /// Resident memory of a gateway without connections.
    GATEWAY_RSS_BYTES,
    /// Kernel memory of the server's end of a connection.
    CONNECTION_KERNEL_BYTES,
    /// CPU of the game services for an answer, from the question's receipt to boards.
    ANSWER_GAMES_CPU_US,
    /// CPU of the brokers for an answer and all that follows from it, without replication.
    ANSWER_BROKER_CPU_US,
    /// Bytes written to all topics for an answer, changelogs included, before replication.
    ANSWER_WRITTEN_BYTES,
    /// Bytes that the game services read from Kafka for an answer.
    ANSWER_GAMES_READ_BYTES,
    /// Bytes that a gateway reads from Kafka for an answer: its receipt and its score.
    ANSWER_RESULT_BYTES,
    /// Bytes on the wire of a message to all, headers of WebSocket, TCP and IP included.
    BROADCAST_WIRE_BYTES,
    /// Bytes on the wire of a message to one player, headers included.
    PRIVATE_WIRE_BYTES,
    /// Bytes on the wire of a publish, towards the gateway, headers included.
    PUBLISH_WIRE_BYTES;

    /// The name in `sizing.yaml`.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
