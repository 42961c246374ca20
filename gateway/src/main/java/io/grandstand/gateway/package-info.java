/// The WebSocket edge: sessions, channels mapped to topics, fan-out, recovery, publishing.
///
/// Knows bytes, topics, keys and channels; must never know the game. Everything it keeps could be
/// rebuilt from Kafka.
///
/// ```
///            event loop (one of a few)                          Kafka side
///   ┌──────────────────────────────────────────┐   attach   ┌───────────────────┐
///   │ Session ─ Subscription ─┐                │──────────> │ KafkaReader        │
///   │ Session ─ Subscription ─┴─ ChannelFeed   │ <──────────│  └ PartitionLog    │
///   │            LoopSubscriptions             │  batches   │ CatchUpReader      │
///   └──────────────────────────────────────────┘            │ Publisher          │
///      confined: no locks                                   └───────────────────┘
/// ```
@NullMarked
package io.grandstand.gateway;

import org.jspecify.annotations.NullMarked;
