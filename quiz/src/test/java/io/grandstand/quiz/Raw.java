package io.grandstand.quiz;

import org.jspecify.annotations.Nullable;

/// A record as it stands in a topic, whatever it holds.
///
/// @param receivedUs the gateway's receive time header; null for none
@SuppressWarnings("ArrayRecordComponent") // Nobody compares these.
record Raw(
        byte @Nullable [] key,
        byte @Nullable [] value,
        @Nullable String receivedUs,
        long timestamp) {}
