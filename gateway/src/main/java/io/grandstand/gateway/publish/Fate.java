package io.grandstand.gateway.publish;

/// What a search for a lost claim's record came to.
sealed interface Fate {
    /// It is there, at this offset of the claim's partition.
    record Found(long offset) implements Fate {}

    /// It is not there.
    record Absent() implements Fate {}

    /// The partition could not be read up to where the record might be.
    record Unknown() implements Fate {}
}
