package io.grandstand.quiz;

/// One answer as it counts or not: what was chosen, and when the gateway received it.
///
/// @param receivedAt ms since the epoch, by the gateway's clock
record Cast(String option, long receivedAt) {}
