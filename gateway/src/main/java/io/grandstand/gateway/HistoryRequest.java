package io.grandstand.gateway;

import io.grandstand.protocol.Publication;
import java.util.List;
import java.util.function.Consumer;

/// Somebody asks for earlier records of a channel. Immutable.
///
/// @param feed where the records are and how they are to look
/// @param from Kafka offset of the first record wanted
/// @param before position that the wanted records come before; `Long.MAX_VALUE` for the end
/// @param recordsMax most records wanted; at least 0
/// @param reverse newest first
/// @param answer gets the outcome; called on a Kafka thread
record HistoryRequest(
        ChannelFeed feed,
        long from,
        long before,
        int recordsMax,
        boolean reverse,
        Consumer<Outcome> answer) {

    /// What came of it.
    sealed interface Outcome {}

    /// The records.
    ///
    /// @param top the channel's end: the next Kafka offset to be written, or a later one
    record Found(List<Publication> publications, long top) implements Outcome {}

    /// The position asked for is older than what Kafka retains, or was never reached.
    record Unrecoverable() implements Outcome {}

    /// Kafka does not answer, or not in time; asking again may help.
    record Unavailable() implements Outcome {}
}
