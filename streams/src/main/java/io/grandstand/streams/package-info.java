/// What every Kafka Streams service of the platform shares: its life, its wiring, dead letters,
/// store keys. Must not know what any service computes.
@NullMarked
package io.grandstand.streams;

import org.jspecify.annotations.NullMarked;
