package io.grandstand.gateway.publish;

/// What became of a publish.
public sealed interface Outcome {
    /// The one record of this (player, id) is in Kafka, from this call or an earlier one.
    ///
    /// @param partition the partition of the topic it was first published to
    /// @param offset Kafka's offset in that partition
    record Written(int partition, long offset) implements Outcome {}

    /// The id is empty or longer than `PublishLedger.ID_CHARS_MAX`; nothing was done.
    record InvalidId() implements Outcome {}

    /// No answer for now: the record may be written or not. The same id may be asked for again, on
    /// any node.
    record Temporary(Cause cause) implements Outcome {}

    /// Why there is no answer for now.
    enum Cause {
        /// This node takes no more: it is at one of its bounds, or closing.
        BUSY,
        /// Kafka did not take part in time. This call has written nothing; an earlier one may have.
        UNREACHABLE,
        /// This call or an earlier one may have written the record; it is not known yet.
        UNSETTLED
    }
}
