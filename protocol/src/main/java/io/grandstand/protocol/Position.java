package io.grandstand.protocol;

/// A place in a channel's history.
///
/// @param offset the next Kafka offset to read; 0 is the beginning
/// @param epoch names the history that the offset belongs to; empty matches any
public record Position(long offset, String epoch) {}
